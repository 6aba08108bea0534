// Canceling an order or some of its tickets: they admit nobody any more and their places are free again. Admissions
// that were stay counted, and money stays where it is until it is refunded.
import { CHANGE_ITEMS_MAX, type Order } from '../../domain/orders/order.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Bar } from '../../domain/ticket-transitions.ts';
import type { OrderStore, PlaceCount, TicketWrite } from '../order-ports.ts';
import { type ChangeRequest, changeOrder, type DecidedChange } from './change-order.ts';

/** Beside the tickets: the order, the event's counter, and the message that closes outdated pages. */
const OTHER_ITEMS = 3;

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
  /** Items that the caller adds to the last step. */
  readonly moreItems?: number;
}

/**
 * The next step of canceling these tickets, as many as fit in a transaction: `isPart` while it isn't the last one. All
 * of them are looked at each time, so that a refusal comes before anything is changed.
 */
export async function decideCancel(
  { orders }: { readonly orders: OrderStore },
  { by, nowMs }: ChangeRequest,
  { order, ids, barredBy, moreItems = 0 }: ToCancel,
): Promise<Result<DecidedChange>> {
  const open = order.lines.filter((line) => line.end === undefined && ids.has(line.eventTicketId));
  const tickets = await orders.loadTickets({ ...order, lines: open });
  if (tickets.some((ticket) => isBarred(ticket, barredBy, nowMs))) return refuse('ticket_held');
  const cancelable = tickets.filter(isCancelable);
  const room = CHANGE_ITEMS_MAX - OTHER_ITEMS;
  const isLast = countFitting(cancelable, room - moreItems) === cancelable.length;
  const canceled = isLast ? cancelable : cancelable.slice(0, countFitting(cancelable, room));
  const ended = isLast ? open : canceled;
  const endedIds = new Set(ended.map(({ eventTicketId }) => eventTicketId));
  return ok({
    after: {
      lines: order.lines.map((line) =>
        endedIds.has(line.eventTicketId) ? { ...line, end: 'CANCELED' } : line,
      ),
      canceled: order.canceled,
      ledger: order.ledger,
    },
    tickets: canceled.map((before) => toCanceled(before, by, barredBy)),
    places: toFreedPlaces(canceled),
    messages: [],
    isPart: !isLast,
  });
}

/** Of the first tickets: each is two items, itself and its history, and each type has a counter. */
function countFitting(tickets: readonly Ticket[], room: number): number {
  const types = new Set<number>();
  for (const [at, { ticketTypeId }] of tickets.entries()) {
    types.add(ticketTypeId);
    if (2 * (at + 1) + types.size > room) return at;
  }
  return tickets.length;
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
