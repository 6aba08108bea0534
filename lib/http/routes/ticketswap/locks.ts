// POST and DELETE /ticketswap/lock/{eventTicketId}: the ticket is listed at TicketSwap, or is no longer.
import * as z from 'zod';
import { type LockDeps, lockTicket, unlockTicket } from '../../../app/swaps/lock-ticket.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $NumericId, $NumericIdText } from '../../schemas.ts';
import { TICKETSWAP } from './bodies.ts';

const SHARED = {
  ...TICKETSWAP,
  path: '/ticketswap/lock/{eventTicketId}',
  params: z.strictObject({ eventTicketId: $NumericIdText }),
  errors: { field: 'error_code', notFound: 'TICKET_NOT_FOUND' },
} as const;
/** Whose lock it is. */
const lockedBy = TICKETSWAP.marketplace;

const lockContract = {
  ...SHARED,
  operationId: 'ticketswapLock',
  method: 'POST',
  summary: 'Lock a ticket that is for sale: no refund, exchange, reissue, hold or sale meanwhile.',
  success: 201,
  response: z.object({ id: $NumericId, locked: z.boolean() }),
  refusals: ['not_found', 'ticket_not_lockable'],
} as const satisfies Contract;

const lock = defineRoute(lockContract, async (deps: LockDeps, { actor, params, nowMs }) => {
  const { organizationId } = actor;
  const locked = await lockTicket(deps, { organizationId, ...params, lockedBy, nowMs });
  return locked.ok ? ok({ id: locked.value.eventTicketId, locked: true }) : locked;
});

const unlockContract = {
  ...SHARED,
  operationId: 'ticketswapUnlock',
  method: 'DELETE',
  summary: 'Unlock a ticket that is no longer for sale.',
  success: 204,
  refusals: ['not_found'],
} as const satisfies Contract;

const unlock = defineRoute(unlockContract, (deps: LockDeps, { actor, params, nowMs }) => {
  const { organizationId } = actor;
  return unlockTicket(deps, { organizationId, ...params, lockedBy, nowMs });
});

export const lockRoutes = [lock, unlock];
