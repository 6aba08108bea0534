import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { createImportRunStore } from '../../../lib/table/import-run-store.ts';
import { createUndoStore } from '../../../lib/table/undo-store.ts';
import { toDeaths } from '../../support/campaign.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createUndoWorld } from '../../support/undo-world.ts';

const world = await createUndoWorld();
const { key } = world;
/** The deaths are meant. */
const logger = createLogger({ info: () => {}, error: () => {} });
const store = createUndoStore(world, createImportRunStore(world).loadBlocks);
const TYPES = [{ name: 'Regular' }, { name: 'VIP' }];

/** Undone four at a time, so in several transactions. */
const groupTickets = 4;
/** One ticket was admitted, one deleted, one has a note that lies apart. */
async function prepare(prefix: string) {
  const event = await world.newEvent({}, TYPES);
  const lines = Array.from({ length: 9 }, (_, index) => {
    const note = index === 3 ? 'long '.repeat(400) : '';
    const email = index % 2 === 0 ? '' : `${prefix}${index % 6}@example.com`;
    return `${prefix}${index},${index % 3 === 0 ? 'VIP' : 'Regular'},${note},${email}`;
  });
  const file = ['barcode,ticket type,note,email', ...lines, `${prefix}1,VIP,,`].join('\n');
  const { importId } = await world.imported(event.eventId, file);
  const [first] = await world.listAll(`/v1/imports/${importId}/tickets?limit=1`);
  await world.imports(`DELETE /v1/tickets/${first.eventTicketId}`, { key });
  await world.change(`${prefix}8`, { adm: 1 });
  const asked = await world.undo(importId);
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
  return { eventId: String(event.eventId), importId: String(importId), prefix };
}

async function toOutcome({ eventId, importId, prefix }: Awaited<ReturnType<typeof prepare>>) {
  const { status, progress, undo } = await world.read(importId);
  const rows = await world.listAll(`/v1/imports/${importId}/rows`);
  const items = await world.toItems(importId);
  return {
    status,
    progress,
    undo,
    rows: rows.map(({ row, outcome, reason }) => [row, outcome, reason]),
    items: items.map((item) => item.replace(prefix, '')),
    contacts: (await world.toContacts()).filter((email) => email.startsWith(prefix)),
    stock: await world.toStock(eventId),
  };
}
const EXPECTED = {
  status: 'UNDONE_PARTLY',
  progress: {
    tickets: 1,
    notImported: 8,
    duplicates: 1,
    rowsDone: 10,
    contactsCreated: 0,
    contactsTotal: 0,
  },
  undo: { removed: 8, stayed: 1, reasons: [{ reason: 'admitted', count: 1 }] },
  items: ['8'],
  contacts: [],
  stock: ['0 0', '1 0', '1 0'],
};

describe('an undo', () => {
  it.each(['notSent', 'answerLost'] as const)(
    'killed at any call (%s) and run again ends like an undisturbed one',
    async (mode) => {
      const calm = await prepare(`${mode}-calm-`);
      const counting = createFailingClient(0, mode);
      await world.worker({ logger, groupTickets }, counting.client)(world.run(calm.importId));
      const expected = await toOutcome(calm);
      expect(expected).toMatchObject(EXPECTED);
      for (const at of toDeaths(counting.countCalls(), 4)) {
        const hit = await prepare(`${mode}-${at}-`);
        const { client } = createFailingClient(at, mode);
        await world.worker({ logger, groupTickets }, client)(world.run(hit.importId));
        await world.worker({ groupTickets })(world.run(hit.importId));
        expect({ at, ...(await toOutcome(hit)) }).toEqual({ at, ...expected });
        client.destroy();
      }
    },
  );

  it('run by four workers at once ends like one', async () => {
    const contested = await prepare('four-');
    const message = world.run(contested.importId);
    await Promise.all(Array.from({ length: 4 }, () => world.worker({ groupTickets })(message)));
    await world.worker()(message);
    expect(await toOutcome(contested)).toMatchObject(EXPECTED);
  });
});

it('an undo that was overtaken by another run books nothing', async () => {
  const contested = await prepare('late-');
  const message = world.run(contested.importId);
  let commits = 0;
  // Deletes one group, then dies.
  const other = world.worker({
    logger,
    groupTickets,
    undo: {
      ...store,
      async commit(...change) {
        commits += 1;
        if (commits > 1) throw new Error('killed');
        return store.commit(...change);
      },
    },
  });
  const late = world.worker({
    groupTickets,
    undo: {
      ...store,
      async listTickets(found, page) {
        const read = await store.listTickets(found, page);
        expect(await other(message)).toBe(1);
        return read;
      },
    },
  });
  expect(await late(message)).toBe(0);
  expect((await world.read(contested.importId)).progress).toMatchObject({ tickets: 5 });
  await world.worker()(message);
  expect(await toOutcome(contested)).toMatchObject(EXPECTED);
});

