import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { loadStocks } from '../../../lib/table/stock-store.ts';
import { runs, toDeaths } from '../../support/campaign.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createFaultyClient } from '../../support/faulty-client.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key } = world;
/** The deaths are meant. */
const logger = createLogger({ info: () => {}, error: () => {} });

const FILE = [
  'barcode,name,ticket type,email',
  'F-1,Ada,Regular,F-ada@example.com',
  'F-2,Bob,VIP,',
  '',
  'F-1,Twice,Regular,F-bob@example.com',
  'F-3,Cas,Unknown,',
  'F-4,Dee,Regular,F-bob@example.com',
  'F-5,Eef,VIP,F-ada@example.com',
  'F-6,Fay,Regular,F-bob@example.com',
  '',
].join('\n');
const TYPES = [{ name: 'Regular' }, { name: 'VIP' }];

/** What the table and the API tell of an import, without the ids that differ between two imports. */
async function toOutcome(event: { eventId: string }, importId: string) {
  const read = await world.read(importId);
  const rows = await world.listAll(`/v1/imports/${importId}/rows`);
  const tickets = await world.listAll(`/v1/imports/${importId}/tickets`);
  const { organizationId } = world;
  const stocks = await loadStocks(world, { organizationId, eventId: event.eventId });
  const contacts = await world.listAll(`/v1/imports/${importId}/contacts`);
  const rowOf = new Map(tickets.map(({ eventTicketId, importRow }) => [eventTicketId, importRow]));
  const { imported } = (await world.organizers(`GET /v1/events/${event.eventId}`, { key })).body;
  return {
    status: read.status,
    progress: read.progress,
    rows: rows.map(({ row, outcome, reason }) => [row, outcome, reason]),
    tickets: tickets.map(({ importRow, holderName, orderId }) => [
      importRow,
      holderName,
      rowOf.get(orderId),
    ]),
    contacts: contacts.map(({ name, created, orderId }) => [name, created, rowOf.get(orderId)]),
    imported,
    stock: [stocks.event, ...stocks.types.values()].map(({ imported: of, reserved }) => [
      of,
      reserved,
    ]),
  };
}

describe.each(['enabled', 'disabled'] as const)('a run with overCapacity %s', (overCapacity) => {
  // Four places for five tickets: places, waves, the stop and the booking are all on the way.
  const capacity = overCapacity === 'disabled' ? 4 : 1000;
  const prepare = async (prefix: string) => {
    const event = await world.newEvent({ capacity }, TYPES);
    const content = FILE.replaceAll('F-', prefix);
    const found = await world.analyzed(event.eventId, content, { overCapacity });
    const { importId } = found;
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    return { event, importId };
  };

  it.each(['notSent', 'answerLost'] as const)(
    'killed at any call (%s) and run again ends like an undisturbed one',
    async (mode) => {
      const calm = await prepare(`${overCapacity}-${mode}-calm-`);
      const counting = createFailingClient(0, mode);
      await world.worker({ logger }, counting.client)(world.run(calm.importId));
      const expected = await toOutcome(calm.event, calm.importId);
      expect(expected.progress).toMatchObject(
        overCapacity === 'enabled'
          ? { tickets: 5, duplicates: 1, rejected: 1, blank: 1, rowsDone: 8 }
          : { tickets: 4, duplicates: 1, rejected: 1, blank: 1, notImported: 1, rowsDone: 8 },
      );
      for (const at of toDeaths(counting.countCalls(), 4)) {
        const hit = await prepare(`${overCapacity}-${mode}-${at}-`);
        const { client } = createFailingClient(at, mode);
        expect(await world.worker({ logger }, client)(world.run(hit.importId))).toBeLessThanOrEqual(
          1,
        );
        await world.worker()(world.run(hit.importId));
        expect({ at, ...(await toOutcome(hit.event, hit.importId)) }).toEqual({ at, ...expected });
        client.destroy();
      }
    },
  );

  it('throttled, with replies lost, at any call ends like an undisturbed one', async () => {
    const calm = await prepare(`${overCapacity}-fast-`);
    await world.worker()(world.run(calm.importId));
    const expected = await toOutcome(calm.event, calm.importId);
    for (let seed = 1; seed <= runs(1, 40); seed += 1) {
      const hit = await prepare(`${overCapacity}-slow-${seed}-`);
      const faults = { conflict: 0, throttle: 0.15, lostReply: 0.05 };
      const { client, counts } = createFaultyClient(faults, seed);
      const deliver = world.worker({ logger }, client);
      while ((await deliver(world.run(hit.importId))) > 0);
      expect({ seed, ...(await toOutcome(hit.event, hit.importId)) }).toEqual({
        seed,
        ...expected,
      });
      expect(counts.throttles).toBeGreaterThan(0);
      client.destroy();
    }
  });

  it('run by four workers at once ends like one', async () => {
    const calm = await prepare(`${overCapacity}-one-`);
    await world.worker()(world.run(calm.importId));
    const contested = await prepare(`${overCapacity}-four-`);
    const message = world.run(contested.importId);
    await Promise.all(Array.from({ length: 4 }, () => world.worker()(message)));
    await world.worker()(message);
    expect(await toOutcome(contested.event, contested.importId)).toEqual(
      await toOutcome(calm.event, calm.importId),
    );
  });
});

