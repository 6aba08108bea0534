// What bars an exchange, whatever it would cost. The write states the same facts.
import type { TicketType } from '../event.ts';
import type { Order, OrderLine } from '../orders/order.ts';
import { toOrderMoney } from '../orders/totals.ts';
import { type Result, ok, refuse } from '../result.ts';
import type { Ticket } from '../ticket.ts';
import type { ExchangeBar } from './exchange.ts';

export interface CheckFacts {
  readonly order: Order;
  readonly line: OrderLine;
  readonly ticket: Ticket;
  /** The type that the ticket has. */
  readonly from: TicketType;
  readonly to: TicketType;
  readonly nowMs: number;
}

const WORDS: Readonly<Record<ExchangeBar, string>> = {
  bundle: 'A bundle cannot be exchanged.',
  held: 'A marketplace holds the ticket.',
  locked: 'The ticket is offered for resale.',
  swapped: 'The ticket was resold.',
  moved: 'The ticket was sold by a marketplace and is in another order.',
  canceled: 'The ticket is canceled.',
  blocked: 'The ticket is blocked.',
};

/** Refuses `order_refunded`, `not_exchangeable` with its cause, and `same_type`. */
export function checkExchange(facts: CheckFacts): Result<undefined> {
  const { status } = toOrderMoney(facts.order);
  if (status === 'REFUNDED' || status === 'PARTIALLY_REFUNDED') return refuse('order_refunded');
  const cause = findExchangeBar(facts);
  if (cause !== undefined) return refuse('not_exchangeable', { cause, detail: WORDS[cause] });
  if (facts.from.ticketTypeId === facts.to.ticketTypeId) return refuse('same_type');
  return ok(undefined);
}

function findExchangeBar(facts: CheckFacts): ExchangeBar | undefined {
  const { order, line, ticket, from, to, nowMs } = facts;
  if (line.end === 'MOVED') return 'moved';
  if (line.end === 'SWAPPED' || ticket.standing === 'SWAPPED') return 'swapped';
  const isCanceled = order.canceled || line.end === 'CANCELED';
  if (isCanceled || ticket.standing === 'CANCELED') return 'canceled';
  if (ticket.standing === 'BLOCKED') return 'blocked';
  if ((ticket.heldUntilMs ?? 0) > nowMs) return 'held';
  if (ticket.lockedBy !== undefined) return 'locked';
  return from.kind === 'bundle' || to.kind === 'bundle' ? 'bundle' : undefined;
}
