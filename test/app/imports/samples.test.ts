import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const sample = (name: string): Buffer => readFileSync(`test/fixtures/imports/${name}`);

describe.each([
  {
    file: 'template-utf8-bom.csv',
    types: ['Regular', 'VIP'],
    counts: { rowsTotal: 200, tickets: 200, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
    warnings: [],
  },
  {
    file: 'access-control-extract.csv',
    types: ['A'],
    counts: { rowsTotal: 60, tickets: 60, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
    warnings: ['priceNotANumber'],
  },
  {
    file: 'duplicates-ragged-blank.csv',
    types: ['Regular'],
    counts: { rowsTotal: 64, tickets: 50, duplicates: 3, rejected: 7, blank: 4 },
    dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
    warnings: [],
  },
  {
    file: 'eight-columns-windows1252.csv',
    types: ['Early bird'],
    counts: { rowsTotal: 120, tickets: 120, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ';', encoding: 'windows-1252' },
    warnings: [],
  },
  {
    file: 'one-per-line.txt',
    types: ['Regular'],
    counts: { rowsTotal: 30, tickets: 30, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: false, delimiter: '', encoding: 'utf-8' },
    warnings: [],
  },
  {
    file: 'six-columns-no-header.csv',
    types: ['General Admission'],
    counts: { rowsTotal: 80, tickets: 80, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: false, delimiter: ',', encoding: 'utf-8' },
    warnings: [],
  },
  {
    file: 'spaces-and-signs.csv',
    types: ['Regular'],
    counts: { rowsTotal: 13, tickets: 13, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: ';', encoding: 'utf-8' },
    warnings: ['apostrophe', 'asterisks', 'formulaSign', 'outerSpaces'],
  },
  {
    file: 'utf16-tab-damaged.txt',
    types: ['Regular'],
    counts: { rowsTotal: 40, tickets: 40, duplicates: 0, rejected: 0, blank: 0 },
    dialect: { header: true, delimiter: '\t', encoding: 'utf-16le' },
    warnings: ['lostLeadingZeros', 'scientificNotation'],
  },
])('$file', ({ file, types, counts, dialect, warnings }) => {
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
    const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key: world.key });
    expect(stock.body.imported).toBe(counts.tickets);
  });
});