describe('delivered again', () => {
  it('the event of an upload changes nothing, a start neither', async () => {
    const event = await world.newEvent({}, TYPES);
    const created = await world.create(event.eventId);
    await world.upload(created, FILE.replaceAll('F-', 'again-'));
    const worker = world.worker();
    expect(await worker(world.uploaded(created), world.uploaded(created))).toBe(0);
    const first = await world.read(created.importId);
    expect(await worker(world.uploaded(created))).toBe(0);
    expect(await world.read(created.importId)).toEqual(first);

    const start = () =>
      world.imports(`POST /v1/imports/${created.importId}/start`, {
        key,
        body: { mapping: first.mapping },
      });
    const [one, other] = await Promise.all([start(), start()]);
    expect([one.status, other.status]).toEqual([202, 202]);
    const message = world.run(created.importId);
    expect(await worker(message, message)).toBe(0);
    const done = await toOutcome(event, created.importId);
    expect(done.progress.tickets).toBe(5);
    expect((await start()).body.status).toBe('COMPLETED_WITH_REJECTS');
    await worker(message, world.uploaded(created));
    expect(await toOutcome(event, created.importId)).toEqual(done);
    const otherMapping = { ...first.mapping, header: false };
    const refused = await world.imports(`POST /v1/imports/${created.importId}/start`, {
      key,
      body: { mapping: otherMapping },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'import_not_startable' } });
  });

  it('a file that was replaced after its analysis is not imported', async () => {
    const event = await world.newEvent({}, TYPES);
    const created = await world.create(event.eventId);
    await world.upload(created, FILE.replaceAll('F-', 'before-'));
    await world.worker()(world.uploaded(created));
    await world.upload(created, FILE.replaceAll('F-', 'after-'));
    await world.worker()(world.uploaded(created));
    await world.imports(`POST /v1/imports/${created.importId}/start`, { key, body: {} });
    await world.worker()(world.run(created.importId));
    const read = await world.read(created.importId);
    expect(read).toMatchObject({ status: 'FAILED', stopReason: 'upload_changed' });
    expect(read.progress).toMatchObject({ tickets: 0, notImported: 8, rowsDone: 8 });
  });

  it('the same file in another import gives duplicates only', async () => {
    const event = await world.newEvent({}, TYPES);
    const content = FILE.replaceAll('F-', 'same-');
    await world.imported(event.eventId, content);
    const second = await world.imported(event.eventId, content);
    expect(second).toMatchObject({
      status: 'COMPLETED_WITH_REJECTS',
      progress: { tickets: 0, duplicates: 6, rejected: 1, blank: 1 },
    });
  });
});

it('a run whose time is over lets another one continue', async () => {
  const event = await world.newEvent({}, TYPES);
  const lines = Array.from({ length: 25 }, (_, index) => `long-${index},Regular`);
  const found = await world.analyzed(event.eventId, ['barcode,ticket type', ...lines].join('\n'));
  await world.imports(`POST /v1/imports/${found.importId}/start`, { key, body: {} });
  const hasty = world.worker({ runMs: 0, chunkRows: 10 });
  const seen: number[] = [];
  for (let message: unknown = world.run(found.importId); message !== undefined;) {
    expect(await hasty(message)).toBe(0);
    seen.push((await world.read(found.importId)).progress.rowsDone);
    [message] = await world.received();
  }
  expect(seen).toEqual([10, 20, 25, 25]);
  expect(await world.read(found.importId)).toMatchObject({
    status: 'COMPLETED',
    progress: { tickets: 25 },
  });
});
