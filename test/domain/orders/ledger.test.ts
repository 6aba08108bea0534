import { describe, expect, it } from 'vitest';
import type { LedgerEntry, Order } from '../../../lib/domain/orders/order.ts';
import { toOrderMoney } from '../../../lib/domain/orders/totals.ts';
import {
  anOrder,
  end,
  exchange,
  GOLDEN,
  pay,
  refund,
  waive,
  withEntries,
} from '../../support/order-money.ts';

const statusOf = (order: Order) => toOrderMoney(order).status;
const sums = (order: Order) => {
  const { totalMinor, paidMinor, balanceMinor, cardFeesMinor } = toOrderMoney(order);
  return [totalMinor, paidMinor, balanceMinor, cardFeesMinor];
};
const lastEntries = (order: Order, count: number): readonly LedgerEntry[] =>
  order.ledger.slice(-count);

describe('the golden example, 10.00 by card, then 20.00, then 5.00', () => {
  const ten = pay(anOrder([1000], GOLDEN), 1185, { fees: GOLDEN, isCard: true });
  const twenty = pay(exchange(ten, 1, 2000, GOLDEN), 1035, { fees: GOLDEN, isCard: true });
  const five = exchange(twenty, 1, 500, GOLDEN);

  it('is charged 12.51 and 10.97', () => {
    expect(twenty.ledger.map(({ amountMinor }) => amountMinor)).toEqual([1251, 1097]);
    expect(sums(twenty)).toEqual([2220, 2220, 0, 128]);
  });
  it('gives 10.97 of the newest and 5.46 of the first payment back: 16.43', () => {
    const [first, second] = twenty.ledger;
    expect(lastEntries(five, 2)).toMatchObject([
      { kind: 'REFUND', of: second?.transactionId, amountMinor: 1097, cardFeeMinor: 62 },
      { kind: 'REFUND', of: first?.transactionId, amountMinor: 546, cardFeeMinor: 29 },
    ]);
  });
  it('leaves the order PAID, with the card fee of what was kept', () => {
    expect(sums(five)).toEqual([668, 668, 0, 37]);
    expect(statusOf(five)).toBe('PAID');
  });
  it('gives the rest of the fee back with the rest of the money', () => {
    const free = exchange(five, 1, 0, GOLDEN);
    expect(lastEntries(free, 1)).toMatchObject([{ amountMinor: 668 + 37, cardFeeMinor: 37 }]);
    expect(sums(free)).toEqual([0, 0, 0, 0]);
    expect(statusOf(free)).toBe('PAID');
  });
});

describe('the status of an order is', () => {
  const unpaid = anOrder([2500, 1500]);
  it.each([
    ['UNPAID', unpaid],
    ['PAID', anOrder([0, 0])],
    ['PARTIALLY_PAID', pay(unpaid, 1)],
    ['PAID', pay(unpaid, 4000)],
    ['PARTIALLY_PAID', waive(unpaid, 100)],
    ['PAID', waive(unpaid, 4000)],
    ['COMPLIMENTARY', anOrder([0], undefined, { complimentary: true })],
    ['PARTIALLY_REFUNDED', refund(pay(unpaid, 4000), { limitMinor: 1 })],
    ['REFUNDED', refund(pay(unpaid, 4000))],
    ['REFUNDED', refund(end(end(pay(unpaid, 4000), 1, 'CANCELED'), 2, 'CANCELED'))],
    ['CANCELED', { ...pay(unpaid, 4000), canceled: true }],
    ['CANCELED', end(end(unpaid, 1, 'CANCELED'), 2, 'CANCELED')],
    ['UNPAID', end(unpaid, 1, 'CANCELED')],
    ['PAID', exchange(pay(unpaid, 4000), 1, 1000)],
    ['PARTIALLY_PAID', exchange(pay(unpaid, 4000), 1, 3000)],
    ['PAID', pay(unpaid, 4001)],
  ])('%s (%#)', (status, order) => {
    expect(statusOf(order)).toBe(status);
  });
});

