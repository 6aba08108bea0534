// GET /v1/events/{eventId}/clashes: who was let in, offline or before the news of a swap, and should not have been.
import * as z from 'zod';
import type { Clash, ClashStore } from '../../../app/door/ports.ts';
import type { EventStore } from '../../../app/event-ports.ts';
import { toPreviousScan } from '../../../app/scan-answer.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { SCAN_REASONS } from '../../../domain/scan.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $PageQuery } from '../../schemas.ts';

interface Deps {
  readonly events: Pick<EventStore, 'find'>;
  readonly clashes: Pick<ClashStore, 'list'>;
}

/** Time of the report and the clash's id. */
const POSITION = /^[0-9]{13}#[\w-]{11}$/;

const $Scan = z.object({
  at: z.string(),
  deviceId: z.string(),
  gateId: z.string().exactOptional(),
});

const contract = {
  operationId: 'listClashes',
  method: 'GET',
  path: '/v1/events/{eventId}/clashes',
  family: 'door',
  scope: 'organizer',
  summary:
    'List who was let in and should not have been, offline or before the news of a swap elsewhere, newest report first: one entry for each such scan, however often it was synced. `state=withdrawn` lists what was explained since by an exit that synced later, or annulled.',
  params: z.strictObject({ eventId: $ClientId }),
  query: z.strictObject({
    ...$PageQuery.shape,
    state: z.enum(['open', 'withdrawn']).default('open'),
  }),
  success: 200,
  response: z.object({
    items: z.array(
      z
        .object({
          clashId: z.string(),
          reason: z.enum(SCAN_REASONS),
          ...$Scan.shape,
          scanId: z
            .string()
            .exactOptional()
            .meta({ description: 'Absent for a scan before the news of a swap elsewhere.' }),
          eventTicketId: z.int().exactOptional(),
          ticketTypeId: z.int().exactOptional(),
          clash: $Scan
            .exactOptional()
            .meta({ description: 'The other admission of the ticket; the earlier one was right.' }),
          reportedAt: z.string(),
          withdrawnAt: z.string().exactOptional(),
        })
        .meta({ id: 'Clash' }),
    ),
    nextCursor: z.string().optional(),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

export const listClashes = defineRoute(contract, async (deps: Deps, { actor, params, query }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const ids = { organizationId: actor.organizationId, eventId: params.eventId };
  const found = await deps.events.find(ids.organizationId, ids.eventId);
  if (found === undefined) return refuse('not_found');
  return ok(toPageBody(await deps.clashes.list(ids, query.state, page.value), toBody));
});

const toBody = ({ scan, other, reportedAtMs, withdrawnAtMs, ...clash }: Clash) => ({
  ...clash,
  ...toPreviousScan(scan),
  ...(other === undefined ? {} : { clash: toPreviousScan(other) }),
  reportedAt: new Date(reportedAtMs).toISOString(),
  ...(withdrawnAtMs === undefined ? {} : { withdrawnAt: new Date(withdrawnAtMs).toISOString() }),
});
