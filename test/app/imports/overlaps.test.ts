// Barcodes that come twice at the same time: each has one ticket, and every report is true.
import { describe, expect, it } from 'vitest';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key } = world;
const chunkRows = 20;
const toFile = (prefix: string, from: number, to: number): string =>
  [
    'barcode,email',
    ...Array.from({ length: to - from }, (_, index) => {
      const code = from + index;
      return `${prefix}-${code},${prefix}-${code % 7}@overlap.example`;
    }),
  ].join('\n');

/** What an import says of itself, taken from its report by hand. */
async function readReport(importId: string) {
  const [, ...records] = await world.report(importId);
  const of = (wanted: string): string[] =>
    records.flatMap(([, outcome, , , barcode = '']) => (outcome === wanted ? [barcode] : []));
  return { rows: records.length, tickets: of('ticket'), duplicates: of('duplicate') };
}
const ticketsOf = async (prefix: string) =>
  (await world.allItems())
    .filter(({ tid, pk }) => tid !== undefined && String(pk).includes(`#${prefix}-`))
    .map(({ pk, imp }) => ({ barcode: String(pk).split('#').at(-1), importId: imp }));

describe('two files with overlapping barcodes at the same time', () => {
  it('make each ticket once, and both reports are right', async () => {
    const event = await world.newEvent();
    const prepare = async (from: number, to: number) => {
      const { importId } = await world.analyzed(event.eventId, toFile('two', from, to));
      await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
      return String(importId);
    };
    const importIds = [await prepare(0, 80), await prepare(40, 120)];
    await Promise.all(
      importIds.map((importId) => world.worker({ chunkRows })(world.run(importId))),
    );
    const made = await ticketsOf('two');
    expect(made).toHaveLength(120);
    expect(new Set(made.map(({ barcode }) => barcode)).size).toBe(120);
    const reports = await Promise.all(importIds.map(readReport));
    for (const [at, { rows, tickets, duplicates }] of reports.entries()) {
      const own = made.filter(({ importId }) => importId === importIds[at]);
      expect(tickets.toSorted()).toEqual(own.map(({ barcode }) => String(barcode)).toSorted());
      expect([rows, tickets.length + duplicates.length]).toEqual([80, 80]);
      const { progress } = await world.read(String(importIds[at]));
      expect(progress).toMatchObject({
        rowsTotal: 80,
        rowsDone: 80,
        tickets: tickets.length,
        duplicates: duplicates.length,
        contactsTotal: new Set(tickets.map((barcode) => Number(barcode.slice(4)) % 7)).size,
      });
    }
    // Whoever was a duplicate in one file is a ticket of the other.
    expect(reports.flatMap(({ duplicates }) => duplicates)).toHaveLength(40);
    const created = await Promise.all(importIds.map((importId) => world.read(importId)));
    const contacts = created.reduce((sum, { progress }) => sum + progress.contactsCreated, 0);
    expect(contacts).toBe(7);
    const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key });
    expect(stock.body.imported).toBe(120);
  });
});

describe('one file uploaded and started twice', () => {
  it('as two imports at the same time makes each ticket once', async () => {
    const event = await world.newEvent();
    const file = toFile('same', 0, 60);
    const done = await Promise.all(
      [1, 2].map(async () => world.imported(event.eventId, file, {}, { chunkRows })),
    );
    expect(await ticketsOf('same')).toHaveLength(60);
    const reports = await Promise.all(done.map(({ importId }) => readReport(importId)));
    expect(reports.flatMap(({ tickets }) => tickets).toSorted()).toEqual(
      (await ticketsOf('same')).map(({ barcode }) => String(barcode)).toSorted(),
    );
    expect(reports.map(({ tickets, duplicates }) => tickets.length + duplicates.length)).toEqual([
      60, 60,
    ]);
  });

  it('as one import makes each ticket once, and its report knows of no duplicate', async () => {
    const event = await world.newEvent();
    const created = await world.create(event.eventId);
    const { importId } = created;
    const file = toFile('once', 0, 60);
    await Promise.all([world.upload(created, file), world.upload(created, file)]);
    const uploaded = world.uploaded(created);
    expect(await world.worker()(uploaded, uploaded)).toBe(0);
    const start = () => world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    const replies = await Promise.all([start(), start()]);
    expect(replies.map(({ status }) => status)).toEqual([202, 202]);
    await Promise.all([1, 2].map(async () => world.worker({ chunkRows })(world.run(importId))));
    await world.worker()(uploaded, world.run(importId));
    expect(await readReport(importId)).toMatchObject({ rows: 60, duplicates: [] });
    expect((await world.read(importId)).progress).toMatchObject({ tickets: 60, rowsDone: 60 });
    expect(await ticketsOf('once')).toHaveLength(60);
  });
});
