// Each row of section 7's table for a ticket that was paid, unpaid, partly paid or waived; every figure calculated by
// hand: S = P + 1.50 + round(P × 3.5 %).
import { describe, expect, it } from 'vitest';
import { decideExchange } from '../../../lib/domain/exchanges/decide-exchange.ts';
import type { ExchangePlan } from '../../../lib/domain/exchanges/exchange.ts';
import type { Order } from '../../../lib/domain/orders/order.ts';
import { anOrder, GOLDEN, paid, toFacts } from '../../support/exchange-facts.ts';

type Facts = Parameters<typeof toFacts>;
function exchange(...facts: Facts): ExchangePlan {
  const decided = decideExchange(toFacts(...facts));
  if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  return decided.value;
}

const entriesOf = ({ entries }: ExchangePlan) =>
  entries.map(({ kind, amountMinor, cardFeeMinor }) => [kind, amountMinor, cardFeeMinor]);
const sumsOf = ({ money: { after } }: ExchangePlan) => [
  after.totalMinor,
  after.paidMinor,
  after.balanceMinor,
  after.cardFeesMinor,
  after.status,
];

/** 10.00 costs 11.85, 20.00 costs 22.20, 5.00 costs 6.68. */
const TEN = 1185;
const waived = (order: Order): Order =>
  paid(order, { more: { kind: 'WAIVER', paymentType: 'ADJUST' } });
const complimentary = (order: Order): Order => ({ ...order, complimentary: true });
const TABLE: readonly {
  readonly row: string;
  readonly order: Order;
  readonly to: number;
  readonly is: ExchangePlan['exchangeCase'];
  readonly entries: readonly unknown[];
  /** Total, paid, balance, card fees, status. */
  readonly sums: readonly unknown[];
  readonly mails: readonly string[];
}[] = [
  {
    row: 'free → free',
    order: anOrder([0]),
    to: 0,
    is: 'FREE_TO_FREE',
    entries: [],
    sums: [0, 0, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'free → paid: all of it is due',
    order: anOrder([0]),
    to: 1e3,
    is: 'FREE_TO_PAID',
    entries: [],
    sums: [TEN, 0, TEN, 0, 'UNPAID'],
    mails: ['ORDER_CONFIRMATION', 'PAYMENT_LINK'],
  },
  {
    row: 'paid → free, paid by card: everything goes back, its fee too',
    order: paid(anOrder([1e3]), { card: GOLDEN }),
    to: 0,
    is: 'PAID_TO_FREE',
    entries: [['REFUND', 1251, 66]],
    sums: [0, 0, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION', 'REFUND'],
  },
  {
    row: 'paid → free, unpaid: nothing goes back',
    order: anOrder([1e3]),
    to: 0,
    is: 'PAID_TO_FREE',
    entries: [],
    sums: [0, 0, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'paid → free, partly paid: what was paid goes back',
    order: paid(anOrder([1e3]), { partMinor: 500 }),
    to: 0,
    is: 'PAID_TO_FREE',
    entries: [['REFUND', 500, 0]],
    sums: [0, 0, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION', 'REFUND'],
  },
  {
    row: 'the same price',
    order: paid(anOrder([1e3])),
    to: 1e3,
    is: 'SAME_PRICE',
    entries: [],
    sums: [TEN, TEN, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'the same price, unpaid: as much is due as before',
    order: anOrder([1e3]),
    to: 1e3,
    is: 'SAME_PRICE',
    entries: [],
    sums: [TEN, 0, TEN, 0, 'UNPAID'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'higher, paid: the difference is due',
    order: paid(anOrder([1e3])),
    to: 2e3,
    is: 'HIGHER_PRICE',
    entries: [],
    sums: [2220, TEN, 1035, 0, 'PARTIALLY_PAID'],
    mails: ['ORDER_CONFIRMATION', 'PAYMENT_LINK'],
  },
  {
    row: 'higher, unpaid: all of it is due',
    order: anOrder([1e3]),
    to: 2e3,
    is: 'HIGHER_PRICE',
    entries: [],
    sums: [2220, 0, 2220, 0, 'UNPAID'],
    mails: ['ORDER_CONFIRMATION', 'PAYMENT_LINK'],
  },
  {
    row: 'higher, partly paid: the rest is due',
    order: paid(anOrder([1e3]), { partMinor: 500 }),
    to: 2e3,
    is: 'HIGHER_PRICE',
    entries: [],
    sums: [2220, 500, 1720, 0, 'PARTIALLY_PAID'],
    mails: ['ORDER_CONFIRMATION', 'PAYMENT_LINK'],
  },
  {
    row: 'lower, paid in cash: the difference goes back',
    order: paid(anOrder([1e3])),
    to: 500,
    is: 'LOWER_PRICE',
    entries: [['REFUND', 517, 0]],
    sums: [668, 668, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION', 'REFUND'],
  },
  {
    row: 'lower, unpaid: marked as paid by a waiver',
    order: anOrder([1e3]),
    to: 500,
    is: 'LOWER_PRICE',
    entries: [['WAIVER', 668, 0]],
    sums: [668, 668, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'lower, partly paid above the new price: what is too much goes back',
    order: paid(anOrder([1e3]), { partMinor: 800 }),
    to: 500,
    is: 'LOWER_PRICE',
    entries: [['REFUND', 132, 0]],
    sums: [668, 668, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION', 'REFUND'],
  },
  {
    row: 'lower, partly paid below the new price: the rest stays due',
    order: paid(anOrder([1e3]), { partMinor: 500 }),
    to: 500,
    is: 'LOWER_PRICE',
    entries: [],
    sums: [668, 500, 168, 0, 'PARTIALLY_PAID'],
    mails: ['ORDER_CONFIRMATION', 'PAYMENT_LINK'],
  },
  {
    row: 'complimentary: the price stays 0 whatever the type costs',
    order: complimentary(anOrder([0])),
    to: 2e3,
    is: 'COMPLIMENTARY',
    entries: [],
    sums: [0, 0, 0, 0, 'COMPLIMENTARY'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'lower, waived: a waiver was never money, nothing goes back',
    order: waived(anOrder([1e3])),
    to: 500,
    is: 'LOWER_PRICE',
    entries: [],
    sums: [668, 668, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION'],
  },
  {
    row: 'lower, partly waived: at most the money goes back',
    order: waived(paid(anOrder([1e3]), { partMinor: 400 })),
    to: 500,
    is: 'LOWER_PRICE',
    entries: [['REFUND', 400, 0]],
    sums: [668, 668, 0, 0, 'PAID'],
    mails: ['ORDER_CONFIRMATION', 'REFUND'],
  },
];

describe('each row of the table', () => {
  it.each(TABLE)('$row', ({ order, to, is, entries, sums, mails }) => {
    const plan = exchange(order, to);
    expect(plan.exchangeCase).toBe(is);
    expect(entriesOf(plan)).toEqual(entries);
    expect(sumsOf(plan)).toEqual(sums);
    expect(plan.mails).toEqual(mails);
  });

  it('keeps an unpaid ticket unpaid where the organization chose so', () => {
    const plan = exchange(anOrder([1000]), 500, { keepUnpaid: true });
    expect(sumsOf(plan)).toEqual([668, 0, 668, 0, 'UNPAID']);
    expect(plan.mails).toEqual(['ORDER_CONFIRMATION', 'PAYMENT_LINK']);
  });
});
