// Exact arithmetic on money in minor units: decimals in and out, products that round half up, and splits that add up.
import { assert } from './assert.ts';
import { toCurrencyDigits } from './imports/price.ts';

/** A basis point is a hundredth of a percent. */
export const BASIS_POINTS = 10_000;

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/**
 * Minor units of a decimal as routes with decimals carry it, or undefined when it is none, is negative or has more
 * digits than the currency. A JSON number is read by its shortest decimal form, which is what the sender wrote.
 */
export function parseDecimal(decimal: number | string, currency: string): number | undefined {
  const [, whole = '', fraction = ''] = DECIMAL.exec(String(decimal)) ?? [];
  const digits = toCurrencyDigits(currency);
  if (whole === '' || /[1-9]/.test(fraction.slice(digits))) return undefined;
  const amountMinor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return Number.isSafeInteger(amountMinor) ? amountMinor : undefined;
}

/** Minor units as a decimal with all digits of the currency: 1250 fils are 1.250 KWD. None may be negative. */
export function toDecimal(amountMinor: number, currency: string): string {
  const digits = toCurrencyDigits(currency);
  const text = String(amountMinor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** a × b ÷ c, rounded half up, exact however large the product is. None may be negative. */
export function multiplyDivide(a: number, b: number, c: number): number {
  const doubled = 2n * BigInt(a) * BigInt(b);
  const divisor = BigInt(c);
  const result = Number((doubled + divisor) / (2n * divisor));
  assert(Number.isSafeInteger(result), 'an amount is an exact integer');
  return result;
}

export const sum = (amounts: Iterable<number>): number => {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
};

/**
 * Splits a total in proportion to the weights: each part rounded down, what is left over goes to the largest
 * remainders, one minor unit each, ties to the earlier one.
 */
export function splitByWeight(totalMinor: number, weights: readonly number[]): number[] {
  const all = BigInt(sum(weights));
  if (all === 0n) {
    assert(totalMinor === 0, 'only nothing can be split over nothing');
    return weights.map(() => 0);
  }
  const shares = weights.map((weight, at) => {
    const product = BigInt(totalMinor) * BigInt(weight);
    return { at, part: Number(product / all), remainder: product % all };
  });
  const left = totalMinor - sum(shares.map(({ part }) => part));
  const favoured = new Set(
    shares
      .toSorted((a, b) =>
        a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1,
      )
      .slice(0, left)
      .map(({ at }) => at),
  );
  return shares.map(({ at, part }) => part + (favoured.has(at) ? 1 : 0));
}
