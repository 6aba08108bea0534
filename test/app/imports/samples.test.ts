import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const sample = (name: string): Buffer => readFileSync(`test/fixtures/imports/${name}`);

/** What the rows of the samples say about themselves, by their name; every other one becomes a ticket. */
const KINDS: Readonly<Record<string, string>> = {
  'Twice Sold': 'duplicate ',
  'No Barcode': 'rejected barcode_missing',
  'Bad Mail': 'rejected email_invalid',
  too: 'rejected ragged_row',
};

describe.each([
  {
    file: 'template-utf8-bom.csv',
    types: ['Regular', 'VIP'],
    counts: { rowsTotal: 200, tickets: 200, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
    barcodeAt: 0,
    first: { holderName: 'Émile Jansen', note: 'order reference: R1000' },
    warnings: [],
  },
  {
    file: 'access-control-extract.csv',
    types: ['A'],
    counts: { rowsTotal: 60, tickets: 60, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
    barcodeAt: 4,
    first: {
      section: '200',
      row: '0',
      seat: '0',
      note: 'Time: 10:00\nEvent: DER\nGate: GATE X - 50\nExt/Int: Ext\nEntry Mode: S',
    },
    warnings: ['priceNotANumber'],
  },
  {
    file: 'duplicates-ragged-blank.csv',
    types: ['Regular'],
    counts: { rowsTotal: 64, tickets: 50, duplicates: 3, rejected: 7, blank: 4 },
    dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
    barcodeAt: 0,
    first: { holderName: 'Łukasz\nSmit' },
    warnings: [],
  },
  {
    file: 'eight-columns-windows1252.csv',
    types: ['Early bird'],
    counts: { rowsTotal: 120, tickets: 120, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ';', encoding: 'windows-1252' },
    barcodeAt: 0,
    first: {
      holderName: 'Lotte van den Berg',
      price: { amountMinor: 3599, currency: 'EUR' },
      note: 'plus one',
    },
    warnings: [],
  },
  {
    file: 'one-per-line.txt',
    types: ['Regular'],
    counts: { rowsTotal: 30, tickets: 30, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: false, delimiter: '', encoding: 'utf-8' },
    barcodeAt: 0,
    first: { barcode: '8781052983996' },
    warnings: [],
  },
  {
    file: 'six-columns-no-header.csv',
    types: ['General Admission'],
    counts: { rowsTotal: 80, tickets: 80, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: false, delimiter: ',', encoding: 'utf-8' },
    barcodeAt: 3,
    first: { holderName: 'Femke Kowalska', note: 'column 6: 2027-06-12' },
    warnings: [],
  },
  {
    file: 'spaces-and-signs.csv',
    types: ['Regular'],
    counts: { rowsTotal: 13, tickets: 13, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ';', encoding: 'utf-8' },
    barcodeAt: 0,
    first: { barcode: ' 8712345678901', holderName: 'Jürgen Müller' },
    warnings: ['apostrophe', 'asterisks', 'formulaSign', 'outerSpaces'],
  },
  {
    file: 'utf16-tab-damaged.txt',
    types: ['Regular'],
    counts: { rowsTotal: 40, tickets: 40, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: '\t', encoding: 'utf-16le' },
    barcodeAt: 0,
    first: { holderName: 'Chloé Visser' },
    warnings: ['lostLeadingZeros', 'scientificNotation'],
  },
])('$file', ({ file, types, counts, dialect, barcodeAt, first, warnings }) => {
  it('is understood, and every row is accounted for', async () => {
    const event = await world.newEvent(
      {},
      types.map((name) => ({ name })),
    );
    const done = await world.imported(event.eventId, sample(file));
    expect(done.mapping).toMatchObject(dialect);
    expect(
      done.mapping.columns.every((column: { certainty: string }) => column.certainty === 'certain'),
    ).toBe(true);
    expect(done.warnings.map((warning: { code: string }) => warning.code).toSorted()).toEqual(
      warnings,
    );
    expect(done.progress).toMatchObject({ ...counts, rowsDone: counts.rowsTotal, notImported: 0 });
    expect(done.status).toBe(counts.rejected > 0 ? 'COMPLETED_WITH_REJECTS' : 'COMPLETED');
    const rows = await world.listAll(`/v1/imports/${done.importId}/rows`);
    expect(rows.map((row) => row.row)).toEqual(Array.from(rows, (_row, index) => index + 1));
    expect(rows).toHaveLength(counts.rowsTotal);
    const tickets = await world.listAll(`/v1/imports/${done.importId}/tickets`);
    expect(tickets).toHaveLength(counts.tickets);
    expect(tickets[0]).toMatchObject(first);
    // Read by another reader with the file's known dialect: each row's outcome, and each barcode as it stands there.
    const records = read(sample(file), dialect);
    const kinds = records.map((cells) =>
      cells.every((cell) => cell === '') ? 'blank ' : (KINDS[cells[1] ?? ''] ?? 'ticket '),
    );
    const [, ...reported] = await world.report(done.importId);
    expect(reported.map(([, outcome, reason]) => `${outcome} ${reason}`)).toEqual(kinds);
    expect(tickets.map(({ barcode }) => barcode)).toEqual(
      records.filter((_cells, at) => kinds[at] === 'ticket ').map((cells) => cells[barcodeAt]),
    );
    const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key: world.key });
    expect(stock.body.imported).toBe(counts.tickets);
  });
});

function read(
  file: Buffer,
  { header, delimiter, encoding }: { header: boolean; delimiter: string; encoding: string },
): string[][] {
  const text = new TextDecoder(encoding).decode(file).replace(/^sep=.\r?\n/, '');
  if (delimiter === '') return text.split(/\r\n|\r|\n/).flatMap((line) => (line ? [[line]] : []));
  const records = parse(text, { delimiter, relax_column_count: true, relax_quotes: true });
  return header ? records.slice(1) : records;
}
