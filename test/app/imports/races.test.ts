import { describe, expect, it } from 'vitest';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key } = world;
const codes = (prefix: string, count: number): string =>
  ['barcode', ...Array.from({ length: count }, (_, index) => `${prefix}-${index}`)].join('\n');

describe('64 at once with one barcode', () => {
  it.each([true, false])(
    'make one ticket by the single importer (createWhenSoldOut %s)',
    async (createWhenSoldOut) => {
      const event = await world.newEvent({ capacity: 100 });
      const body = { barcode: `single-${createWhenSoldOut}`, createWhenSoldOut };
      const replies = await Promise.all(
        Array.from({ length: 64 }, () =>
          world.imports(`POST /v1/events/${event.eventId}/tickets/import`, { key, body }),
        ),
      );
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(replies.filter((reply) => reply.body.code === 'barcode_exists')).toHaveLength(63);
      const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key });
      expect(stock.body.imported).toBe(1);
    },
  );

  it('make one ticket by eight files with eight rows of it', async () => {
    const event = await world.newEvent();
    const content = ['barcode', ...Array.from({ length: 8 }, () => 'the-one')].join('\n');
    const done = await Promise.all(
      Array.from({ length: 8 }, () => world.imported(event.eventId, content)),
    );
    const sum = (field: string): number =>
      done.reduce((total, { progress }) => total + progress[field], 0);
    expect([sum('tickets'), sum('duplicates'), sum('rowsDone')]).toEqual([1, 63, 64]);
  });
});

describe('five imports of 50 for a capacity of 100', () => {
  const run = async (overCapacity: string, sales = 0) => {
    const event = await world.newEvent({ capacity: 100 });
    const importIds: string[] = [];
    for (const file of [1, 2, 3, 4, 5]) {
      const content = codes(`${overCapacity}-${sales}-${file}`, 50);
      const { importId } = await world.analyzed(event.eventId, content, { overCapacity });
      await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
      importIds.push(importId);
    }
    // All at the same moment: that is when they could take the same places.
    const types = await world.organizers(`GET /v1/events/${event.eventId}/ticket-types`, { key });
    const items = [{ ticketTypeId: types.body.items[0].ticketTypeId, quantity: 2 }];
    const sell = (sale: number) =>
      world.organizers(`POST /v1/events/${event.eventId}/orders`, {
        key,
        body: { buyer: { firstName: 'A', lastName: 'B', email: `b${sale}@example.com` }, items },
      });
    const [sold] = await Promise.all([
      Promise.all(Array.from({ length: sales }, (_, sale) => sell(sale))),
      ...importIds.map((importId) => world.worker()(world.run(importId))),
    ]);
    const done = await Promise.all(importIds.map((importId) => world.read(importId)));
    const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key });
    const tickets = (await world.allItems()).filter((item) => item['evt'] === event.eventId);
    return { done, stock: stock.body, items: tickets, sold };
  };

  it('make exactly 100 tickets when imports stop at the capacity', async () => {
    const { done, stock, items } = await run('disabled');
    expect(items).toHaveLength(100);
    expect(stock).toMatchObject({ imported: 100, available: 0 });
    for (const { progress, status } of done) {
      expect(progress.tickets + progress.notImported).toBe(50);
      expect(progress.rowsDone).toBe(50);
      expect(status).toBe(progress.notImported > 0 ? 'STOPPED_SOLD_OUT' : 'COMPLETED');
    }
  });

  it('make exactly 100 tickets together with sales at the same time', async () => {
    const { done, stock, items, sold } = await run('disabled', 12);
    const answers = new Set(sold.map(({ status, body }) => `${status} ${body.code ?? ''}`));
    // A busy machine may not decide in time: then it says so.
    const known = /^(?:201 |409 sold_out|503 unavailable)$/;
    expect([...answers].filter((answer) => !known.test(answer))).toEqual([]);
    const sales = 2 * sold.filter(({ status }) => status === 201).length;
    expect(items).toHaveLength(100);
    expect(stock).toMatchObject({ sold: sales, imported: 100 - sales, available: 0, held: 0 });
    for (const { progress } of done) expect(progress.tickets + progress.notImported).toBe(50);
  });

  it('make 250 tickets when imports may go beyond it', async () => {
    const { done, stock, items } = await run('enabled');
    expect(items).toHaveLength(250);
    expect(stock).toMatchObject({ imported: 250, available: 0 });
    expect(done.every(({ status }) => status === 'COMPLETED')).toBe(true);
  });
});

