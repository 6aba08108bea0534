// Every figure is calculated by hand beside its case, with the golden schedule: S = P + 1.50 + round(P × 3.5 %), a card
// charge of D costs round((D + 0.30) / 0.971).
import { describe, expect, it } from 'vitest';
import { decideExchange } from '../../../lib/domain/exchanges/decide-exchange.ts';
import { type ExchangePlan, isRepeatedExchange } from '../../../lib/domain/exchanges/exchange.ts';
import { planRefund } from '../../../lib/domain/orders/refunds.ts';
import { toOrderMoney } from '../../../lib/domain/orders/totals.ts';
import type { LineEnd } from '../../../lib/domain/orders/order.ts';
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

type Facts = Parameters<typeof toFacts>;
function exchange(...facts: Facts): ExchangePlan {
  const decided = decideExchange(toFacts(...facts));
  if (!decided.ok) throw new Error(JSON.stringify(decided.refusal));
  return decided.value;
}
const refusal = (...facts: Facts) => {
  const decided = decideExchange(toFacts(...facts));
  return decided.ok ? undefined : decided.refusal;
};

const entriesOf = ({ entries }: ExchangePlan) =>
  entries.map(({ kind, amountMinor, cardFeeMinor }) => [kind, amountMinor, cardFeeMinor]);
const sumsOf = ({ money: { after } }: ExchangePlan) => [
  after.totalMinor,
  after.paidMinor,
  after.balanceMinor,
  after.cardFeesMinor,
  after.status,
];

describe('the golden examples of section 7', () => {
  // P 10.00: S = 10.00 + 1.50 + 0.35 = 11.85; T = round(12.15 / 0.971) = round(12.5128…) = 12.51, fee 0.66.
  const first = paid(anOrder([1000]), { card: GOLDEN });
  it('charges 12.51 for a ticket of 10.00, with 0.66 for the card', () => {
    expect(first.ledger[0]).toMatchObject({ amountMinor: 1251, cardFeeMinor: 66 });
  });

  // P 20.00: S = 20.00 + 1.50 + 0.70 = 22.20; due 22.20 − 11.85 = 10.35; T = round(10.65 / 0.971) = 10.97, fee 0.62.
  const up = exchange(first, 2000, { payment: { amountMinor: 1097 } });
  it('takes 10.97 more by card for 20.00', () => {
    expect(up.line.after).toMatchObject({ priceMinor: 2000, subtotalMinor: 2220, flatMinor: 150 });
    expect(entriesOf(up)).toEqual([['PAYMENT', 1097, 62]]);
    expect(sumsOf(up)).toEqual([2220, 2220, 0, 128, 'PAID']);
  });

  // P 5.00: S = 5.00 + 1.50 + round(0.175) = 6.68; back 22.20 − 6.68 = 15.52: 10.35 of the newest with its whole fee
  // 0.62, then 5.17 of the first with round(0.66 × 5.17 / 11.85) = round(0.2879…) = 0.29.
  it('gives 16.43 back over two transactions on the way to 5.00, the newest first', () => {
    const down = exchange(up.after, 500);
    expect(down.line.after).toMatchObject({ priceMinor: 500, subtotalMinor: 668, flatMinor: 150 });
    expect(entriesOf(down)).toEqual([
      ['REFUND', 1097, 62],
      ['REFUND', 546, 29],
    ]);
    expect(down.entries.map(({ of }) => of)).toEqual(
      up.after.ledger.map(({ transactionId }) => transactionId).toReversed(),
    );
    // 0.66 − 0.29 = 0.37 of card fees stay.
    expect(sumsOf(down)).toEqual([668, 668, 0, 37, 'PAID']);
  });

  it('charges the price alone when the host bears the fees', () => {
    const absorbed = paid(anOrder([1000], ABSORBED), { card: ABSORBED });
    expect(absorbed.ledger[0]).toMatchObject({ amountMinor: 1000, cardFeeMinor: 0 });
    const plan = exchange(absorbed, 2000, { fees: ABSORBED, payment: { amountMinor: 1000 } });
    expect(sumsOf(plan)).toEqual([2000, 2000, 0, 0, 'PAID']);
  });
});

