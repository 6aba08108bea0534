// What an order costs, what was paid and what is due, and its status: all of it follows from lines and ledger.
import { sum } from '../money.ts';
import type { Payment } from '../ticket.ts';
import { isGivingBack, sumByTicket, toHoldings, toTransactions } from './ledger.ts';
import type { LedgerEntry, Order, OrderLine, OrderStatus } from './order.ts';

/** A ticket's own money, without card fees. */
export interface LineMoney {
  /** What the ticket costs: S, less what was refunded outside exchanges; of an ended line what was paid and kept. */
  readonly costMinor: number;
  /** Payments − refunds + waivers: with it an exchange computes what is due or goes back. */
  readonly netPaidMinor: number;
  /** Payments − refunds. */
  readonly heldMinor: number;
  readonly dueMinor: number;
  /** As the door has to know it. */
  readonly payment: Payment;
}

export interface OrderMoney {
  readonly totalMinor: number;
  readonly paidMinor: number;
  /** total − paid; never negative. */
  readonly balanceMinor: number;
  /** Card fees paid and not given back; in none of the others. */
  readonly cardFeesMinor: number;
  readonly status: OrderStatus;
  readonly lines: ReadonlyMap<number, LineMoney>;
}

export function toOrderMoney(order: Order): OrderMoney {
  const transactions = toTransactions(order);
  const paid = sumByTicket(transactions.filter(({ kind }) => kind === 'PAYMENT'));
  const waived = sumByTicket(transactions.filter(({ kind }) => kind === 'WAIVER'));
  const givenBack = sumByTicket(transactions.filter(isGivingBack));
  const credited = sumByTicket(transactions.filter(isRefundByHost));
  const lines = new Map(
    order.lines.map((line) => {
      const of = (amounts: ReadonlyMap<number, number>): number =>
        amounts.get(line.eventTicketId) ?? 0;
      const heldMinor = of(paid) - of(givenBack);
      const money = { heldMinor, waivedMinor: of(waived), creditedMinor: of(credited) };
      return [line.eventTicketId, toLineMoney(line, money)] as const;
    }),
  );
  const totalMinor = sum([...lines.values()].map(({ costMinor }) => costMinor));
  const balanceMinor = sum([...lines.values()].map(({ dueMinor }) => dueMinor));
  const paidMinor = totalMinor - balanceMinor;
  const holdings = toHoldings(transactions);
  return {
    totalMinor,
    paidMinor,
    balanceMinor,
    cardFeesMinor: sum(holdings.map(({ cardFeeMinor }) => cardFeeMinor)),
    status: toStatus(order, {
      paidMinor,
      balanceMinor,
      isRefunded: transactions.some(isRefundByHost),
      heldMinor: sum(holdings.map(({ heldMinor }) => heldMinor)),
    }),
    lines,
  };
}

/** Something was paid for the ticket, and outside exchanges all of it was given back. */
export function isRefundedInFull(order: Order, eventTicketId: number): boolean {
  const { heldMinor = 0 } = toOrderMoney(order).lines.get(eventTicketId) ?? {};
  const refunded = sumByTicket(toTransactions(order).filter(isRefundByHost));
  return heldMinor === 0 && (refunded.get(eventTicketId) ?? 0) > 0;
}

/** Outside an exchange, and not of what was paid too much. */
const isRefundByHost = (entry: LedgerEntry): boolean =>
  isGivingBack(entry) && entry.cause === 'refund';

function toLineMoney(
  line: OrderLine,
  money: {
    readonly heldMinor: number;
    readonly waivedMinor: number;
    readonly creditedMinor: number;
  },
): LineMoney {
  const { heldMinor } = money;
  const netPaidMinor = heldMinor + money.waivedMinor;
  // A refund without an exchange is a discount: what went back isn't owed again.
  const costMinor =
    line.end === undefined ? Math.max(line.subtotalMinor - money.creditedMinor, 0) : heldMinor;
  const dueMinor = Math.max(0, costMinor - netPaidMinor);
  const payment = dueMinor === 0 ? 'SETTLED' : netPaidMinor === 0 ? 'NOTHING' : 'PARTLY';
  return { costMinor, netPaidMinor, heldMinor, dueMinor, payment };
}

interface StatusFacts {
  readonly paidMinor: number;
  readonly balanceMinor: number;
  readonly isRefunded: boolean;
  /** Money that was not given back, waivers apart. */
  readonly heldMinor: number;
}

function toStatus(order: Order, facts: StatusFacts): OrderStatus {
  if (order.canceled) return 'CANCELED';
  if (order.complimentary) return 'COMPLIMENTARY';
  if (facts.isRefunded) return facts.heldMinor === 0 ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (order.lines.every(({ end }) => end === 'CANCELED')) return 'CANCELED';
  if (facts.balanceMinor === 0) return 'PAID';
  return facts.paidMinor === 0 ? 'UNPAID' : 'PARTIALLY_PAID';
}