describe('an import that stopped sold out', () => {
  it('dealt with duplicates beyond the last place, and goes on when there are places again', async () => {
    const event = await world.newEvent({ capacity: 3 });
    const first = codes('stop', 3);
    await world.imported(event.eventId, first, { overCapacity: 'disabled' });
    const again = await world.imported(event.eventId, first, { overCapacity: 'disabled' });
    expect(again).toMatchObject({
      status: 'COMPLETED',
      progress: { duplicates: 3, notImported: 0 },
    });
    const stopped = await world.imported(event.eventId, codes('stop', 6), {
      overCapacity: 'disabled',
    });
    expect(stopped).toMatchObject({
      status: 'STOPPED_SOLD_OUT',
      stopReason: 'sold_out',
      progress: { tickets: 0, duplicates: 3, notImported: 3, rowsDone: 6 },
    });
    const rest = await world.listAll(`/v1/imports/${stopped.importId}/rows?outcome=notImported`);
    expect(rest).toEqual([4, 5, 6].map((row) => ({ row, outcome: 'notImported' })));

    const body = { capacity: 5 };
    await world.organizers(`PATCH /v1/events/${event.eventId}`, { key, body });
    await world.imports(`POST /v1/imports/${stopped.importId}/start`, { key, body: {} });
    await world.worker()(world.run(stopped.importId));
    const more = await world.read(stopped.importId);
    expect(more).toMatchObject({
      status: 'STOPPED_SOLD_OUT',
      progress: { tickets: 2, duplicates: 3, notImported: 1, rowsDone: 6 },
    });
  });

  it('counts the capacity of a type too', async () => {
    const event = await world.newEvent({}, [{ name: 'A', capacity: 2 }, { name: 'B' }]);
    const content = [
      'barcode,ticket type',
      'ty-1,A',
      'ty-2,B',
      'ty-3,A',
      'ty-4,B',
      'ty-5,A',
      'ty-6,B',
    ];
    const done = await world.imported(event.eventId, content.join('\n'), {
      overCapacity: 'disabled',
    });
    expect(done).toMatchObject({
      status: 'STOPPED_SOLD_OUT',
      progress: { tickets: 4, notImported: 2, rowsTotal: 6 },
    });
  });
});

describe('duplicates', () => {
  it('within a chunk and across chunks: the first in file order gets the ticket', async () => {
    const event = await world.newEvent();
    // Neighbours that are equal are in flight together: without an order of our own either could win.
    const lines = Array.from({ length: 120 }, (_, index) => `dup-${index - (index % 2)}`);
    lines[111] = 'dup-7-across';
    lines[7] = 'dup-7-across';
    const seen = new Set<string>();
    const firsts = lines.flatMap((line, index) => {
      if (seen.has(line)) return [];
      seen.add(line);
      return [index + 1];
    });
    const content = ['barcode', ...lines].join('\n');
    const done = await world.imported(event.eventId, content, {}, { chunkRows: 100 });
    expect(done.progress).toMatchObject({ tickets: 61, duplicates: 59, rowsDone: 120 });
    const rows = await world.listAll(`/v1/imports/${done.importId}/rows?outcome=duplicate`);
    const duplicates = new Set(rows.map(({ row }) => row));
    expect(firsts.filter((row) => duplicates.has(row))).toEqual([]);
    const tickets = await world.listAll(`/v1/imports/${done.importId}/tickets`);
    expect(tickets.map(({ importRow }) => importRow)).toEqual(firsts);
    const ids = tickets.map(({ eventTicketId }) => eventTicketId);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });
});
