import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sum } from '../../lib/domain/money.ts';
import {
  fromStripeAmount,
  toStripeAmount,
  toStripeRefund,
} from '../../lib/domain/stripe-amount.ts';

describe('an amount at Stripe', () => {
  it.each([
    ['EUR', 1_251, 1_251],
    ['JPY', 500, 500],
    ['KRW', 500, 500],
    ['ISK', 5, 500],
    ['UGX', 5, 500],
    ['HUF', 1_045, 1_045],
    ['MGA', 500, 5],
    ['KWD', 5_124, 5_120],
    ['KWD', 5_125, 5_130],
    ['TND', 5_120, 5_120],
  ])('in %s of %i is %i', (currency, minor, amount) => {
    expect(toStripeAmount(minor, currency)).toBe(amount);
    const again = toStripeAmount(fromStripeAmount(amount, currency), currency);
    expect(again).toBe(amount);
  });

  it.each(['KWD', 'EUR', 'JPY', 'ISK', 'MGA'])(
    'of refunds of one charge in %s: together what it charged, never more, none wrong by a unit',
    (currency) => {
      const parts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 25 });
      fc.assert(
        fc.property(parts, (amounts) => {
          const charged = toStripeAmount(sum(amounts), currency);
          const unit = Math.max(1, toStripeAmount(10, currency) === 10 ? 10 : 1);
          let beforeMinor = 0;
          let back = 0;
          for (const amountMinor of amounts) {
            const asked = toStripeRefund({ amountMinor, beforeMinor }, currency);
            expect(asked).toBeGreaterThanOrEqual(0);
            expect(Math.abs(asked - toStripeAmount(amountMinor, currency))).toBeLessThanOrEqual(
              unit,
            );
            beforeMinor += amountMinor;
            back += asked;
            expect(back).toBeLessThanOrEqual(charged);
          }
          expect(back).toBe(charged);
        }),
      );
    },
  );
});