describe('an undo whose index', () => {
  const importThree = async (prefix: string) => {
    const event = await world.newEvent();
    const file = ['barcode', `${prefix}1`, `${prefix}2`, `${prefix}3`].join('\n');
    const { importId } = await world.imported(event.eventId, file);
    await world.undo(importId);
    return { eventId: String(event.eventId), importId: String(importId) };
  };

  it('lags passes over the tickets again before it ends', async () => {
    const { eventId, importId } = await importThree('lag-');
    const lagging = world.worker({
      undo: {
        ...store,
        async listTickets(found, page) {
          const { tickets, ...rest } = await store.listTickets(found, page);
          return { tickets: tickets.slice(1), ...rest };
        },
      },
    });
    expect(await lagging(world.run(importId))).toBe(0);
    expect(await world.read(importId)).toMatchObject({
      status: 'UNDOING',
      progress: { tickets: 1, notImported: 2, rowsDone: 3 },
    });
    const [message] = await world.received();
    expect(message).toEqual(world.run(importId));
    await world.worker()(message);
    expect(await world.read(importId)).toMatchObject({
      status: 'UNDONE',
      progress: { tickets: 0, notImported: 3 },
    });
    expect(await world.toStock(eventId)).toEqual(['0 0', '0 0']);
  });

  it('shows tickets that change before they are deleted judges them as they are then', async () => {
    const { eventId, importId } = await importThree('turn-');
    const late = world.worker({
      undo: {
        ...store,
        async listTickets(found, page) {
          const read = await store.listTickets(found, page);
          await world.change('turn-1', { adm: 1 });
          await world.change('turn-3', { std: 'BLOCKED' });
          const [, second] = read.tickets;
          await world.imports(`DELETE /v1/tickets/${second?.eventTicketId}`, { key });
          return read;
        },
      },
    });
    expect(await late(world.run(importId))).toBe(0);
    expect(await world.read(importId)).toMatchObject({
      status: 'UNDONE_PARTLY',
      undo: { removed: 2, stayed: 1, reasons: [{ reason: 'admitted', count: 1 }] },
    });
    expect(await world.toItems(importId)).toEqual(['turn-1']);
    expect(await world.toStock(eventId)).toEqual(['1 0', '1 0']);
  });
});

describe('an undo while', () => {
  it('people are admitted: each ticket was admitted and is there, or is gone', async () => {
    const event = await world.newEvent();
    const { eventId } = event;
    const codes = Array.from({ length: 100 }, (_, index) => `door-${index}`);
    const { importId } = await world.imported(eventId, ['barcode', ...codes].join('\n'));
    const body = { name: 'Door', eventIds: [eventId] };
    const device = await world.organizers('POST /v1/devices', { key, body });
    await world.undo(importId);
    const [scans] = await Promise.all([
      Promise.all(
        codes.toReversed().map(async (barcode) => {
          const scan = { scanId: barcode, eventId, barcode };
          const { key: deviceKey } = device.body;
          return (await world.scans('POST /v1/validate', { key: deviceKey, body: scan })).body;
        }),
      ),
      world.worker()(world.run(importId)),
    ]);
    await world.worker()(world.run(importId));
    const admitted = codes.filter((_code, index) => scans[99 - index]?.outcome === 'ADMITTED');
    const refused = scans.filter(({ outcome }) => outcome === 'REFUSED');
    expect(refused.every(({ reason }) => reason === 'UNKNOWN')).toBe(true);
    expect(await world.toItems(importId)).toEqual(admitted.toSorted());
    const count = admitted.length;
    expect((await world.read(importId)).progress).toMatchObject({
      tickets: count,
      notImported: 100 - count,
    });
    expect(await world.toStock(eventId)).toEqual([`${count} 0`, `${count} 0`]);
  });

  it('its tickets are deleted one by one: each gives one place back', async () => {
    const event = await world.newEvent();
    const codes = Array.from({ length: 60 }, (_, index) => `both-${index}`);
    const { importId } = await world.imported(event.eventId, ['barcode', ...codes].join('\n'));
    const tickets = await world.listAll(`/v1/imports/${importId}/tickets`);
    await world.undo(importId);
    const [replies] = await Promise.all([
      Promise.all(
        tickets
          .slice(20, 40)
          .map(({ eventTicketId }) =>
            world.imports(`DELETE /v1/tickets/${eventTicketId}`, { key }),
          ),
      ),
      world.worker()(world.run(importId)),
    ]);
    expect(replies.every(({ status }) => [204, 404, 409].includes(status))).toBe(true);
    await world.worker()(world.run(importId));
    expect(await world.read(importId)).toMatchObject({
      status: 'UNDONE',
      progress: { tickets: 0, notImported: 60 },
    });
    expect(await world.toStock(event.eventId)).toEqual(['0 0', '0 0']);
  });
});
