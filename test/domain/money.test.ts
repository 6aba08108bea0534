import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyDivide, parseDecimal, splitByWeight, sum } from '../../lib/domain/money.ts';

describe('decimals', () => {
  it.each([
    [12.51, 'EUR', 1251],
    ['12.5', 'EUR', 1250],
    [0.1, 'EUR', 10],
    [1234, 'JPY', 1234],
    ['12.50', 'KWD', 12_500],
    ['1.2345', 'KWD', undefined],
    [12.345, 'EUR', undefined],
    ['12.500', 'EUR', 1250],
    [1.5, 'JPY', undefined],
    [1e-7, 'EUR', undefined],
    [1e21, 'EUR', undefined],
    [-1, 'EUR', undefined],
    ['', 'EUR', undefined],
    ['1,50', 'EUR', undefined],
    ['90071992547409.92', 'EUR', undefined],
  ])('%j %s are %j minor units', (decimal, currency, minor) => {
    expect(parseDecimal(decimal, currency)).toBe(minor);
  });
  it('are read exactly, whatever a number makes of them in binary', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 12 }),
        fc.constantFrom(['JPY', 0], ['EUR', 2], ['KWD', 3]),
        (minor, [currency, digits]) => {
          const decimal = Number((minor / 10 ** digits).toFixed(digits));
          expect(parseDecimal(decimal, currency)).toBe(minor);
        },
      ),
    );
  });
});

describe('a split by weight', () => {
  it('gives what is left over to the largest remainders, ties to the first', () => {
    expect(splitByWeight(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitByWeight(5, [3, 3, 4])).toEqual([2, 1, 2]);
    expect(splitByWeight(0, [])).toEqual([]);
  });
  it('adds up, and no part is off by a whole unit', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 10 ** 12 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        weights.filter((all) => sum(all) > 0),
        fc.integer({ min: 0, max: 10 ** 9 }),
        (all, total) => {
          const parts = splitByWeight(total, all);
          expect(sum(parts)).toBe(total);
          for (const [at, part] of parts.entries()) {
            const exact = (total * (all[at] ?? 0)) / sum(all);
            expect(Math.abs(part - exact)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

it('products are exact where numbers are not, and round half up', () => {
  expect(multiplyDivide(9_007_199_254_740_991, 9_999, 10_000)).toBe(9_006_298_534_815_517);
  expect([1, 3, 5].map((half) => multiplyDivide(half, 1, 2))).toEqual([1, 2, 3]);
});
