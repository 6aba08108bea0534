import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { readCsv, readCsvHead } from '../../lib/adapters/csv-reader.ts';
import { toCsvText } from '../../lib/adapters/csv-writer.ts';
import { CsvFaultError } from '../../lib/domain/imports/faults.ts';
import { DELIMITERS, type Encoding, RECORD_BYTES_MAX } from '../../lib/domain/imports/import.ts';
import { ANY_CHARACTER, encode, IN_1252 } from '../support/csv-text.ts';

async function* toPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const readAll = async (records: AsyncIterable<readonly string[]>) => {
  const all: (readonly string[])[] = [];
  for await (const record of records) all.push(record);
  return all;
};

const toCells = (unit: fc.Arbitrary<string>) =>
  fc.array(fc.array(fc.string({ unit, maxLength: 12 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 12,
  });
const dialect = fc.record({
  delimiter: fc.constantFrom(...DELIMITERS.filter((delimiter) => delimiter !== '')),
  newline: fc.constantFrom('\r\n', '\n', '\r'),
  bom: fc.boolean(),
  quoted: fc.boolean(),
  piece: fc.integer({ min: 1, max: 50 }),
});

describe('any table of cells', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)(
    'written in %s comes back cell for cell, wherever the bytes are cut',
    async (encoding) => {
      const table = toCells(encoding === 'windows-1252' ? IN_1252 : ANY_CHARACTER);
      await fc.assert(
        fc.asyncProperty(
          table,
          dialect,
          async (records, { delimiter, newline, bom, quoted, piece }) => {
            const text = stringify(records, {
              delimiter,
              record_delimiter: newline,
              quoted,
              quoted_match: /[\r\n"]/,
            });
            const source = toPieces(encode(text, encoding, bom), piece);
            expect(await readAll(readCsv(source, { encoding, delimiter }))).toEqual(records);
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  it('that we write comes back cell for cell', async () => {
    await fc.assert(
      fc.asyncProperty(toCells(ANY_CHARACTER), async (records) => {
        const half = records.length >> 1;
        const text =
          toCsvText(records.slice(0, half), { isStart: true }) + toCsvText(records.slice(half));
        const read = readCsv(toPieces(Buffer.from(text), 7), { encoding: 'utf-8', delimiter: ',' });
        expect(await readAll(read)).toEqual(records);
      }),
      { numRuns: 100 },
    );
  });
});

describe('one column', () => {
  it.each(['\r', '\n', '\r\n'])(
    'keeps delimiters of other dialects in the cell (%j)',
    async (newline) => {
      const lines = ['a,b', 'c;d', ' e|f\tg ', '', '"quo""ted"'];
      const source = toPieces(Buffer.from(lines.join(newline)), 3);
      expect(await readAll(readCsv(source, { encoding: 'utf-8', delimiter: '' }))).toEqual([
        ['a,b'],
        ['c;d'],
        [' e|f\tg '],
        [''],
        ['quo"ted'],
      ]);
    },
  );
});

describe('what is no CSV', () => {
  const faultOf = async (bytes: Buffer, encoding: Encoding = 'utf-8') => {
    const error = await readAll(readCsv(toPieces(bytes, 4_096), { encoding, delimiter: ',' })).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof CsvFaultError ? error.reason : error;
  };
  it.each([
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0x62]), 'invalid_encoding'],
    ['a character cut at the end', Buffer.from([0x61, 0xc3]), 'invalid_encoding'],
    ['a zero', Buffer.from('a,b\n\u0000\n'), 'binary_content'],
    ['one endless line', Buffer.alloc(RECORD_BYTES_MAX + 1_000, 'x'), 'line_too_long'],
    ['a quote that never ends', Buffer.from('a,"b\nc\n'), 'unclosed_quote'],
    ['too many columns', Buffer.from('x,'.repeat(300)), 'too_many_columns'],
  ])('%s is refused by name', async (_what, bytes, reason) => {
    expect(await faultOf(bytes)).toBe(reason);
  });
  it('an odd byte at the end of UTF-16 is refused by name', async () => {
    expect(await faultOf(Buffer.from([0x61, 0, 0x62]), 'utf-16le')).toBe('invalid_encoding');
  });
  it('trailing empty columns are none too many', async () => {
    expect(await faultOf(Buffer.from(`a,b${','.repeat(300)}\n`))).toBeUndefined();
  });
});

describe('the head of a file', () => {
  it('gives the records before a cut', () => {
    const read = (text: string, isWhole: boolean) =>
      readCsvHead(Buffer.from(text), { encoding: 'utf-8', delimiter: ',' }, isWhole);
    expect(read('a,b\nc,d\ne', false)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(read('a,b\nc,"d\ne', false)).toEqual([['a', 'b']]);
    expect(read('a,b\nc,d', true)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});
