// GET /v1/events/{eventId}/scan-pack: what a scanner needs offline.
import * as z from 'zod';
import {
  type PackDeps,
  readScanPack,
  type ScanPackPage,
} from '../../../app/door/read-scan-pack.ts';
import { REENTRY_POLICIES } from '../../../domain/event.ts';
import { ok } from '../../../domain/result.ts';
import { type PackEntry, TOMBSTONES } from '../../../app/door/pack-entry.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';

const CURSOR_CHARACTERS_MAX = 200;

const $Entry = z
  .object({
    hash: z.string(),
    tombstone: z.enum(TOMBSTONES).exactOptional().meta({
      description: 'Refuse it with this reason; REMOVED: forget it. Nothing else is told.',
    }),
    ticketTypeId: z.int().exactOptional(),
    admissions: z.int().exactOptional(),
    inside: z.boolean().exactOptional(),
    reentryGranted: z.literal(true).exactOptional(),
    payment: z.enum(['PARTLY', 'NOTHING']).exactOptional(),
    heldUntil: z.string().exactOptional(),
    lastAdmission: z
      .object({ at: z.string(), deviceId: z.string(), gateId: z.string().exactOptional() })
      .exactOptional(),
    sealed: z.string().exactOptional().meta({
      description:
        'Nonce (12 bytes), AES-256-GCM text and tag: JSON with eventTicketId, holderName, section, row, seat.',
    }),
  })
  .meta({ id: 'PackEntry' });

const contract = {
  operationId: 'readScanPack',
  method: 'GET',
  path: '/v1/events/{eventId}/scan-pack',
  family: 'door',
  scope: 'device',
  summary:
    'What a scanner needs offline: all tickets page by page, then with the last cursor what changed since.',
  params: z.strictObject({ eventId: $ClientId }),
  query: z.strictObject({ since: z.string().min(1).max(CURSOR_CHARACTERS_MAX).optional() }),
  success: 200,
  response: z.object({
    reset: z.boolean().meta({ description: 'Throw away what you have: a fresh pack begins here.' }),
    items: z.array($Entry),
    nextCursor: z.string().meta({ description: 'To be sent as `since`.' }),
    complete: z.boolean().meta({ description: 'Nothing more for now.' }),
    hashing: z.object({ salt: z.string(), rounds: z.array(z.int()) }).meta({
      description:
        'root = PBKDF2-SHA256(barcode, salt, rounds, 32 bytes); hash and key of a ticket are HKDF-SHA256(root, no salt, "swapgate pack hash" 16 bytes, "swapgate pack seal" 32 bytes). Rounds are to be tried in this order.',
    }),
    settings: z.object({
      endsAt: z.string(),
      reentry: z.enum(REENTRY_POLICIES),
      gates: z.array(
        z.object({
          gateId: z.string(),
          ticketTypeIds: z.array(z.int()).exactOptional(),
          from: z.string().exactOptional(),
          until: z.string().exactOptional(),
        }),
      ),
      ticketTypes: z.array(z.object({ ticketTypeId: z.int(), name: z.string() })),
    }),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

export const getScanPack = defineRoute(
  contract,
  async (deps: PackDeps, { actor, params, query, nowMs }) => {
    const page = await readScanPack(deps, { actor, ...params, since: query.since, nowMs });
    return page.ok ? ok(toBody(page.value)) : page;
  },
);

const toIso = (atMs: number): string => new Date(atMs).toISOString();

const toBody = ({ settings, ...page }: ScanPackPage) => ({
  reset: page.isFresh,
  items: page.entries.map(toEntryBody),
  nextCursor: page.cursor,
  complete: page.isComplete,
  hashing: { salt: page.salt, rounds: page.rounds },
  settings: {
    endsAt: toIso(settings.endsAtMs),
    reentry: settings.reentry,
    gates: [...settings.gates].map(([gateId, { ticketTypeIds, fromMs, untilMs }]) => ({
      gateId,
      ...(ticketTypeIds === undefined ? {} : { ticketTypeIds }),
      ...(fromMs === undefined ? {} : { from: toIso(fromMs) }),
      ...(untilMs === undefined ? {} : { until: toIso(untilMs) }),
    })),
    ticketTypes: [...settings.typeNames].map(([ticketTypeId, name]) => ({ ticketTypeId, name })),
  },
});

function toEntryBody(entry: PackEntry) {
  if ('tombstone' in entry) return entry;
  const { heldUntilMs, lastAdmission, ...rest } = entry;
  const { atMs = 0, ...by } = lastAdmission ?? { deviceId: '' };
  return {
    ...rest,
    ...(heldUntilMs === undefined ? {} : { heldUntil: toIso(heldUntilMs) }),
    ...(lastAdmission === undefined ? {} : { lastAdmission: { at: toIso(atMs), ...by } }),
  };
}
