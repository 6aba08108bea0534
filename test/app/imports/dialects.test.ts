import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { DELIMITERS } from '../../../lib/domain/imports/import.ts';
import { runs } from '../../support/campaign.ts';
import { ANY_CHARACTER, encode, IN_1252 } from '../../support/csv-text.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const HEADER = ['barcode', 'note', 'kleur'];

const aTable = (unit: fc.Arbitrary<string>) =>
  fc.array(
    fc.tuple(...HEADER.map(() => fc.oneof(fc.constant(''), fc.string({ unit, maxLength: 9 })))),
    { minLength: 1, maxLength: 25 },
  );
const aDialect = fc.record({
  delimiter: fc.constantFrom(...DELIMITERS.filter((delimiter) => delimiter !== '')),
  newline: fc.constantFrom('\r\n', '\n', '\r'),
  bom: fc.boolean(),
  sepLine: fc.boolean(),
  quoted: fc.boolean(),
  endsWithNewline: fc.boolean(),
  emptyColumns: fc.integer({ min: 0, max: 3 }),
});

describe('any table of cells, in any dialect', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)(
    'in %s is recognised, and comes back cell for cell from the analysis and the import',
    async (encoding) => {
      const event = await world.newEvent();
      const table = aTable(encoding === 'windows-1252' ? IN_1252 : ANY_CHARACTER);
      const property = fc.asyncProperty(table, aDialect, async (rows, dialect) => {
        const { delimiter, newline, bom, sepLine, quoted, endsWithNewline, emptyColumns } = dialect;
        const padded = [HEADER, ...rows].map((cells) => [
          ...cells,
          ...Array.from({ length: emptyColumns }, () => ''),
        ]);
        const text =
          (sepLine ? `sep=${delimiter}${newline}` : '') +
          stringify(padded, {
            delimiter,
            record_delimiter: newline,
            quoted,
            quoted_match: /[\r\n"]/,
            eof: endsWithNewline,
          });
        const bytes = encode(text, encoding, bom);
        // Bytes that are valid UTF-8 are taken for it: nothing in them tells of another encoding.
        fc.pre(encoding !== 'windows-1252' || !isUtf8(bytes) || /^[^\u0080-\uffff]*$/.test(text));

        const found = await world.analyzed(event.eventId, bytes);
        if (rows.flat().every((cell) => cell === '')) {
          expect(found).toMatchObject({ status: 'FAILED', stopReason: 'no_rows' });
          return;
        }
        expect(found.mapping).toMatchObject({
          header: true,
          delimiter,
          encoding: encoding === 'windows-1252' && isUtf8(bytes) ? 'utf-8' : encoding,
        });
        expect(found.preview).toEqual(padded.slice(1, 21));
        expect(found.progress.rowsTotal).toBe(rows.length);
        expect(await readBack(found.importId)).toEqual(rows.map((cells) => toExpected(cells)));
      });
      await fc.assert(property, { numRuns: runs(6, 150) });
    },
  );
});

/** A row is its cells, or its ticket's barcode and note; blank ones have no cells. */
async function readBack(importId: string): Promise<unknown[]> {
  const body = { mapping: (await world.read(importId)).mapping };
  await world.imports(`POST /v1/imports/${importId}/start`, { key: world.key, body });
  expect(await world.worker()(world.run(importId))).toBe(0);
  const rows = await world.listAll(`/v1/imports/${importId}/rows`);
  const tickets = await world.listAll(`/v1/imports/${importId}/tickets`);
  const noteOf = new Map(
    tickets.map(({ importRow, barcode, note = '' }) => [importRow, `${barcode}\n${note}`]),
  );
  return rows.map(({ row, cells = [] }) => noteOf.get(row) ?? toExpected(cells));
}

function toExpected([barcode = '', note = '', color = '']: readonly string[]): string {
  const lines = [note, color === '' ? '' : `kleur: ${color}`].filter((line) => line !== '');
  return `${barcode}\n${lines.join('\n')}`;
}
