import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FEE_BP_MAX,
  type FeeMode,
  type FeeSchedule,
  fromCardTotal,
  toAbsorbed,
  toCardFee,
  toFees,
  toSubtotal,
} from '../../../lib/domain/orders/fees.ts';

const SCHEDULE: FeeSchedule = {
  flats: { EUR: { platformMinor: 150, cardMinor: 30 } },
  platformBp: 350,
  cardBp: 290,
  internationalCardBp: 150,
  mode: 'passed_on',
  cardFeeRefundable: true,
};
const HERE = { isInternational: false };
const ABROAD = { isInternational: true };
const passedOn = toFees(SCHEDULE, 'EUR');
const absorbed = toFees({ ...SCHEDULE, mode: 'absorbed' }, 'EUR');

describe('the golden example: platform 1.50 + 3.5 %, card 0.30 + 2.9 %', () => {
  it('passed on, 10.00 is charged 12.51: platform 1.85, card 0.66', () => {
    const { subtotalMinor } = toSubtotal(1000, passedOn);
    const cardFee = toCardFee(subtotalMinor, passedOn, HERE);
    expect([subtotalMinor - 1000, cardFee, subtotalMinor + cardFee]).toEqual([185, 66, 1251]);
  });
  it('absorbed, 10.00 is charged 10.00: platform 1.85, card 0.59, the host receives 7.56', () => {
    expect(toSubtotal(1000, absorbed)).toEqual({ subtotalMinor: 1000, flatMinor: 0 });
    expect(toCardFee(1000, absorbed, HERE)).toBe(0);
    expect(toAbsorbed(1000, absorbed, HERE)).toEqual({
      platformMinor: 185,
      cardMinor: 59,
      hostReceivesMinor: 756,
    });
  });
  it('10.00 to 20.00 by card is 10.97 more: subtotal 10.35, card 0.62', () => {
    const before = toSubtotal(1000, passedOn);
    const after = toSubtotal(2000, passedOn, before.flatMinor);
    const due = after.subtotalMinor - before.subtotalMinor;
    const cardFee = toCardFee(due, passedOn, HERE);
    expect([due, cardFee, due + cardFee]).toEqual([1035, 62, 1097]);
  });
  it('then 5.00 leaves a subtotal of 6.68: 15.52 goes back', () => {
    const [paid, left] = [2000, 500].map((price) => toSubtotal(price, passedOn, 150));
    expect(left?.subtotalMinor).toBe(668);
    expect((paid?.subtotalMinor ?? 0) - 668).toBe(1552);
  });
});

describe('fees', () => {
  it('are none without a schedule, and no flat ones in a currency that it does not name', () => {
    expect(toSubtotal(1000, toFees(undefined, 'EUR')).subtotalMinor).toBe(1000);
    expect(toCardFee(1000, toFees(undefined, 'EUR'), ABROAD)).toBe(0);
    expect(toSubtotal(1000, toFees(SCHEDULE, 'JPY'))).toEqual({
      subtotalMinor: 1035,
      flatMinor: 0,
    });
  });
  it('are none on a free ticket: the flat fee goes back and comes again with a price', () => {
    expect(toSubtotal(0, passedOn, 150)).toEqual({ subtotalMinor: 0, flatMinor: 0 });
    expect(toSubtotal(1000, passedOn, 0).flatMinor).toBe(150);
  });
  it('keep the flat fee that a ticket was charged, whatever today has', () => {
    expect(toSubtotal(1000, passedOn, 99)).toEqual({ subtotalMinor: 1134, flatMinor: 99 });
  });
  it('are higher for a card from abroad', () => {
    // (11.85 + 0.30) ÷ (1 − 0.044) = 12.709…
    expect(toCardFee(1185, passedOn, ABROAD)).toBe(86);
  });
  it('round half up', () => {
    const fees = toFees({ ...SCHEDULE, flats: {}, platformBp: 50 }, 'EUR');
    expect([99, 100, 299, 300].map((price) => toSubtotal(price, fees).subtotalMinor)).toEqual([
      99, 101, 300, 302,
    ]);
  });
});

const aSchedule = fc.record<FeeSchedule>({
  flats: fc.constantFrom({}, { EUR: { platformMinor: 150, cardMinor: 30 } }),
  platformBp: fc.integer({ min: 0, max: FEE_BP_MAX }),
  cardBp: fc.integer({ min: 0, max: FEE_BP_MAX }),
  internationalCardBp: fc.integer({ min: 0, max: FEE_BP_MAX }),
  mode: fc.constantFrom<FeeMode>('passed_on', 'absorbed'),
  cardFeeRefundable: fc.boolean(),
});

describe('of any schedule', () => {
  it("a card's total tells the subtotal that it pays for", () => {
    fc.assert(
      fc.property(
        aSchedule,
        fc.boolean(),
        fc.integer({ min: 1, max: 10 ** 13 }),
        (schedule, isInternational, subtotal) => {
          const fees = toFees(schedule, 'EUR');
          const fee = toCardFee(subtotal, fees, { isInternational });
          expect(fee).toBeGreaterThanOrEqual(0);
          expect(fromCardTotal(subtotal + fee, fees, { isInternational })).toBe(subtotal);
        },
      ),
    );
  });
});
