// Canceling one ticket: a change of its order, because the order's money has to know. The place is free again, the
// barcode is retired for good, and what was paid stays where it is until it is refunded.
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { decideCancel } from '../orders/cancel-order.ts';
import { changeOrder } from '../orders/change-order.ts';
import type { OrderStore } from '../order-ports.ts';
import type { TicketStore } from '../ticket-ports.ts';

export interface CancelTicketDeps {
  readonly tickets: Pick<TicketStore, 'find'>;
  readonly orders: OrderStore;
}

/** Repeat-safe. Refuses `not_found`, `not_cancelable`, `ticket_held`, `limit_reached` and `unavailable`. */
export async function cancelTicket(
  deps: CancelTicketDeps,
  input: {
    readonly organizationId: string;
    readonly eventTicketId: number;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<Result<Ticket>> {
  const { organizationId, eventTicketId, by, nowMs } = input;
  const ticket = await deps.tickets.find(organizationId, eventTicketId);
  if (ticket === undefined) return refuse('not_found');
  const { standing, orderId = eventTicketId } = ticket;
  if (standing === 'CANCELED') return ok(ticket);
  if (standing === 'SWAPPED') return toRefusal(ticket);
  const once = { ifMatch: undefined, requestKey: undefined };
  const request = { organizationId, orderId, by, nowMs, ...once };
  const changed = await changeOrder(deps, request, async (order) => {
    const line = order.lines.find((each) => each.eventTicketId === eventTicketId);
    if (line === undefined || line.end !== undefined) return ok(undefined);
    const ids = new Set([eventTicketId]);
    return decideCancel(deps, request, { order, ids, barredBy: ['hold'] });
  });
  if (!changed.ok) return changed;
  const now = await deps.tickets.find(organizationId, eventTicketId);
  if (now === undefined) return refuse('not_found');
  return now.standing === 'CANCELED' ? ok(now) : toRefusal(now);
}

const toRefusal = ({ standing }: Ticket) =>
  refuse('not_cancelable', { detail: `The ticket is ${standing}.` });
