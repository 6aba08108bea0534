// TicketNetwork Mercury's lock, as its clients call Mercury (reference A2). How Mercury calls a point of sale
// isn't public; that it does so in the same form is ours, and so is the route that tells what is left.
import * as z from 'zod';
import {
  findLock,
  type LockDeps,
  lockTickets,
  unlock,
} from '../../../app/marketplaces/lock-tickets.ts';
import { type AvailabilityDeps, toAvailability } from '../../../app/marketplaces/availability.ts';
import {
  findTicketGroup,
  type TicketGroupDeps,
} from '../../../app/marketplaces/find-ticket-group.ts';
import type { Hold } from '../../../domain/marketplaces/hold.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $NumericId } from '../../schemas.ts';
import { $LockId, $TicketGroupId, MERCURY, MERCURY_PATH, toMercury } from './mercury-bodies.ts';
import { $Channel, type HoldDeps, toNumber } from './shared.ts';

const $Lock = z
  .object({
    lockRequestId: z.string(),
    quantity: z.int(),
    lockPrice: z.object({ value: z.number(), currencyCode: z.string() }),
    lockDuration: z.int().nullable().meta({ description: 'Seconds; null when the lock is read.' }),
    date: z.string(),
    _links: z.array(z.object({ rel: z.string(), href: z.string() })),
  })
  .meta({ id: 'MercuryLock' });

const toLock = (
  hold: Hold,
  channelId: string,
  more: { readonly lockDuration: number | null; readonly nowMs: number },
) => ({
  lockRequestId: hold.holdRequestId,
  quantity: hold.quantity,
  lockPrice: { value: toNumber(hold), currencyCode: hold.currency },
  lockDuration: more.lockDuration,
  date: new Date(more.nowMs).toISOString(),
  _links: [{ rel: 'self', href: `/hooks/${channelId}/mercury/v5/lock/${hold.holdRequestId}` }],
});

const lockContract = {
  ...MERCURY,
  operationId: 'mercuryLock',
  method: 'POST',
  path: `${MERCURY_PATH}/lock`,
  summary: 'Lock tickets. An overridden price is locked under another lockRequestId.',
  params: z.object($Channel),
  body: z.object({
    lockRequestId: $LockId,
    ticketGroupId: $TicketGroupId,
    quantity: z.int().min(1).max(40),
    wholesalePrice: z.number().min(0).max(1e13),
    overridePrice: z.boolean(),
  }),
  success: 201,
  response: $Lock,
  refusals: ['not_found', 'not_available', 'invalid_split', 'price_changed', 'id_reused'],
} as const satisfies Contract;

const lock = defineRoute(lockContract, async (deps: LockDeps, request) => {
  const { actor, params, body, nowMs, requestId } = request;
  const asking = toMercury(actor, nowMs);
  if (!asking.ok) return asking;
  const locked = await lockTickets(deps, {
    ...asking.value,
    channelId: params.channelId,
    requestId,
    holdRequestId: body.lockRequestId,
    ticketGroupId: body.ticketGroupId,
    quantity: body.quantity,
    price: body.wholesalePrice,
    overridePrice: body.overridePrice,
  });
  if (!locked.ok) return locked;
  const lockDuration = Math.floor((locked.value.expiresAtMs - nowMs) / 1_000);
  return ok(toLock(locked.value, params.channelId, { lockDuration, nowMs }));
});

const ONE = {
  ...MERCURY,
  path: `${MERCURY_PATH}/lock/{lockId}`,
  params: z.object({ ...$Channel, lockId: $LockId }),
} as const;

const readContract = {
  ...ONE,
  operationId: 'mercuryReadLock',
  method: 'GET',
  summary: 'Read a lock that holds.',
  success: 200,
  response: $Lock,
  refusals: ['not_found'],
} as const satisfies Contract;

const read = defineRoute(readContract, async (deps: HoldDeps, { actor, params, nowMs }) => {
  const asking = toMercury(actor, nowMs);
  if (!asking.ok) return asking;
  const found = await findLock(deps, { ...asking.value, holdRequestId: params.lockId });
  if (!found.ok) return found;
  if (found.value.status !== 'HELD') return refuse('not_found');
  return ok(toLock(found.value, params.channelId, { lockDuration: null, nowMs }));
});

const deleteContract = {
  ...ONE,
  operationId: 'mercuryUnlock',
  method: 'DELETE',
  summary: 'Release a lock; may come first, and again.',
  success: 204,
  refusals: ['not_found', 'already_invoiced'],
} as const satisfies Contract;

const remove = defineRoute(deleteContract, async (deps: HoldDeps, { actor, params, nowMs }) => {
  const asking = toMercury(actor, nowMs);
  if (!asking.ok) return asking;
  return unlock(deps, { ...asking.value, holdRequestId: params.lockId });
});

const groupContract = {
  ...MERCURY,
  operationId: 'mercuryTicketGroup',
  method: 'GET',
  path: `${MERCURY_PATH}/ticketgroups/{ticketGroupId}`,
  summary: 'Tell what is left of a listing, and at which price.',
  params: z.object({ ...$Channel, ticketGroupId: $TicketGroupId }),
  success: 200,
  response: z.object({
    ticketGroupId: $NumericId,
    availableQuantity: z.int(),
    purchasableQuantities: z.array(z.int()),
    unitPrice: z.object({
      wholesalePrice: z.object({ value: z.number(), currencyCode: z.string() }),
    }),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

const group = defineRoute(
  groupContract,
  async (deps: AvailabilityDeps & TicketGroupDeps, { actor, params, nowMs }) => {
    const asking = toMercury(actor, nowMs);
    if (!asking.ok) return asking;
    const { ticketGroupId } = params;
    const found = await findTicketGroup(deps, { ...asking.value, ticketGroupId });
    if (!found.ok) return found;
    const { number, unitPriceMinor, currency } = found.value;
    const left = await toAvailability(deps, found.value, { nowMs });
    return ok({
      ticketGroupId: number,
      availableQuantity: left.availableQuantity,
      purchasableQuantities: [...left.purchasableQuantities],
      unitPrice: {
        wholesalePrice: { value: toNumber({ unitPriceMinor, currency }), currencyCode: currency },
      },
    });
  },
);

export const mercuryRoutes = [lock, read, remove, group];