describe('a refund outside an exchange', () => {
  it('leaves nothing due: what went back is not owed again', () => {
    const refunded = refund(pay(anOrder([2500, 2500]), 5000), { ids: [2] });
    expect(sums(refunded)).toEqual([2500, 2500, 0, 0]);
    expect(toOrderMoney(refunded).lines.get(2)?.payment).toBe('SETTLED');
  });
  it('takes from the newest payment first, split over several, in ticket-id order', () => {
    const paid = pay(pay(anOrder([1000, 1000]), 1500), 500);
    const [first, second] = paid.ledger;
    expect(lastEntries(refund(paid, { limitMinor: 700 }), 2)).toMatchObject([
      { of: second?.transactionId, allocations: [{ eventTicketId: 2, subtotalMinor: 500 }] },
      { of: first?.transactionId, allocations: [{ eventTicketId: 1, subtotalMinor: 200 }] },
    ]);
  });
  it('never gives a waiver back', () => {
    const settled = waive(pay(anOrder([1000]), 400), 600);
    expect(lastEntries(refund(settled), 1)).toMatchObject([{ kind: 'REFUND', amountMinor: 400 }]);
    expect(statusOf(refund(settled))).toBe('REFUNDED');
  });
  it('keeps the card fee where it is not refundable', () => {
    const paid = pay(anOrder([1000], GOLDEN), 1185, { fees: GOLDEN, isCard: true });
    const back = refund(paid, { cardFeeRefundable: false });
    expect(lastEntries(back, 1)).toMatchObject([{ amountMinor: 1185, cardFeeMinor: 0 }]);
    expect(sums(back)).toEqual([0, 0, 0, 66]);
  });
});

describe('money that somebody else has', () => {
  const line = { ...anOrder([2000]).lines[0], importedMinor: 2000 } as Order['lines'][number];
  const imported = anOrder([], undefined, { lines: [line], version: 0 });
  it('counts as paid', () => {
    expect(sums(imported)).toEqual([2000, 2000, 0, 0]);
    expect(statusOf(imported)).toBe('PAID');
  });
  it('is for the host to settle', () => {
    const cheaper = exchange(imported, 1, 500);
    expect(lastEntries(cheaper, 1)).toMatchObject([
      { kind: 'HOST_SETTLES', paymentType: 'IMPORT', amountMinor: 1500, external: true },
    ]);
    expect(sums(cheaper)).toEqual([500, 500, 0, 0]);
    expect(statusOf(cheaper)).toBe('PAID');
    expect(statusOf(refund(imported))).toBe('REFUNDED');
  });
});

it('a canceled ticket costs what was paid for it and kept', () => {
  const paid = pay(anOrder([2500, 1500]), 3000);
  expect(sums(end(paid, 2, 'CANCELED'))).toEqual([3000, 3000, 0, 0]);
  expect(sums(refund(end(paid, 2, 'CANCELED'), { ids: [2] }))).toEqual([2500, 2500, 0, 0]);
});

it('an excess goes back to its payment and is in no sum', () => {
  const paid = pay(anOrder([1000]), 1300);
  expect(paid.ledger).toMatchObject([
    { kind: 'PAYMENT', amountMinor: 1300, excessMinor: 300 },
    { kind: 'REFUND', cause: 'excess', amountMinor: 300, allocations: [] },
  ]);
  expect(sums(paid)).toEqual([1000, 1000, 0, 0]);
});

it('a charge is allocated as priced, its card fee by largest remainder, ties to the lower ticket', () => {
  const paid = pay(anOrder([1000, 1000, 500], GOLDEN), 3038, { fees: GOLDEN, isCard: true });
  const [entry] = paid.ledger;
  expect(entry?.cardFeeMinor).toBe(122);
  expect(entry?.allocations).toEqual([
    { eventTicketId: 1, subtotalMinor: 1185, cardFeeMinor: 48 },
    { eventTicketId: 2, subtotalMinor: 1185, cardFeeMinor: 47 },
    { eventTicketId: 3, subtotalMinor: 668, cardFeeMinor: 27 },
  ]);
});

it('the door lets in with an open balance, and not where nothing was paid', () => {
  const order = withEntries(anOrder([1000, 1000, 0]));
  const partly = toOrderMoney(pay(order, 1)).lines;
  expect([1, 2, 3].map((id) => partly.get(id)?.payment)).toEqual(['PARTLY', 'NOTHING', 'SETTLED']);
});
