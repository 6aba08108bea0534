import { describe, expect, it } from 'vitest';
import { createDamageCount } from '../../../lib/domain/imports/damage.ts';
import {
  chooseDelimiter,
  findForeignContent,
  findSepLine,
  guessEncoding,
} from '../../../lib/domain/imports/dialect.ts';
import { DELIMITERS } from '../../../lib/domain/imports/import.ts';

describe('the dialect', () => {
  const toTrials = (lines: readonly string[]) =>
    DELIMITERS.filter((delimiter) => delimiter !== '').map((delimiter) => ({
      delimiter,
      records: lines.map((line) => line.split(delimiter)),
    }));
  it.each([
    [['barcode;price', '1;35,99', '2;0'], ';'],
    [['a,b', 'c,d'], ','],
    [['8,1', '82', '83', '84', '85'], ''],
    [['barcode|name', '1|x'], '|'],
    [['1', '2'], ''],
  ])('of %j has the delimiter %j', (lines, delimiter) =>
    expect(chooseDelimiter(toTrials(lines))).toBe(delimiter),
  );
  it.each([
    ['sep=;\r\n', ';'],
    ['"sep=,"\n', ','],
    ['SEP=\t\n', '\t'],
    ['sep=x\n', undefined],
    ['barcode\n', undefined],
  ])('of %j is named as %j', (head, delimiter) => expect(findSepLine(head)).toBe(delimiter));
  it.each([
    [Buffer.from('\ufeffabc', 'utf16le'), 'utf-16le'],
    [Buffer.from('\ufeffabc', 'utf16le').swap16(), 'utf-16be'],
    [Buffer.from('barcode,name', 'utf16le'), 'utf-16le'],
    [Buffer.from('barcode,name', 'utf16le').swap16(), 'utf-16be'],
    [Buffer.from('\ufeffabc'), 'utf-8'],
    [Buffer.alloc(64), 'utf-8'],
  ])('of %j is %s', (bytes, encoding) => expect(guessEncoding(bytes)).toBe(encoding));
  it.each(['%PDF-1.7', 'PK\u0003\u0004xlsx'])('of %j is foreign', (head) =>
    expect(findForeignContent(Buffer.from(head))).toBe('not_a_text_file'),
  );
});

describe('damage', () => {
  const warningsFor = (codes: readonly string[]) => {
    const count = createDamageCount({ barcode: 0, price: undefined, currencyDigits: 2 });
    for (const code of codes) count.add([code]);
    return count.toWarnings().map(({ code, count: of }) => [code, of]);
  };
  it.each([
    [['9.37178E+12', '9,3E+12'], [['scientificNotation', 2]]],
    [["'871"], [['apostrophe', 1]]],
    [['+871', '=871', '-871', '@871'], [['formulaSign', 4]]],
    [['*871*'], [['asterisks', 1]]],
    [[' 871', '871 ', '\u00a0871', '8 71'], [['outerSpaces', 3]]],
    [['0123456789012', '1234567890123', '12345678901'], [['lostLeadingZeros', 1]]],
    [['1234', '12345', '12345'], []],
    [['A123', 'B124'], []],
  ])('of %j is %j', (codes, expected) => expect(warningsFor(codes)).toEqual(expected));
});
