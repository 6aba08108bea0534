// Any sequence of exchanges, payments, settlements and refunds keeps the money exact to the cent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideExchange } from '../../../lib/domain/exchanges/decide-exchange.ts';
import type { ExchangePlan } from '../../../lib/domain/exchanges/exchange.ts';
import { toQuote } from '../../../lib/domain/exchanges/quote.ts';
import { toDueParts } from '../../../lib/domain/exchanges/payment-parts.ts';
import { type Fees, toSubtotal } from '../../../lib/domain/orders/fees.ts';
import { isGivingBack, toHoldings, toTransactions } from '../../../lib/domain/orders/ledger.ts';
import type { LedgerEntry, Order } from '../../../lib/domain/orders/order.ts';
import { fillDues, toDues, toPaymentEntry } from '../../../lib/domain/orders/payments.ts';
import { planRefund } from '../../../lib/domain/orders/refunds.ts';
import { toOrderMoney } from '../../../lib/domain/orders/totals.ts';
import { present } from '../../../lib/domain/assert.ts';
import { sum } from '../../../lib/domain/money.ts';
import {
  ABSORBED,
  anOrder,
  aType,
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
  /** Outside an exchange: after it the order is exchanged no more. */
  fc.record({
    as: fc.constant('refund' as const),
    ticket: fc.nat(2),
    minor: fc.integer({ min: 1, max: 1500 }),
    // Rare, or nothing would ever follow.
    luck: fc.nat(5),
  }),
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
    case 'refund': {
      if (step.luck > 0) return { order };
      const entries = planRefund({
        order,
        wanted: new Map([[step.ticket + 1, Infinity]]),
        limitMinor: step.minor,
        cause: 'refund',
        cardFeeRefundable: true,
        atMs: NOW_MS,
        toTransactionId,
      });
      return { order: { ...order, ledger: [...order.ledger, ...entries] } };
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

const discountOf = ({ ledger }: Order, ticket: number): number =>
  subtotals(
    ledger.filter(({ cause }) => cause === 'refund'),
    ticket,
  );

const subtotals = (entries: readonly LedgerEntry[], ticket: number): number =>
  sum(
    entries
      .flatMap(({ allocations }) => allocations)
      .filter(({ eventTicketId }) => eventTicketId === ticket)
      .map(({ subtotalMinor }) => subtotalMinor),
  );

describe('any sequence of exchanges, payments and refunds', () => {
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
        // What went back outside an exchange isn't owed again.
        const costMinor = Math.max(0, line.subtotalMinor - discountOf(order, line.eventTicketId));
        // A waiver is never given back: it may be more than S, and then no money is held.
        const waiverCounts = Math.min(of(['WAIVER']), costMinor - held);
        expect(held + waiverCounts + due).toBe(costMinor);
      }
      expect(money.paidMinor + money.balanceMinor).toBe(money.totalMinor);
      expect(Math.min(money.paidMinor, money.balanceMinor)).toBeGreaterThanOrEqual(0);
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

  it('charges the flat fee at most once, whatever it is by now, unless it went back', () => {
    const aFlat = fc.constantFrom(0, 150, 900);
    const steps = fc.array(fc.record({ price: aPrice, flat: aFlat }), { maxLength: 10 });
    fc.assert(
      fc.property(aPrice, steps, (first, later) => {
        let order = anOrder([first, 0, 0]);
        for (const { price, flat } of later) {
          const before = present(order.lines[0], 'has a line').flatMinor;
          const fees = { ...GOLDEN, platformMinor: flat };
          const decided = decideExchange(toFacts(order, price, { fees }));
          if (!decided.ok) throw new Error(decided.refusal.code);
          const { after, line } = decided.value;
          const isSame = line.before.priceMinor === price;
          const charged = before > 0 || isSame ? before : flat;
          expect(line.after.flatMinor).toBe(price === 0 ? 0 : charged);
          order = after;
        }
      }),
    );
  });

  it('quotes what the commit then does, again and again while nothing changes', () => {
    always(({ plan, fees }) => {
      if (plan === undefined) return;
      const { before, line } = plan;
      const from = aType(line.before.priceMinor);
      const to = aType(line.after.priceMinor);
      const quoteOf = (one: ExchangePlan) =>
        toQuote(one, { from, to, fees, isInternational: false, digest: 'd' });
      const quote = quoteOf(plan);
      const { lines: _lines, ...sums } = toOrderMoney(plan.after);
      expect(quote.order.after).toEqual(sums);
      const written = plan.after.ledger.slice(before.ledger.length);
      expect(quote.transactions.map(({ amountMinor }) => amountMinor)).toEqual(
        written.map(({ amountMinor }) => amountMinor),
      );
      // Other ids of the same transactions, and the same quote; another state of the order, and another one.
      const renamed = {
        ...plan,
        entries: plan.entries.map((one) => ({ ...one, transactionId: 'x' })),
      };
      expect(quoteOf(renamed).quoteId).toBe(quote.quoteId);
      const later = { ...plan, before: { ...before, version: before.version + 1 } };
      expect(quoteOf(later).quoteId).not.toBe(quote.quoteId);
    });
  });

  it('prices each ticket with its fees', () => {
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
