import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { toDeaths } from '../../support/campaign.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key } = world;
/** The deaths are meant. */
const logger = createLogger({ info: () => {}, error: () => {} });

/** Everything but the import itself, what a dry run remembers, and the messages about them. */
async function others(): Promise<string[]> {
  const items = await world.allItems();
  return items
    .filter(
      ({ kind }) => !['import', 'importAnalysis', 'dryChunk', 'outbox'].includes(String(kind)),
    )
    .map((item) => JSON.stringify(item))
    .toSorted();
}

const start = (importId: string, body: unknown = {}) =>
  world.imports(`POST /v1/imports/${importId}/start`, { key, body });

async function run(importId: string, body: unknown) {
  expect((await start(importId, body)).status).toBe(202);
  expect(await world.worker({ chunkRows })(world.run(importId))).toBe(0);
  return world.read(importId);
}

const chunkRows = 100;
const HEADER = 'barcode,ticket type,email';
const TYPES = [{ name: 'Regular' }, { name: 'VIP' }];
/**
 * Rows of two chunks (a hundred each here): duplicates in a chunk, across chunks and of the table, rejected and blank ones. Some addresses
 * are in both chunks, one is on duplicates only.
 */
function toRows(prefix: string): string[] {
  const rows = Array.from(
    { length: 115 },
    (_, index) =>
      `${prefix}${index},${index % 3 === 0 ? 'VIP' : 'Regular'},` +
      (index % 4 === 0 ? `${prefix}${(index * 7) % 60}@example.com` : ''),
  );
  rows[5] = `${prefix}4,VIP,${prefix}twice@example.com`;
  rows[101] = `${prefix}7,Regular,${prefix}twice@example.com`;
  rows[102] = `${prefix}99,Regular,`;
  rows[20] = `${prefix}20,Unknown,`;
  // The first row with this barcode was rejected, so this one gets the ticket.
  rows[103] = `${prefix}20,VIP,`;
  rows[30] = ',,';
  return rows;
}

describe.each([
  { overCapacity: 'enabled', capacity: 50, tickets: 107, notImported: 0 },
  { overCapacity: 'disabled', capacity: 105, tickets: 102, notImported: 5 },
])('a dry run with overCapacity $overCapacity', ({ overCapacity, capacity, ...expected }) => {
  it('tells exactly what a real run does then, and writes nothing', async () => {
    const prefix = `dry-${overCapacity}-`;
    const event = await world.newEvent({ capacity }, TYPES);
    const existing = [1, 2, 105].map((index) => `${prefix}${index},Regular,${prefix}8@example.com`);
    await world.imported(event.eventId, [HEADER, ...existing].join('\n'));
    const content = [HEADER, ...toRows(prefix)].join('\n');
    const { importId } = await world.analyzed(event.eventId, content, { overCapacity });
    const before = await others();
    const dry = await run(importId, { dryRun: true });
    expect(await others()).toEqual(before);
    expect(dry).toMatchObject({
      status: 'DRY_RUN_COMPLETED',
      dryRun: true,
      progress: { ...expected, rowsTotal: 115, rowsDone: 115, rejected: 1, blank: 1 },
    });
    expect(dry.progress.contactsTotal).toBe(dry.progress.contactsCreated + 1);
    expect(dry.stopReason).toBe(overCapacity === 'disabled' ? 'sold_out' : undefined);
    expect(await world.listAll(`/v1/imports/${importId}/rows`)).toEqual([]);
    expect(await world.listAll(`/v1/imports/${importId}/tickets`)).toEqual([]);
    const report = await world.imports(`POST /v1/imports/${importId}/report`, { key, body: {} });
    expect(report.status).toBe(409);

    const real = await run(importId, {});
    expect(real.status).toBe(
      overCapacity === 'disabled' ? 'STOPPED_SOLD_OUT' : 'COMPLETED_WITH_REJECTS',
    );
    expect(real).toMatchObject({ dryRun: false, progress: dry.progress });
    const tickets = await world.listAll(`/v1/imports/${importId}/tickets?limit=100`);
    expect(tickets).toHaveLength(expected.tickets);
  });

  it('killed at any call, or out of time after any chunk, ends like an undisturbed one', async () => {
    const prefix = `kill-${overCapacity}-`;
    const event = await world.newEvent({ capacity }, TYPES);
    const content = [HEADER, ...toRows(prefix)].join('\n');
    const prepare = async () => {
      const { importId } = await world.analyzed(event.eventId, content, { overCapacity });
      await start(importId, { dryRun: true });
      return importId;
    };
    const calm = await prepare();
    const counting = createFailingClient(0, 'answerLost');
    await world.worker({ chunkRows }, counting.client)(world.run(calm));
    const { status, progress } = await world.read(calm);
    expect(status).toBe('DRY_RUN_COMPLETED');

    const slow = await prepare();
    for (let message: unknown = world.run(slow); message !== undefined;) {
      expect(await world.worker({ chunkRows, runMs: 0 })(message)).toBe(0);
      [message] = await world.received();
    }
    expect(await world.read(slow)).toMatchObject({ status, progress });

    for (const at of toDeaths(counting.countCalls(), 4)) {
      const importId = await prepare();
      const { client } = createFailingClient(at, 'answerLost');
      await world.worker({ chunkRows, logger }, client)(world.run(importId));
      await world.worker({ chunkRows })(world.run(importId));
      expect({ at, ...(await world.read(importId)) }).toMatchObject({ at, status, progress });
      client.destroy();
    }
  });
});

describe('what is asked for', () => {
  it('a dry run that is asked for again changes nothing; another mapping or fixes make another one', async () => {
    const event = await world.newEvent();
    const content = 'barcode,code\n*A-1*,B-1\n*A-2*,B-1\n';
    const { importId, mapping } = await world.analyzed(event.eventId, content);
    const first = await run(importId, { dryRun: true });
    expect(first.progress).toMatchObject({ tickets: 2, duplicates: 0 });
    const again = await start(importId, { dryRun: true });
    expect([again.status, again.body]).toEqual([202, first]);
    const columns = [{ index: 1, field: 'barcode' }];
    const other = await run(importId, { dryRun: true, mapping: { ...mapping, columns } });
    expect(other).toMatchObject({
      status: 'DRY_RUN_COMPLETED',
      progress: { tickets: 1, duplicates: 1 },
    });
    const fixed = await run(importId, { dryRun: true, fixes: ['stripAsterisks'], mapping });
    expect(fixed).toMatchObject({ fixes: ['stripAsterisks'], progress: { tickets: 2 } });
    const real = await run(importId, { fixes: ['stripAsterisks'] });
    expect(real).toMatchObject({ status: 'COMPLETED', progress: { tickets: 2 } });
    const late = await start(importId, { dryRun: true, fixes: ['stripAsterisks'] });
    expect(late).toMatchObject({ status: 409, body: { code: 'import_not_startable' } });
  });

  it('an import created as a dry run is one until a start says otherwise', async () => {
    const event = await world.newEvent();
    const body = { dryRun: true, autoStart: true };
    const started = await world.analyzed(event.eventId, 'barcode\nAUTO-DRY-1\n', body);
    const { importId } = started;
    expect(started).toMatchObject({ status: 'RUNNING', dryRun: true });
    await world.worker()(world.run(importId));
    expect((await start(importId)).body.status).toBe('DRY_RUN_COMPLETED');
    expect(await run(importId, { dryRun: false })).toMatchObject({
      status: 'COMPLETED',
      dryRun: false,
      progress: { tickets: 1 },
    });
  });
});