describe('fees over several exchanges', () => {
  it('charges the flat fee once, and again after the ticket was free', () => {
    const steps: number[] = [];
    let order = paid(anOrder([1000]));
    // 22.20, then 0 with all fees given back, then 1.50 again within 11.85.
    for (const price of [2000, 0, 1000]) {
      const plan = exchange(order, price);
      steps.push(plan.line.after.subtotalMinor, plan.line.after.flatMinor);
      order = paid(plan.after);
    }
    expect(steps).toEqual([2220, 150, 0, 0, 1185, 150]);
  });

  it('prices the new type with today’s schedule, and keeps what the old one cost', () => {
    // Sold at 11.85. Today: flat 9.00, 10 %. The flat fee of 1.50 was charged: S = 20.00 + 1.50 + 2.00 = 23.50.
    const today = { ...GOLDEN, platformMinor: 900, platformBp: 1000 };
    const plan = exchange(paid(anOrder([1000])), 2000, { fees: today });
    expect(plan.line.after.subtotalMinor).toBe(2350);
    expect(sumsOf(plan)).toEqual([2350, 1185, 1165, 0, 'PARTIALLY_PAID']);
    // At the same price nothing but the type changes, whatever the fees are by now.
    expect(exchange(paid(anOrder([1000])), 1000, { fees: today }).line.after.subtotalMinor).toBe(
      1185,
    );
  });

  it('gives money back for a higher price when the fees fell by more', () => {
    // 10.00 at 11.85; today without fees 10.50: 1.35 back.
    const today = { ...GOLDEN, platformBp: 0, mode: 'absorbed' as const };
    expect(entriesOf(exchange(paid(anOrder([1000])), 1050, { fees: today }))).toEqual([
      ['REFUND', 135, 0],
    ]);
  });

  it('keeps card fees where they are not refundable', () => {
    const order = paid(anOrder([1000]), { card: GOLDEN });
    const plan = exchange(order, 0, { fees: { ...GOLDEN, cardFeeRefundable: false } });
    expect(entriesOf(plan)).toEqual([['REFUND', 1185, 0]]);
    expect(sumsOf(plan)).toEqual([0, 0, 0, 66, 'PAID']);
  });
});

describe('a payment within the exchange', () => {
  const order = paid(anOrder([1000]));
  it('by another type than a card is the subtotal: 10.35 settle 20.00', () => {
    const plan = exchange(order, 2000, { payment: { paymentType: 'CASH', amountMinor: 1035 } });
    expect(entriesOf(plan)).toEqual([['PAYMENT', 1035, 0]]);
    expect(plan.mails).toEqual(['ORDER_CONFIRMATION']);
  });

  it('that is less leaves a balance', () => {
    // By card 5.00: D = 4.56 costs round(4.86 / 0.971) = 5.01, D = 4.55 round(4.85 / 0.971) = 4.99; the rest is fee.
    const plan = exchange(order, 2000, { payment: { amountMinor: 500 } });
    expect(entriesOf(plan)).toEqual([['PAYMENT', 500, 45]]);
    expect(sumsOf(plan)).toEqual([2220, 1640, 580, 45, 'PARTIALLY_PAID']);
    expect(plan.mails).toEqual(['ORDER_CONFIRMATION', 'PAYMENT_LINK']);
  });

  it('with a card from abroad costs more', () => {
    // 4.4 %: T = round(10.65 / 0.956) = round(11.1401…) = 11.14.
    const payment = { amountMinor: 1114, isInternational: true };
    expect(entriesOf(exchange(order, 2000, { payment }))).toEqual([['PAYMENT', 1114, 79]]);
  });

  it.each([
    ['more than is due', 2000, { amountMinor: 1098 }],
    ['more than is due without a card', 2000, { amountMinor: 1036, paymentType: 'CASH' }],
    ['less than the card’s fee', 2000, { amountMinor: 30 }],
    ['anything at the same price of a paid ticket', 1000, { amountMinor: 1 }],
    ['anything on the way down', 500, { amountMinor: 1 }],
  ])('is refused: %s', (_, to, payment) => {
    expect(refusal(order, to, { payment })).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/paymentDetails/amount' }],
    });
  });

  it('is refused on the way down even with something due', () => {
    const partly = paid(anOrder([1000]), { partMinor: 500 });
    expect(refusal(partly, 500, { payment: { amountMinor: 1 } })?.code).toBe('validation_failed');
  });
});

describe('money of several tickets and of others', () => {
  it('gives back of one ticket alone what a charge for several took for it', () => {
    // 10.00 and 20.00 by one card: D = 11.85 + 22.20 = 34.05, T = round(34.35 / 0.971) = 35.38, fee 1.33:
    // 0.46 (0.4629) and 0.87 (0.8671). Ticket 2 becomes free: 22.20 back, round(1.33 × 22.20 / 34.05) = 0.87.
    const order = paid(anOrder([1000, 2000]), { card: GOLDEN });
    expect(order.ledger[0]?.allocations.map(({ cardFeeMinor }) => cardFeeMinor)).toEqual([46, 87]);
    const plan = exchange(order, 0, { eventTicketId: 2 });
    expect(entriesOf(plan)).toEqual([['REFUND', 2307, 87]]);
    // Then ticket 1: 11.85 with what is left of the fee, exactly.
    const rest = exchange(plan.after, 0, { eventTicketId: 1 });
    expect(entriesOf(rest)).toEqual([['REFUND', 1231, 46]]);
    expect(sumsOf(rest)).toEqual([0, 0, 0, 0, 'PAID']);
  });

  it('leaves to the host what somebody else holds', () => {
    const imported = anOrder([1000], NONE);
    const lines = imported.lines.map((line) => ({ ...line, importedMinor: 1000 }));
    // Imported at 10.00, upgraded to 20.00 by cash 12.20, then to 5.00 (6.68): 15.52, of it 12.20 of ours.
    const up = exchange({ ...imported, lines }, 2000, {
      payment: { paymentType: 'CASH', amountMinor: 1220 },
    });
    const down = exchange(up.after, 500);
    expect(entriesOf(down)).toEqual([
      ['REFUND', 1220, 0],
      ['HOST_SETTLES', 332, 0],
    ]);
    expect(down.entries[1]).toMatchObject({ external: true, status: 'DONE' });
    expect(sumsOf(down)).toEqual([668, 668, 0, 0, 'PAID']);
  });

  it('asks the provider for what it holds', () => {
    const stripe = { provider: 'stripe', providerPaymentId: 'pi_1' } as const;
    const order = paid(anOrder([1000]), { card: GOLDEN, more: stripe });
    const plan = exchange(order, 0, { refundWithCancel: true });
    expect(plan.entries[0]).toMatchObject({
      status: 'PENDING',
      provider: 'stripe',
      withCancel: true,
      cause: 'exchange',
    });
  });
});

