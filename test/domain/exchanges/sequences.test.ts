// Any sequence of exchanges, payments and settlements keeps the money exact to the cent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideExchange } from '../../../lib/domain/exchanges/decide-exchange.ts';
import type { ExchangePlan } from '../../../lib/domain/exchanges/exchange.ts';
import { toDueParts } from '../../../lib/domain/exchanges/payment-parts.ts';
import { type Fees, toSubtotal } from '../../../lib/domain/orders/fees.ts';
import { isGivingBack, toHoldings, toTransactions } from '../../../lib/domain/orders/ledger.ts';
import type { LedgerEntry, Order } from '../../../lib/domain/orders/order.ts';
import { fillDues, toDues, toPaymentEntry } from '../../../lib/domain/orders/payments.ts';
import { toOrderMoney } from '../../../lib/domain/orders/totals.ts';
import { sum } from '../../../lib/domain/money.ts';
import {
  ABSORBED,
  anOrder,
  GOLDEN,
  NONE,
  NOW_MS,
  paid,
  toFacts,
  toTransactionId,
} from '../../support/exchange-facts.ts';

const aPrice = fc.constantFrom(0, 0, 1, 500, 500, 999, 1000, 2000, 10_000);
const aStep = fc.oneof(
  fc.record({
    as: fc.constant('exchange' as const),
    ticket: fc.nat(2),
    price: aPrice,
    /** How much of what is due comes with it, in percent. */
    payPercent: fc.constantFrom(0, 0, 0, 40, 100),
    card: fc.boolean(),
    keepUnpaid: fc.boolean(),
  }),
  fc.record({ as: fc.constant('pay' as const), minor: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ as: fc.constant('charge' as const) }),
  fc.record({ as: fc.constant('waive' as const), ticket: fc.nat(2) }),
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;
const aRun = fc.record({
  prices: fc.array(aPrice, { minLength: 3, maxLength: 3 }),
  fees: fc.constantFrom(GOLDEN, GOLDEN, ABSORBED, NONE),
  steps: fc.array(aStep, { minLength: 1, maxLength: 14 }),
});

function exchangeBy(order: Order, step: Extract<Step, { as: 'exchange' }>, fees: Fees) {
  const more = { fees, keepUnpaid: step.keepUnpaid, eventTicketId: step.ticket + 1 };
  const bare = decideExchange(toFacts(order, step.price, more));
  if (!bare.ok || step.payPercent === 0) return bare;
  const dueMinor = bare.value.money.after.lines.get(step.ticket + 1)?.dueMinor ?? 0;
  const how = { paymentType: step.card ? 'CARD' : 'CASH', isInternational: false };
  const due = toDueParts(how, { dueMinor, fees });
  const amountMinor = Math.floor(((due.subtotalMinor + due.cardFeeMinor) * step.payPercent) / 100);
  if (amountMinor === 0) return bare;
  return decideExchange(toFacts(order, step.price, { ...more, payment: { ...how, amountMinor } }));
}

function take(order: Order, step: Step, fees: Fees): { order: Order; plan?: ExchangePlan } {
  switch (step.as) {
    case 'exchange': {
      const decided = exchangeBy(order, step, fees);
      return decided.ok ? { order: decided.value.after, plan: decided.value } : { order };
    }
    case 'pay': {
      const { parts } = fillDues(toDues(order), step.minor);
      if (parts.size === 0) return { order };
      const facts = { transactionId: toTransactionId(), paymentType: 'CASH', atMs: NOW_MS };
      const entry = toPaymentEntry({ ...facts, provider: 'manual' }, parts, { cardFeeMinor: 0 });
      return { order: { ...order, ledger: [...order.ledger, entry] } };
    }
    case 'charge':
      return { order: toDues(order).size === 0 ? order : paid(order, { card: fees }) };
    case 'waive': {
      const eventTicketId = step.ticket + 1;
      if (toDues(order, eventTicketId).size === 0) return { order };
      return { order: paid(order, { eventTicketId, more: { kind: 'WAIVER' } }) };
    }
  }
}

/** Calls `see` after every step. */
function play(run: typeof aRun extends fc.Arbitrary<infer T> ? T : never, see: Seen): void {
  let order = anOrder(run.prices, run.fees);
  for (const step of run.steps) {
    const before = order;
    const taken = take(order, step, run.fees);
    order = taken.order;
    see({ before, order, plan: taken.plan, fees: run.fees });
  }
}
type Seen = (state: {
  readonly before: Order;
  readonly order: Order;
  readonly plan: ExchangePlan | undefined;
  readonly fees: Fees;
}) => void;
const always = (see: Seen) => fc.assert(fc.property(aRun, (run) => play(run, see)));

const subtotals = (entries: readonly LedgerEntry[], ticket: number): number =>
  sum(
    entries
      .flatMap(({ allocations }) => allocations)
      .filter(({ eventTicketId }) => eventTicketId === ticket)
      .map(({ subtotalMinor }) => subtotalMinor),
  );

describe('any sequence of exchanges and payments', () => {
  it('keeps payments − refunds + waivers + what is due = S for each ticket', () => {
    always(({ order }) => {
      const money = toOrderMoney(order);
      const { ledger } = order;
      for (const line of order.lines) {
        const of = (kinds: readonly string[]) =>
          subtotals(
            ledger.filter(({ kind }) => kinds.includes(kind)),
            line.eventTicketId,
          );
        const held = of(['PAYMENT']) - of(['REFUND', 'HOST_SETTLES']);
        const due = money.lines.get(line.eventTicketId)?.dueMinor ?? -1;
        // A waiver is never given back: it may be more than S, and then no money is held.
        const waiverCounts = Math.min(of(['WAIVER']), line.subtotalMinor - held);
        expect(held + waiverCounts + due).toBe(line.subtotalMinor);
      }
      expect(money.paidMinor + money.balanceMinor).toBe(money.totalMinor);
      expect(money.totalMinor).toBe(sum(order.lines.map(({ subtotalMinor }) => subtotalMinor)));
    });
  });

  it('never takes more from a transaction than it holds, and returns its card fee exactly', () => {
    always(({ order }) => {
      for (const holding of toHoldings(toTransactions(order))) {
        expect(Math.min(...holding.byTicket.values())).toBeGreaterThanOrEqual(0);
        expect(holding.cardFeeMinor).toBeGreaterThanOrEqual(0);
        if (holding.heldMinor === 0) expect(holding.cardFeeMinor).toBe(0);
      }
    });
  });

  it('refunds the newest first', () => {
    always(({ order, plan }) => {
      const id = plan?.line.after.eventTicketId ?? 0;
      const touched = new Set(plan?.entries.filter(isGivingBack).map(({ of }) => of));
      const holdings = toHoldings(toTransactions(order));
      const oldest = holdings.findIndex(({ payment }) => touched.has(payment.transactionId));
      if (oldest === -1) return;
      for (const newer of holdings.slice(oldest + 1)) expect(newer.byTicket.get(id) ?? 0).toBe(0);
    });
  });

  it('charges the flat fee once, unless it went back', () => {
    always(({ order, fees }) => {
      for (const line of order.lines) {
        expect(line.flatMinor).toBe(toSubtotal(line.priceMinor, fees).flatMinor);
        expect(line.subtotalMinor).toBe(toSubtotal(line.priceMinor, fees).subtotalMinor);
      }
    });
  });

  it('appends to the ledger, and touches no other ticket', () => {
    always(({ before, order, plan }) => {
      expect(order.ledger.slice(0, before.ledger.length)).toEqual(before.ledger);
      if (plan === undefined) return;
      const id = plan.line.after.eventTicketId;
      const others = (lines: Order['lines']) => lines.filter((one) => one.eventTicketId !== id);
      expect(others(order.lines)).toEqual(others(before.lines));
      for (const { allocations } of plan.entries) {
        expect(allocations.map(({ eventTicketId }) => eventTicketId)).toEqual([id]);
      }
    });
  });

  it('makes every amount of its parts', () => {
    always(({ order }) => {
      for (const { amountMinor, cardFeeMinor, allocations } of order.ledger) {
        const fees = sum(allocations.map((part) => part.cardFeeMinor));
        expect(fees).toBe(cardFeeMinor);
        const subtotal = sum(allocations.map((part) => part.subtotalMinor));
        expect(subtotal + cardFeeMinor).toBe(amountMinor);
      }
    });
  });
});
