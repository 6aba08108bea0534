import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBarcodeFault } from '../../../lib/domain/barcode.ts';
import { aBarcode } from '../../support/arbitraries.ts';
import { runs } from '../../support/campaign.ts';
import { anEvent, aTicket } from '../../support/builders.ts';
import { createExportWorld } from '../../support/export-world.ts';
import { parseCsv } from '../../support/read-csv.ts';

const world = await createExportWorld();
const { mine, key } = world;
const HEADER = ['barcode', 'ticket type', 'name', 'section', 'row', 'seat'];
/** The records without their last cells, which are origins. */
async function readExport(eventId: string, body: Record<string, unknown> = {}) {
  const [header = [], ...records] = await parseCsv(await world.exported(mine, eventId, body));
  expect(header.at(-1)).toBe('swapgate-origin');
  for (const record of records) {
    expect(record.at(-1)).toMatch(new RegExp(`^${mine.organizationId}\\.\\d+\\.[\\w-]{22}$`));
  }
  return [header, ...records].map((record) => record.slice(0, -1));
}
const TYPES = [{ name: 'Regular' }, { name: '-18' }];

async function prepare(overrides: Record<string, unknown> = {}) {
  const event = await world.newEvent(overrides, TYPES);
  const path = `GET /v1/events/${event.eventId}/ticket-types` as const;
  const { items } = (await world.organizers(path, { key })).body;
  const [regular, minors] = items.map((type: { ticketTypeId: number }) => type.ticketTypeId);
  const base = { organizationId: mine.organizationId, eventId: event.eventId };
  return { eventId: String(event.eventId), base, regular: Number(regular), minors: Number(minors) };
}

describe('an export of barcodes', () => {
  it('has the tickets that admit, imported or sold, by id, with what a ticket shows', async () => {
    const { eventId, base, regular } = await prepare();
    const place = { section: 'A', row: '12', seat: '3' };
    const mark = { ...base, ticketTypeId: regular };
    await world.put(
      aTicket({ ...mark, barcode: 'x-1', eventTicketId: 9, holderName: 'Ada', ...place }),
    );
    await world.put(aTicket({ ...mark, barcode: 'x-2', eventTicketId: 8, origin: 'SOLD' }));
    await world.put(aTicket({ ...mark, barcode: 'x-3', eventTicketId: 17, admissions: 1 }));
    await world.put(aTicket({ ...mark, barcode: 'x-4', payment: 'NOTHING' }));
    for (const standing of ['BLOCKED', 'SWAPPED', 'REPLACED', 'CANCELED'] as const) {
      await world.put(aTicket({ ...mark, barcode: `x-${standing}`, standing }));
    }
    expect(await readExport(eventId)).toEqual([
      HEADER,
      ['x-2', 'Regular', '', '', '', ''],
      ['x-1', 'Regular', 'Ada', 'A', '12', '3'],
      ['x-3', 'Regular', '', '', '', ''],
    ]);
  });

  it('of an event without tickets is its header', async () => {
    const { eventId } = await prepare();
    expect(await readExport(eventId)).toEqual([HEADER]);
  });

  it('escapes the columns that hold what a spreadsheet would run, and says so; raw does not', async () => {
    const { eventId, base, regular, minors } = await prepare();
    const named = { ...base, holderName: '\tAda' };
    await world.put(aTicket({ ...named, ticketTypeId: minors, barcode: '=1', eventTicketId: 1 }));
    await world.put(aTicket({ ...base, ticketTypeId: regular, barcode: "'2", eventTicketId: 2 }));
    expect(await readExport(eventId)).toEqual([
      ['barcode-escaped', 'ticket type-escaped', 'name-escaped', 'section', 'row', 'seat'],
      ["'=1", "'-18", "'\tAda", '', '', ''],
      ["''2", 'Regular', '', '', '', ''],
    ]);
    expect(await readExport(eventId, { raw: true })).toEqual([
      HEADER,
      ['=1', '-18', '\tAda', '', '', ''],
      ["'2", 'Regular', '', '', '', ''],
    ]);
  });

  it('does not warn of an apostrophe that the escape put there', async () => {
    const { eventId, base, regular } = await prepare();
    await world.put(aTicket({ ...base, ticketTypeId: regular, barcode: '-7' }));
    const other = await world.newOrganization();
    const file = await world.exported(mine, eventId);
    const { analyzed } = await world.importedBy(other, file, ['Regular']);
    expect(analyzed.warnings).toEqual([
      { code: 'formulaSign', column: 0, count: 1, examples: ['-7'] },
    ]);
  });

  it('reads long lists page by page', async () => {
    const { eventId, base } = await prepare();
    const codes = Array.from({ length: 1_050 }, (_, index) => `page-${index}`);
    // All in one shard of the event's list, so that it takes several pages.
    const tickets = codes.map((barcode, index) =>
      aTicket({ ...base, barcode, eventTicketId: 8 * (index + 1) }),
    );
    await world.putAll(tickets);
    const [, ...records] = await parseCsv(await world.exported(mine, eventId));
    expect(records.map(([barcode]) => barcode)).toEqual(codes);
  });
});

describe('any barcodes', () => {
  const start = fc.constantFrom(
    '',
    '',
    '=',
    '+',
    '-',
    '@',
    "'",
    "''",
    '"',
    ' ',
    ',',
    ';',
    '\ufeff',
  );
  const barcodes = fc.uniqueArray(
    fc
      .tuple(start, aBarcode)
      .map(([first, rest]) => first + rest)
      .filter((text) => findBarcodeFault(text) === undefined),
    { minLength: 1, maxLength: 25 },
  );

  it.each([false, true])(
    'exported (raw %s) and imported into another organization are the same byte for byte',
    async (raw) => {
      let id = 0;
      await fc.assert(
        fc.asyncProperty(barcodes, async (codes) => {
          const [from, to] = [await world.newOrganization(), await world.newOrganization()];
          const event = await world.organizers('POST /v1/events', {
            key: from.key,
            body: anEvent(),
          });
          const { eventId } = event.body;
          const base = { organizationId: from.organizationId, eventId };
          for (const barcode of codes) {
            await world.put(aTicket({ ...base, barcode, eventTicketId: (id += 1) }));
          }
          const file = await world.exported(from, eventId, { raw });
          const { done, tickets } = await world.importedBy(to, file, ['Any']);
          expect(done.progress).toMatchObject({ tickets: codes.length, rowsTotal: codes.length });
          const found = tickets.map(({ barcode }: { barcode: string }) => barcode);
          expect(found).toEqual(codes);
        }),
        { numRuns: runs(4, 60) },
      );
    },
  );
});
