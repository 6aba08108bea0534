import { describe, expect, it } from 'vitest';
import { createUndoWorld } from '../../support/undo-world.ts';

const world = await createUndoWorld();
const { key } = world;
const TYPES = [{ name: 'Regular' }, { name: 'VIP' }];

/** Four tickets, one of them with a note that lies apart, and a row of every other outcome. */
const toFile = (prefix: string): string =>
  [
    'barcode,name,ticket type,note',
    `${prefix}1,Ada,Regular,`,
    `${prefix}2,Bob,VIP,${'long '.repeat(400)}`,
    '',
    `${prefix}1,Twice,Regular,`,
    `${prefix}3,Cas,Unknown,`,
    `${prefix}4,Dee,Regular,`,
    `${prefix}5,Eef,VIP,`,
    '',
  ].join('\n');
const prepare = async (prefix: string) => {
  const event = await world.newEvent({}, TYPES);
  const { importId } = await world.imported(event.eventId, toFile(prefix));
  return { eventId: String(event.eventId), importId: String(importId) };
};
const listRows = async (importId: string, query = '') =>
  (await world.listAll(`/v1/imports/${importId}/rows${query}`)).map((row) => [
    row.row,
    row.outcome,
    row.reason,
  ]);

describe('an undone import', () => {
  it('has no tickets, gives their places back and accounts for every row', async () => {
    const { eventId, importId } = await prepare('gone-');
    expect(await world.toStock(eventId)).toEqual(['2 0', '2 0', '4 0']);
    expect(await world.toItems(importId)).toHaveLength(5);
    expect(await world.undone(importId)).toMatchObject({
      status: 'UNDONE',
      progress: {
        rowsTotal: 7,
        rowsDone: 7,
        tickets: 0,
        duplicates: 1,
        rejected: 1,
        blank: 1,
        notImported: 4,
      },
      undo: { removed: 4, stayed: 0, reasons: [] },
    });
    expect(await world.toItems(importId)).toEqual([]);
    expect(await world.toStock(eventId)).toEqual(['0 0', '0 0', '0 0']);
    const undone = [1, 2, 6, 7].map((row) => [row, 'notImported', 'undone']);
    expect(await listRows(importId, '?limit=2&outcome=notImported')).toEqual(undone);
    expect(await listRows(importId, '?outcome=ticket')).toEqual([]);
    expect((await listRows(importId, '?limit=3')).map(([, outcome]) => outcome)).toEqual([
      'notImported',
      'notImported',
      'blank',
      'duplicate',
      'rejected',
      'notImported',
      'notImported',
    ]);
    expect(await world.listAll(`/v1/imports/${importId}/tickets`)).toEqual([]);
  });

  it('has a report of every row; what was undone is told by its number', async () => {
    const { importId } = await prepare('report-');
    await world.change('report-4', { adm: 1 });
    await world.undone(importId);
    const records = await world.report(importId);
    // No reader has to make do with short lines.
    expect(new Set(records.map(({ length }) => length)).size).toBe(1);
    const [kept] = await world.listAll(`/v1/imports/${importId}/tickets`);
    const ticketId = String(kept.eventTicketId);
    expect(records.map((record) => record.slice(0, 5))).toEqual([
      ['import row', 'outcome', 'reason', 'event ticket id', 'barcode'],
      ['1', 'notImported', 'undone', '', ''],
      ['2', 'notImported', 'undone', '', ''],
      ['3', 'blank', '', '', ''],
      ['4', 'duplicate', '', '', 'report-1'],
      ['5', 'rejected', 'unknown_ticket_type', '', 'report-3'],
      ['6', 'ticket', 'admitted', ticketId, 'report-4'],
      ['7', 'notImported', 'undone', '', ''],
    ]);
  });

  it('leaves its barcodes free: the same file gives tickets again', async () => {
    const { eventId, importId } = await prepare('again-');
    await world.undone(importId);
    const second = await world.imported(eventId, toFile('again-'));
    expect(second.progress).toMatchObject({ tickets: 4, duplicates: 1 });
    expect(await world.toStock(eventId)).toEqual(['2 0', '2 0', '4 0']);
    // The first import has no share in them.
    expect(await world.listAll(`/v1/imports/${importId}/tickets`)).toEqual([]);
    expect((await world.undone(importId)).progress.tickets).toBe(0);
    expect(await world.toStock(eventId)).toEqual(['2 0', '2 0', '4 0']);
  });

  it('gives places to an import that stopped sold out', async () => {
    const event = await world.newEvent({ capacity: 3 });
    const file = (name: string): string =>
      ['barcode', `${name}1`, `${name}2`, `${name}3`].join('\n');
    const first = await world.imported(event.eventId, file('full-'));
    const options = { overCapacity: 'disabled' };
    const stopped = await world.imported(event.eventId, file('late-'), options);
    expect(stopped).toMatchObject({ status: 'STOPPED_SOLD_OUT', progress: { notImported: 3 } });
    await world.undone(first.importId);
    await world.imports(`POST /v1/imports/${stopped.importId}/start`, { key, body: {} });
    await world.worker()(world.run(stopped.importId));
    expect(await world.read(stopped.importId)).toMatchObject({
      status: 'COMPLETED',
      progress: { tickets: 3, notImported: 0 },
    });
  });

  it('can be one that stopped sold out: its rest stays not imported', async () => {
    const event = await world.newEvent({ capacity: 2 });
    const stopped = await world.imported(event.eventId, 'barcode\ns-1\ns-2\ns-3\n', {
      overCapacity: 'disabled',
    });
    const undone = await world.undone(stopped.importId);
    expect(undone).toMatchObject({ status: 'UNDONE', progress: { tickets: 0, notImported: 3 } });
    expect(undone.stopReason).toBeUndefined();
    expect(await listRows(stopped.importId)).toEqual([
      [1, 'notImported', 'undone'],
      [2, 'notImported', 'undone'],
      [3, 'notImported', undefined],
    ]);
  });

  it('counts tickets that were deleted one by one before', async () => {
    const { eventId, importId } = await prepare('single-');
    const [first] = await world.listAll(`/v1/imports/${importId}/tickets`);
    await world.imports(`DELETE /v1/tickets/${first.eventTicketId}`, { key });
    expect(await world.undone(importId)).toMatchObject({
      status: 'UNDONE',
      progress: { tickets: 0, notImported: 4, rowsDone: 7 },
      undo: { removed: 4, stayed: 0 },
    });
    expect(await world.toStock(eventId)).toEqual(['0 0', '0 0', '0 0']);
  });
});

