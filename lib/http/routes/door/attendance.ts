// What the organizer sees of the door: GET /v1/events/{eventId}/attendance and /scans.
import * as z from 'zod';
import type {
  AttendanceStore,
  LoggedScan,
  ScanLogStore,
} from '../../../app/door/attendance-ports.ts';
import type { EventStore } from '../../../app/event-ports.ts';
import type { Attendance, PassCounts, TypeCounts } from '../../../domain/attendance.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { SCAN_REASONS } from '../../../domain/scan.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $PageQuery } from '../../schemas.ts';

interface Deps {
  readonly events: Pick<EventStore, 'find'>;
  readonly attendance: Pick<AttendanceStore, 'load'>;
  readonly scanLog: Pick<ScanLogStore, 'list'>;
}
const SHARED = { family: 'door', scope: 'organizer', method: 'GET' } as const;
const params = z.strictObject({ eventId: $ClientId });
const MINUTE_MS = 60_000;

const $PassCounts = z.object({ admitted: z.int(), entries: z.int(), exits: z.int() });
const $TypeCounts = z.object({ inside: z.int(), admitted: z.int(), entries: z.int() });

const attendanceContract = {
  ...SHARED,
  operationId: 'getAttendance',
  path: '/v1/events/{eventId}/attendance',
  summary:
    'Who is inside and who was: tickets inside, tickets admitted, all entries and exits, and what was refused. Seconds late.',
  params,
  success: 200,
  response: z.object({
    inside: z.int(),
    admitted: z.int(),
    entries: z.int(),
    exits: z.int(),
    refused: z.int(),
    byType: z.array($TypeCounts.extend({ ticketTypeId: z.int() })),
    byGate: z.array($PassCounts.extend({ gateId: z.string() })),
    byMinute: z.array($PassCounts.extend({ at: z.string() })),
    refusals: z.record(z.string(), z.int()).meta({
      description: 'By reason; OFFLINE are those of scanners that were offline.',
    }),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

export const getAttendance = defineRoute(
  attendanceContract,
  async (deps: Deps, { actor, params: path }) => {
    const ids = { organizationId: actor.organizationId, eventId: path.eventId };
    const found = await deps.events.find(ids.organizationId, ids.eventId);
    if (found === undefined) return refuse('not_found');
    return ok(toAttendanceBody(await deps.attendance.load(ids)));
  },
);

function toAttendanceBody({ types, gates, minutes, refusals }: Attendance) {
  const sum = (field: keyof TypeCounts): number =>
    types.values().reduce((total, counts) => total + counts[field], 0);
  return {
    inside: sum('inside'),
    admitted: sum('admitted'),
    entries: sum('entries'),
    exits: minutes.values().reduce((total, { exits }) => total + exits, 0),
    refused: refusals.values().reduce((total, count) => total + count, 0),
    byType: [...types]
      .filter(([, counts]) => isSomething(counts))
      .map(([ticketTypeId, counts]) => ({ ticketTypeId, ...counts }))
      .toSorted((a, b) => a.ticketTypeId - b.ticketTypeId),
    byGate: [...gates]
      .filter(([, counts]) => isSomething(counts))
      .map(([gateId, counts]) => ({ gateId, ...counts }))
      .toSorted((a, b) => (a.gateId < b.gateId ? -1 : 1)),
    byMinute: [...minutes]
      .filter(([, counts]) => isSomething(counts))
      .toSorted(([a], [b]) => a - b)
      .map(([minute, counts]) => ({ at: new Date(minute * MINUTE_MS).toISOString(), ...counts })),
    refusals: Object.fromEntries(refusals),
  };
}

/** What was annulled leaves zeros behind. */
const isSomething = (counts: TypeCounts | PassCounts): boolean =>
  Object.values(counts).some((count) => count !== 0);

/** Time, device and scan. */
const POSITION = /^[0-9]{13}#[\w-]{1,40}#\S{1,80}$/;

const logContract = {
  ...SHARED,
  operationId: 'listScans',
  path: '/v1/events/{eventId}/scans',
  summary: 'The log of the door, refusals included, newest first. Seconds late.',
  params,
  query: $PageQuery,
  success: 200,
  response: z.object({
    items: z.array(
      z
        .object({
          at: z.string(),
          deviceId: z.string(),
          gateId: z.string().exactOptional(),
          direction: z.enum(['entry', 'exit']),
          outcome: z.enum(['ADMITTED', 'EXITED', 'ANNULLED', 'ADMITTED_OFFLINE_CLASH', 'REFUSED']),
          reason: z.enum(SCAN_REASONS).exactOptional(),
          offline: z.boolean(),
          scanId: z
            .string()
            .exactOptional()
            .meta({ description: 'Of scans that let nobody pass; a ticket keeps none.' }),
          eventTicketId: z.int().exactOptional(),
          ticketTypeId: z.int().exactOptional(),
        })
        .meta({ id: 'LoggedScan' }),
    ),
    nextCursor: z.string().optional(),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

export const listScans = defineRoute(
  logContract,
  async (deps: Deps, { actor, params: path, query }) => {
    const page = parsePage(query, POSITION);
    if (!page.ok) return page;
    const ids = { organizationId: actor.organizationId, eventId: path.eventId };
    const found = await deps.events.find(ids.organizationId, ids.eventId);
    if (found === undefined) return refuse('not_found');
    return ok(toPageBody(await deps.scanLog.list(ids, page.value), toLineBody));
  },
);

const toLineBody = ({ atMs, isOffline, ...line }: LoggedScan) => ({
  ...line,
  at: new Date(atMs).toISOString(),
  offline: isOffline,
});
