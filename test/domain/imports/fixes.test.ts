import { describe, expect, it } from 'vitest';
import { createDamageCount } from '../../../lib/domain/imports/damage.ts';
import { applyFixes, type Fix, FIXES } from '../../../lib/domain/imports/fixes.ts';

const fix = (barcode: string, ...fixes: Fix[]) => applyFixes(barcode, new Set(fixes));

describe('a fix', () => {
  it.each<[Fix, string, string]>([
    ['stripAsterisks', '*AB1*', 'AB1'],
    ['stripAsterisks', '* AB1 *', ' AB1 '],
    ['stripAsterisks', '**AB1**', '*AB1*'],
    ['stripAsterisks', '*AB1', '*AB1'],
    ['stripAsterisks', '*', '*'],
    ['trim', ' \u00a0A B\t', 'A B'],
    ['stripApostrophe', "'0012", '0012'],
    ['stripApostrophe', "''0012'", "'0012'"],
    ['upperCase', 'ab-1é', 'AB-1É'],
  ])('%s makes %j %j', (name, before, after) => expect(fix(before, name)).toBe(after));

  it('is not made unless it was asked for', () => {
    for (const name of FIXES) {
      const others = FIXES.filter((other) => other !== name && other !== 'upperCase');
      const damaged = { stripAsterisks: '*a*', trim: ' a ', stripApostrophe: "'a", upperCase: 'a' };
      expect(fix(damaged[name], ...others)).toBe(damaged[name]);
      expect(fix(damaged[name])).toBe(damaged[name]);
    }
  });
  it('reaches through the others, in whatever order they were asked for', () => {
    expect(fix(" '* ab1 * ", 'stripAsterisks', 'stripApostrophe', 'upperCase', 'trim')).toBe('AB1');
  });
});

describe('a warning', () => {
  it('names the fix that repairs it, and none where nothing does', () => {
    const count = createDamageCount({ barcode: 0, price: undefined, currencyDigits: 2 });
    const numbers = ['12345678', '12345679', '12345670', '2345678'];
    const cells = ['*A*', ' A', "'A", '=A', '1,23E+15', ...numbers];
    for (const cell of cells) count.add([cell]);
    expect(Object.fromEntries(count.toWarnings().map(({ code, fix: by }) => [code, by]))).toEqual({
      asterisks: 'stripAsterisks',
      outerSpaces: 'trim',
      apostrophe: 'stripApostrophe',
      formulaSign: undefined,
      scientificNotation: undefined,
      lostLeadingZeros: undefined,
    });
  });
});
