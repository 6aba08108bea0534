import { describe, expect, it } from 'vitest';
import type { ImportMessage } from '../../lib/app/import-ports.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createSweep } from '../../lib/workers/sweep.ts';
import { createImportStore } from '../../lib/table/import-store.ts';
import { createOutboxStore } from '../../lib/table/outbox-store.ts';
import { createImportWorld } from '../support/import-world.ts';
import { createTestQueues, NOTHING_TO_TELL } from '../support/outbox-queues.ts';

const SILENT = createLogger({ info: () => {}, error: () => {} });
const world = await createImportWorld();

describe('the imports queue', () => {
  it('fails malformed records one by one, and takes the others', async () => {
    const deliver = world.worker({ logger: SILENT });
    expect(
      await deliver(
        'not JSON',
        { type: 'import.unknown' },
        { Records: [{ eventName: 'ObjectCreated:Post', s3: { object: { key: 'elsewhere/x' } } }] },
        { Service: 'Amazon S3', Event: 's3:TestEvent' },
        world.run('imp_unknown'),
        {
          Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'uploads/a/b' } } }],
        },
      ),
    ).toBe(3);
  });
});

describe('the sweep', () => {
  it('sends an import on that has stood still, once in its time', async () => {
    const event = await world.newEvent();
    const { importId } = await world.analyzed(event.eventId, 'barcode\nsweep-1\n');
    await world.imports(`POST /v1/imports/${importId}/start`, { key: world.key, body: {} });
    const sweep = createSweep({
      ...NOTHING_TO_TELL,
      imports: createImportStore(world, () => 'out_x'),
      queue: {
        send: async (messages) => {
          sent.push(...messages);
        },
      },
      outbox: createOutboxStore(world),
      queues: createTestQueues(),
      erasures: { find: async () => undefined, listDue: async () => [], postpone: async () => {} },
      holds: { listDue: async () => [], resolve: async () => 'changed' },
      sales: { listDue: async () => [], change: async () => false },
      clock: () => world.clock.nowMs,
      logger: SILENT,
    });
    const sent: ImportMessage[] = [];
    await sweep();
    expect(sent).toEqual([]);
    world.clock.nowMs += 7 * 60_000;
    await sweep();
    await sweep();
    expect(sent).toEqual([world.run(importId)]);
    await world.worker()(...sent);
    expect((await world.read(importId)).status).toBe('COMPLETED');
    world.clock.nowMs += 7 * 60_000;
    await sweep();
    expect(sent).toHaveLength(1);
  });
});