describe('a ticket that may not go', () => {
  it('stays and is named; what came free goes when it is tried again', async () => {
    const event = await world.newEvent({}, TYPES);
    const codes = [
      'admitted',
      'held',
      'released',
      'blocked',
      'swapped',
      'canceled',
      'sold',
      'free',
    ];
    const lines = codes.map((code) => `stay-${code},Regular`);
    const file = ['barcode,ticket type', ...lines].join('\n');
    const { importId } = await world.imported(event.eventId, file);
    const nowMs = world.clock.nowMs;
    await world.change('stay-admitted', { adm: 1, chk: 1 });
    await world.change('stay-held', { hld: nowMs + 1 });
    await world.change('stay-released', { hld: nowMs });
    await world.change('stay-blocked', { std: 'BLOCKED' });
    await world.change('stay-swapped', { std: 'SWAPPED' });
    await world.change('stay-canceled', { std: 'CANCELED' });
    await world.change('stay-sold', { ori: 'SOLD' });
    expect(await world.undone(importId)).toMatchObject({
      status: 'UNDONE_PARTLY',
      progress: { rowsDone: 8, tickets: 5, notImported: 3 },
      undo: {
        removed: 3,
        stayed: 5,
        reasons: ['admitted', 'held', 'sold', 'swapped', 'canceled'].map((reason) => ({
          reason,
          count: 1,
        })),
      },
    });
    expect(await listRows(importId, '?limit=2&outcome=ticket')).toEqual([
      [1, 'ticket', 'admitted'],
      [2, 'ticket', 'held'],
      [5, 'ticket', 'swapped'],
      [6, 'ticket', 'canceled'],
      [7, 'ticket', 'sold'],
    ]);
    const kept = await world.listAll(`/v1/imports/${importId}/tickets`);
    expect(kept.map(({ importRow }) => importRow)).toEqual([1, 2, 5, 6, 7]);
    expect(await world.toStock(event.eventId)).toEqual(['0 0', '5 0', '5 0']);

    world.clock.nowMs += 1;
    expect(await world.undone(importId)).toMatchObject({
      status: 'UNDONE_PARTLY',
      progress: { tickets: 4, notImported: 4 },
      undo: { removed: 4, stayed: 4 },
    });
    expect(await world.toStock(event.eventId)).toEqual(['0 0', '4 0', '4 0']);
  });
});
