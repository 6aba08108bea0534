// What the organizer sees of holds: GET /v1/holds, DELETE /v1/holds/{holdId}.
import * as z from 'zod';
import { removeHold } from '../../../app/marketplaces/loose-holds.ts';
import type { HoldStore } from '../../../app/marketplace-ports.ts';
import { HOLD_STATUSES, toHoldStatus } from '../../../domain/marketplaces/hold.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $PageQuery } from '../../schemas.ts';
import { $Hold, toHoldBody } from './bodies.ts';

interface Deps {
  readonly holds: HoldStore;
}

const SHARED = { family: 'marketplaces', scope: 'organizer' } as const;
const PAGE = $PageQuery.shape;

const holdsContract = {
  ...SHARED,
  operationId: 'listHolds',
  method: 'GET',
  path: '/v1/holds',
  summary: 'List holds, oldest first.',
  query: z.strictObject({
    ...PAGE,
    status: z.enum(HOLD_STATUSES).optional(),
    listingId: z.optional($ClientId),
  }),
  success: 200,
  response: z.object({ items: z.array($Hold), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const HOLD_POSITION = /^hld_[0-9A-Z]{26}$/;

const listHolds = defineRoute(holdsContract, async ({ holds }: Deps, { actor, query, nowMs }) => {
  const page = parsePage(query, HOLD_POSITION);
  if (!page.ok) return page;
  const { status, listingId } = query;
  const { organizationId } = actor;
  const found = await holds.list({ organizationId, status, listingId }, page.value);
  const items = found.items
    .map((hold) => ({ ...hold, status: toHoldStatus(hold, nowMs) }))
    // Over, and not yet told so by the minute's sweep.
    .filter((hold) => status === undefined || hold.status === status);
  return ok(toPageBody({ ...found, items }, toHoldBody));
});

const deleteContract = {
  ...SHARED,
  operationId: 'removeHold',
  method: 'DELETE',
  path: '/v1/holds/{holdId}',
  summary: 'Remove a hold that binds nobody; a binding one is the marketplace’s to release.',
  params: z.strictObject({ holdId: $ClientId }),
  query: z.strictObject({
    acceptPenalty: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: 'Needed where the marketplace takes a penalty for it.' }),
  }),
  success: 204,
  refusals: ['not_found', 'hold_binding', 'penalty_applies', 'already_invoiced'],
} as const satisfies Contract;

const remove = defineRoute(deleteContract, async (deps: Deps, request) => {
  const { actor, params, query, nowMs } = request;
  const { organizationId } = actor;
  const acceptsPenalty = query.acceptPenalty === 'true';
  return removeHold(deps, { organizationId, ...params, acceptsPenalty, nowMs });
});

export const hostRoutes = [listHolds, remove];
