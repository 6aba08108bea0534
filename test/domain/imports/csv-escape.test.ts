import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeCell, isRiskyCell, unescapeCell } from '../../../lib/domain/imports/csv-escape.ts';

const SIGNS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const aCell = fc
  .tuple(fc.constantFrom('', "'", "''", '"', ' ', ...SIGNS), fc.string({ unit: 'binary' }))
  .map(([start, rest]) => start + rest);

describe('escaping a cell', () => {
  it.each(SIGNS)('keeps a spreadsheet from running what begins with %j', (sign) => {
    expect(escapeCell(`${sign}1+2`)).toBe(`'${sign}1+2`);
    expect(escapeCell(sign)).toBe(`'${sign}`);
  });

  it.each(['', '12', ' =1', 'a=1', '"=1', '*1*'])('leaves %j as it is', (cell) => {
    expect(escapeCell(cell)).toBe(cell);
    expect(unescapeCell(cell)).toBe(cell);
  });

  it('tells a cell with an apostrophe of its own from one that got it', () => {
    expect(["'=1", '=1', "'", "''", "'a"].map(escapeCell)).toEqual([
      "''=1",
      "'=1",
      "''",
      "'''",
      "''a",
    ]);
  });

  it('is reversed exactly, and what was escaped is safe', () => {
    fc.assert(
      fc.property(aCell, (cell) => {
        const escaped = escapeCell(cell);
        expect(unescapeCell(escaped)).toBe(cell);
        expect(SIGNS.some((sign) => escaped.startsWith(sign))).toBe(false);
        expect(isRiskyCell(cell)).toBe(escaped !== cell);
      }),
    );
  });
});