describe('the ticket', () => {
  it('is registered again, and may enter once more if it was admitted', () => {
    const facts = toFacts(paid(anOrder([1000])), 2000);
    const used = { ...facts.ticket, checkedIn: true, inside: true, admissions: 1 };
    const decided = decideExchange({ ...facts, ticket: used });
    expect(decided.ok && decided.value.ticket.after).toMatchObject({
      checkedIn: false,
      inside: true,
      admissions: 1,
      reentryGranted: true,
      ticketTypeId: facts.to.ticketTypeId,
      priceMinor: 2e3,
      payment: 'PARTLY',
      barcode: used.barcode,
    });
  });

  it('gets no grant if it was never admitted', () => {
    expect(exchange(anOrder([0]), 0).ticket.after).not.toHaveProperty('reentryGranted');
  });
});

describe('refusals', () => {
  const order = paid(anOrder([1000]));
  const facts = toFacts(order, 2000);
  const ended = (end: LineEnd) => ({
    ...order,
    lines: order.lines.map((one) => ({ ...one, end })),
  });
  it.each([
    ['held', { ticket: { ...facts.ticket, heldUntilMs: NOW_MS + 1 } }],
    ['locked', { ticket: { ...facts.ticket, lockedBy: 'ticketswap' } }],
    ['blocked', { ticket: { ...facts.ticket, standing: 'BLOCKED' as const } }],
    ['canceled', { ticket: { ...facts.ticket, standing: 'CANCELED' as const } }],
    ['canceled', { order: { ...order, canceled: true } }],
    ['swapped', { ticket: { ...facts.ticket, standing: 'SWAPPED' as const } }],
    ['moved', { order: ended('MOVED') }],
    ['bundle', { from: aType(1000, { kind: 'bundle' }) }],
    ['bundle', { to: aType(2000, { kind: 'bundle' }) }],
  ])('not_exchangeable: %s', (cause, more) => {
    const decided = decideExchange({ ...facts, ...more });
    expect(decided).toMatchObject({ ok: false, refusal: { code: 'not_exchangeable', cause } });
  });

  it('lets an expired hold be', () => {
    expect(decideExchange({ ...facts, ticket: { ...facts.ticket, heldUntilMs: NOW_MS } }).ok).toBe(
      true,
    );
  });

  it('same_type', () => {
    expect(decideExchange({ ...facts, to: facts.from })).toMatchObject({
      refusal: { code: 'same_type' },
    });
  });

  it.each([
    ['REFUNDED', undefined],
    ['PARTIALLY_REFUNDED', 100],
  ])('order_refunded: %s', (status, limitMinor) => {
    const refunds = planRefund({
      order,
      wanted: new Map([[1, Infinity]]),
      cause: 'refund',
      cardFeeRefundable: true,
      atMs: NOW_MS,
      toTransactionId,
      ...(limitMinor === undefined ? {} : { limitMinor }),
    });
    const refunded = { ...order, ledger: [...order.ledger, ...refunds] };
    expect(toOrderMoney(refunded).status).toBe(status);
    expect(refusal(refunded, 2000)?.code).toBe('order_refunded');
  });
});

describe('a repeat', () => {
  it('is known by what was asked for or by its Idempotency-Key', () => {
    const mark = { digest: 'd', requestKey: 'k' };
    const line = exchange(paid(anOrder([1000])), 2000, { mark }).line.after;
    expect(isRepeatedExchange(line, { digest: 'd' })).toBe(true);
    expect(isRepeatedExchange(line, { digest: 'other', requestKey: 'k' })).toBe(true);
    expect(isRepeatedExchange(line, { digest: 'other' })).toBe(false);
    expect(isRepeatedExchange(line, { digest: 'other', requestKey: 'l' })).toBe(false);
  });
});
