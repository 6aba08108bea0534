// A ticket that is for sale at TicketSwap is locked: it can't be refunded, exchanged, reissued, held or sold elsewhere
// meanwhile. A lock bars neither a validation nor the swap itself.
import { isLockable, toResaleCode } from '../../domain/swaps/resale.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { TicketStore } from '../ticket-ports.ts';
import { type ResaleDeps, toView } from './load-resale.ts';

export interface LockDeps extends ResaleDeps {
  readonly tickets: Pick<TicketStore, 'find'>;
}

export interface LockRequest {
  readonly organizationId: string;
  readonly eventTicketId: number;
  readonly lockedBy: string;
  readonly nowMs: number;
}

/** Each further try follows another writer's change of this very ticket. */
const TRIES_MAX = 20;

/** Repeat-safe. Refuses `not_found`, `ticket_not_lockable` with the reason, `unavailable`. */
export async function lockTicket(deps: LockDeps, request: LockRequest): Promise<Result<Ticket>> {
  const { organizationId, eventTicketId, lockedBy, nowMs } = request;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const ticket = await deps.tickets.find(organizationId, eventTicketId);
    const view = ticket && (await toView(deps, ticket, nowMs));
    if (ticket === undefined || view === undefined) return refuse('not_found');
    if (ticket.lockedBy === lockedBy) return ok(ticket);
    const { resale } = view;
    if (!isLockable(resale) || ticket.lockedBy !== undefined) {
      const code = resale.bar === undefined ? 'resell_not_allowed' : toResaleCode(resale.bar);
      return refuse('ticket_not_lockable', { facts: { reason: code.toUpperCase() } });
    }
    if (await deps.swaps.lock(ticket, { lockedBy, nowMs })) return ok({ ...ticket, lockedBy });
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

/** Repeat-safe. Refuses `not_found`. */
export async function unlockTicket(
  deps: LockDeps,
  { organizationId, eventTicketId, lockedBy }: LockRequest,
): Promise<Result<undefined>> {
  const ticket = await deps.tickets.find(organizationId, eventTicketId);
  if (ticket === undefined) return refuse('not_found');
  if (ticket.lockedBy === lockedBy) await deps.swaps.unlock(ticket, lockedBy);
  return ok(undefined);
}
