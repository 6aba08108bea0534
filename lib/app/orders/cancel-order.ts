// Canceling an order or some of its tickets: they admit nobody any more and their places are free again. Admissions
// that were stay counted, and money stays where it is until it is refunded.
import type { Order } from '../../domain/orders/order.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Bar } from '../../domain/ticket-transitions.ts';
import type { OrderStore, PlaceCount, TicketWrite } from '../order-ports.ts';
import { type ChangeRequest, changeOrder, type DecidedChange } from './change-order.ts';

/** Tickets canceled in one transaction: each is two items, itself and its history, and may free a type of its own. */
const CANCEL_STEP = 25;

/** Repeat-safe. Refuses `ticket_held` and what `changeOrder` refuses. */
export const cancelOrder = (
  deps: { readonly orders: OrderStore },
  request: ChangeRequest,
): Promise<Result<Order>> =>
  changeOrder(deps, request, async (order) => {
    if (order.canceled) return ok(undefined);
    const open = order.lines.filter((line) => line.end === undefined);
    const ids = new Set(open.map((line) => line.eventTicketId));
    const step = await decideCancel(deps, request, { order, ids, barredBy: ['hold'] });
    if (!step.ok || step.value.isPart === true) return step;
    return ok({ ...step.value, after: { ...step.value.after, canceled: true } });
  });

interface ToCancel {
  readonly order: Order;
  readonly ids: ReadonlySet<number>;
  readonly barredBy: readonly Bar[];
}

/** The next step of canceling these tickets: `isPart` while more of them are left. */
export async function decideCancel(
  { orders }: { readonly orders: OrderStore },
  { by, nowMs }: ChangeRequest,
  { order, ids, barredBy }: ToCancel,
): Promise<Result<DecidedChange>> {
  const open = order.lines.filter((line) => line.end === undefined && ids.has(line.eventTicketId));
  const step = open.slice(0, CANCEL_STEP);
  const stepIds = new Set(step.map((line) => line.eventTicketId));
  const tickets = await orders.loadTickets({ ...order, lines: step });
  if (tickets.some((ticket) => isBarred(ticket, barredBy, nowMs))) return refuse('ticket_held');
  const canceled = tickets.filter(isCancelable);
  return ok({
    after: {
      lines: order.lines.map((line) =>
        stepIds.has(line.eventTicketId) ? { ...line, end: 'CANCELED' } : line,
      ),
      canceled: order.canceled,
      ledger: order.ledger,
    },
    tickets: canceled.map((before) => toCanceled(before, by, barredBy)),
    places: toFreedPlaces(canceled),
    messages: [],
    isPart: open.length > step.length,
  });
}

/** The write states the same. */
export const isBarred = (ticket: Ticket, barredBy: readonly Bar[], nowMs: number): boolean =>
  (barredBy.includes('hold') && (ticket.heldUntilMs ?? 0) > nowMs) ||
  (barredBy.includes('lock') && ticket.lockedBy !== undefined);

const isCancelable = ({ standing }: Ticket): boolean =>
  standing === 'ACTIVE' || standing === 'BLOCKED';

const toCanceled = (before: Ticket, by: string, barredBy: readonly Bar[]): TicketWrite => ({
  before,
  after: { ...before, standing: 'CANCELED', payment: 'SETTLED' },
  barredBy,
  history: { action: 'CANCELED', by },
});

function toFreedPlaces(tickets: readonly Ticket[]): ReadonlyMap<number, PlaceCount> {
  const places = new Map<number, PlaceCount>();
  for (const { ticketTypeId, origin } of tickets) {
    const { sold, imported } = places.get(ticketTypeId) ?? { sold: 0, imported: 0 };
    const isImported = origin === 'IMPORTED';
    places.set(ticketTypeId, {
      sold: sold - (isImported ? 0 : 1),
      imported: imported - (isImported ? 1 : 0),
    });
  }
  return places;
}
