import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal, toDecimal } from '../../../lib/domain/money.ts';
import { isPdfToken, parsePdfToken, toPdfToken } from '../../../lib/domain/swaps/pdf-token.ts';
import {
  type Answers,
  findAnswerFaults,
  isPending,
  type PersonalizationField,
} from '../../../lib/domain/swaps/personalization.ts';
import { toMaxPrice } from '../../../lib/domain/swaps/price-cap.ts';

const anAmount = fc.integer({ min: 0, max: 10_000_000_000_000 });

describe('a decimal', () => {
  it('is read back as the amount that it was made of, in every currency', () => {
    fc.assert(
      fc.property(anAmount, fc.constantFrom('EUR', 'JPY', 'KWD'), (amount, currency) => {
        expect(parseDecimal(toDecimal(amount, currency), currency)).toBe(amount);
      }),
    );
  });
  it.each([
    [1500, 'EUR', '15.00'],
    [5, 'EUR', '0.05'],
    [1500, 'JPY', '1500'],
    [1500, 'KWD', '1.500'],
  ])('%i %s is %s', (amount, currency, text) => expect(toDecimal(amount, currency)).toBe(text));
});

describe('the cap of a resale price', () => {
  const cap = (country: string, priceMinor: number, feeMinor = 0, capBasis = 'price') =>
    toMaxPrice({ priceMinor, feeMinor }, { country, capBasis: capBasis as 'price' });
  it.each([
    ['FR', 100],
    ['PT', 100],
    ['NO', 100],
    ['BE', 100],
    ['DK', 105],
    ['IT', 105],
    ['PL', 105],
    ['AU', 110],
    ['NL', 120],
    ['US', 120],
  ])('is in %s %i %%, never a fraction above it', (country, percent) => {
    fc.assert(
      fc.property(anAmount, (price) => {
        const most = BigInt(cap(country, price)) * 100n;
        expect(most <= BigInt(price) * BigInt(percent)).toBe(true);
        expect(most + 100n > BigInt(price) * BigInt(percent)).toBe(true);
      }),
    );
  });
  it('counts fees if asked to', () => {
    expect(cap('NL', 1000, 100)).toBe(1200);
    expect(cap('NL', 1000, 100, 'priceWithFees')).toBe(1320);
  });
});

describe("the address of a ticket's PDF", () => {
  const ticket = { organizationId: 'org_1', eventTicketId: 77, barcode: 'ABC' };
  const token = toPdfToken(ticket, 'secret');
  it('names the ticket', () =>
    expect(parsePdfToken(token)).toEqual({ organizationId: 'org_1', eventTicketId: 77 }));
  it('is void for another barcode, ticket, organization and secret, and cut', () => {
    expect(isPdfToken(token, ticket, 'secret')).toBe(true);
    expect(isPdfToken(token, { ...ticket, barcode: 'ABD' }, 'secret')).toBe(false);
    expect(isPdfToken(token, { ...ticket, eventTicketId: 78 }, 'secret')).toBe(false);
    expect(isPdfToken(token, { ...ticket, organizationId: 'org_2' }, 'secret')).toBe(false);
    expect(isPdfToken(token, ticket, 'other')).toBe(false);
    expect(isPdfToken(token.slice(0, -1), ticket, 'secret')).toBe(false);
  });
  it.each(['', 'x', 'org_1.0.', `${token}x`, token.replace('77', '077')])('is not %j', (text) =>
    expect(parsePdfToken(text)).toBeUndefined(),
  );
});

describe('what a new holder is asked', () => {
  const field = (overrides: Partial<PersonalizationField>): PersonalizationField => ({
    name: 'one',
    label: 'One',
    type: 'text',
    isRequired: false,
    ...overrides,
  });
  it.each<[Partial<PersonalizationField>, unknown, boolean]>([
    [{}, undefined, true],
    [{ isRequired: true }, undefined, false],
    [{ isRequired: true }, '', false],
    [{ isRequired: true }, 'yes', true],
    [{}, 'x'.repeat(1_001), false],
    [{ type: 'number' }, '12', true],
    [{ type: 'number' }, 'twelve', false],
    [{ type: 'date' }, '2026-02-01', true],
    [{ type: 'birthdate' }, '1.2.1990', false],
    [{ type: 'time' }, '20:00', true],
    [{ type: 'datetime' }, '2026-02-01T20:00:00Z', true],
    [{ type: 'url' }, 'javascript:alert(1)', false],
    [{ type: 'email' }, 'a@b.nl', true],
    [{ type: 'phone' }, '+31 6 1234', true],
    [{ type: 'phone' }, 'call me', false],
    [{ type: 'agreement', isRequired: true }, false, false],
    [{ type: 'agreement', isRequired: true }, true, true],
    [{ type: 'single_checkbox' }, 'on', false],
    [{ type: 'single_choice', choices: ['S'] }, 'S', true],
    [{ type: 'single_choice', choices: ['S'] }, 'L', false],
    [{ type: 'multi_choice', choices: ['S', 'M'] }, ['M', 'S'], true],
    [{ type: 'multi_choice', choices: ['S', 'M'] }, ['L'], false],
  ])('%j: %j is an answer: %s', (overrides, answer, isGood) => {
    const answers = answer === undefined ? {} : { one: answer };
    const faults = findAnswerFaults([field(overrides)], answers, '/fields');
    expect(faults.map(({ pointer }) => pointer)).toEqual(isGood ? [] : ['/fields/one']);
  });
  it('is pending until everything required is there', () => {
    const fields = [field({ name: 'a', isRequired: true }), field({ name: 'b' })];
    const pending = (answers: Answers | undefined) => isPending(fields, answers);
    expect([pending(undefined), pending({ b: 'x' }), pending({ a: 'x' })]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isPending([], undefined)).toBe(false);
  });
});
