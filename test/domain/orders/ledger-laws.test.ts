// Laws of the ledger, for any sequence of sales, payments, adjustments, exchanges, cancels and refunds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sum } from '../../../lib/domain/money.ts';
import { type Fees, toFees } from '../../../lib/domain/orders/fees.ts';
import { isGivingBack, toHoldings, toTransactions } from '../../../lib/domain/orders/ledger.ts';
import type { Order, OrderStatus } from '../../../lib/domain/orders/order.ts';
import { toOrderMoney } from '../../../lib/domain/orders/totals.ts';
import { anOrder, book, end, exchange, pay, refund, waive } from '../../support/order-money.ts';

type Step =
  | { readonly do: 'pay'; readonly share: number; readonly isCard: boolean }
  /** At a page that may ask for what was due before, with the fees of then or without a word of them. */
  | { readonly do: 'book'; readonly asked: number; readonly fee: number; readonly isTold: boolean }
  | { readonly do: 'waive'; readonly share: number }
  | { readonly do: 'exchange'; readonly ticket: number; readonly price: number }
  | { readonly do: 'refund'; readonly ticket: number; readonly share: number }
  | { readonly do: 'cancel'; readonly ticket: number };

const aTicketNumber = fc.constantFrom(1, 1, 2, 3);
/** Thousandths of what there is: often everything, above 1,000 too much. */
const aShare = fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 1_100 }));
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('pay' as const), share: aShare, isCard: fc.boolean() }),
  fc.record({
    do: fc.constant('book' as const),
    asked: fc.integer({ min: 1, max: 60_000 }),
    fee: fc.integer({ min: 0, max: 5_000 }),
    isTold: fc.boolean(),
  }),
  fc.record({ do: fc.constant('waive' as const), share: aShare }),
  fc.record({
    do: fc.constant('exchange' as const),
    ticket: aTicketNumber,
    price: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50_000 })),
  }),
  fc.record({ do: fc.constant('refund' as const), ticket: aTicketNumber, share: aShare }),
  fc.record({ do: fc.constant('cancel' as const), ticket: aTicketNumber }),
);

function apply(order: Order, step: Step, fees: Fees): Order {
  const money = toOrderMoney(order);
  const part = (share: number, of: number) => Math.ceil((of * share) / 1_000);
  switch (step.do) {
    case 'pay': {
      const amount = part(step.share, money.balanceMinor);
      return amount === 0 ? order : pay(order, amount, { fees, isCard: step.isCard });
    }
    case 'book': {
      const told = step.isTold ? { subtotalMinor: step.asked } : {};
      const card = { isInternational: false };
      return book(order, { amountMinor: step.asked + step.fee, ...told, card }, fees);
    }
    case 'waive':
      return waive(order, part(Math.min(step.share, 1_000), money.balanceMinor));
    case 'exchange': {
      const isRefused = /REFUNDED/.test(money.status) || isEnded(order, step.ticket);
      return isRefused ? order : exchange(order, step.ticket, step.price, fees);
    }
    case 'refund': {
      const limitMinor = part(step.share, money.lines.get(step.ticket)?.heldMinor ?? 0);
      return refund(order, { ids: [step.ticket], limitMinor });
    }
    case 'cancel':
      return isEnded(order, step.ticket) ? order : end(order, step.ticket, 'CANCELED');
  }
}

const isEnded = ({ lines }: Order, ticket: number): boolean =>
  lines.some((line) => line.eventTicketId === ticket && line.end !== undefined);

const CURRENCIES = [
  ['JPY', { platformMinor: 100, cardMinor: 30 }],
  ['EUR', { platformMinor: 150, cardMinor: 30 }],
  ['KWD', { platformMinor: 450, cardMinor: 100 }],
] as const;

const aStory = fc.record({
  prices: fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 3, maxLength: 3 }),
  platformBp: fc.integer({ min: 0, max: 1_000 }),
  cardBp: fc.integer({ min: 0, max: 1_000 }),
  mode: fc.constantFrom('passed_on' as const, 'absorbed' as const),
  steps: fc.array(aStep, { minLength: 2, maxLength: 15 }),
});

function checkEntries(order: Order): void {
  for (const entry of order.ledger) {
    const subtotals = sum(entry.allocations.map((part) => part.subtotalMinor));
    expect(entry.amountMinor).toBe(subtotals + entry.cardFeeMinor + (entry.excessMinor ?? 0));
    expect(sum(entry.allocations.map((part) => part.cardFeeMinor))).toBe(entry.cardFeeMinor);
    expect(entry.amountMinor).toBeGreaterThan(0);
  }
}

function checkHoldings(order: Order): void {
  const transactions = toTransactions(order);
  const holdings = toHoldings(transactions);
  for (const holding of holdings) {
    expect(Math.min(...holding.byTicket.values(), holding.cardFeeMinor, 0)).toBe(0);
    expect(holding.excessMinor).toBe(0);
    if (holding.heldMinor === 0) expect(holding.cardFeeMinor).toBe(0);
  }
  const moved = (isIn: boolean) =>
    sum(
      transactions
        .filter((entry) => (isIn ? entry.kind === 'PAYMENT' : isGivingBack(entry)))
        .map(({ amountMinor }) => amountMinor),
    );
  const held = sum(holdings.map((one) => one.heldMinor + one.cardFeeMinor));
  expect(moved(true) - moved(false)).toBe(held);
}

function checkSums(order: Order): void {
  const money = toOrderMoney(order);
  expect(money.totalMinor - money.paidMinor).toBe(money.balanceMinor);
  expect(money.balanceMinor).toBeGreaterThanOrEqual(0);
  expect(money.paidMinor).toBeGreaterThanOrEqual(0);
  for (const line of money.lines.values()) {
    expect(line.payment === 'SETTLED').toBe(line.dueMinor === 0);
    expect(line.heldMinor).toBeGreaterThanOrEqual(0);
    // Money is never kept beyond what a ticket costs.
    expect(line.heldMinor).toBeLessThanOrEqual(line.costMinor);
  }
}

/** From the sums alone, in the words of product.md. */
function expectedStatus(order: Order): OrderStatus {
  const money = toOrderMoney(order);
  const isRefunded = order.ledger.some((entry) => entry.cause === 'refund');
  const kept = sum([...money.lines.values()].map(({ heldMinor }) => heldMinor));
  if (isRefunded) return kept === 0 ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (order.lines.every((line) => line.end === 'CANCELED')) return 'CANCELED';
  if (money.balanceMinor === 0) return 'PAID';
  return money.paidMinor === 0 ? 'UNPAID' : 'PARTIALLY_PAID';
}

describe.each(CURRENCIES)('in %s', (currency, flats) => {
  it('every story adds up, gives back no more than it took, and has the status of its ledger', () => {
    fc.assert(
      fc.property(aStory, ({ prices, steps, platformBp, cardBp, mode }) => {
        const rest = { internationalCardBp: 0, cardFeeRefundable: true };
        const schedule = { flats: { [currency]: flats }, platformBp, cardBp, mode, ...rest };
        const fees = toFees(schedule, currency);
        let order = anOrder(prices, fees, { currency });
        for (const step of steps) {
          order = apply(order, step, fees);
          checkEntries(order);
          checkHoldings(order);
          checkSums(order);
          expect(toOrderMoney(order).status).toBe(expectedStatus(order));
        }
      }),
      { numRuns: 300 },
    );
  });
});
