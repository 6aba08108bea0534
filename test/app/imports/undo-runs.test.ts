import { describe, expect, it } from 'vitest';
import { createImportStore } from '../../../lib/table/import-store.ts';
import type { ImportMessage } from '../../../lib/app/import-ports.ts';
import { createOutboxStore } from '../../../lib/table/outbox-store.ts';
import { createSweep } from '../../../lib/workers/sweep.ts';
import { createTestQueues, NOTHING_TO_TELL } from '../../support/outbox-queues.ts';
import { createUndoWorld } from '../../support/undo-world.ts';
import { QUIET } from '../../support/world.ts';

const world = await createUndoWorld();
const { key } = world;
const prepare = async (prefix: string) => {
  const event = await world.newEvent();
  const { importId } = await world.imported(event.eventId, `barcode\n${prefix}1\n${prefix}2\n`);
  return { importId: String(importId) };
};

describe('POST …/undo', () => {
  it('409 before an import has ended well; 404 for an import of somebody else', async () => {
    const event = await world.newEvent();
    const waiting = await world.create(event.eventId);
    const { importId } = await world.analyzed(event.eventId, 'barcode\nnot-yet\n');
    for (const id of [waiting.importId, importId]) {
      const refused = await world.undo(id);
      expect(refused).toMatchObject({ status: 409, body: { code: 'import_not_undoable' } });
    }
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    expect((await world.undo(importId)).body.code).toBe('import_not_undoable');
    await world.worker()(world.run(importId));
    const other = await world.newOrganization();
    const foreign = await world.imports(`POST /v1/imports/${importId}/undo`, { key: other.key });
    expect(foreign.status).toBe(404);
  });

  it('again while it is under way and after it changes nothing', async () => {
    const { importId } = await prepare('repeat-');
    const asked = await Promise.all([world.undo(importId), world.undo(importId)]);
    expect(asked.map(({ status, body }) => [status, body.status])).toEqual([
      [202, 'UNDOING'],
      [202, 'UNDOING'],
    ]);
    const outbox = (await world.allItems()).filter(
      (item) => (item['message'] as ImportMessage | undefined)?.type === 'import.run',
    );
    const sent = outbox.filter((item) => JSON.stringify(item['message']).includes(importId));
    expect(sent, 'the start and one undo').toHaveLength(2);
    await world.worker()(world.run(importId));
    const done = await world.read(importId);
    expect(await world.undo(importId)).toMatchObject({ status: 202, body: { status: 'UNDONE' } });
    await world.worker()(world.run(importId));
    expect(await world.read(importId)).toEqual(done);
    const start = await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    expect(start.body.code).toBe('import_not_startable');
  });
});

describe('a long undo', () => {
  it('lets another run continue when its time is over, and its progress is seen', async () => {
    const event = await world.newEvent();
    const lines = Array.from({ length: 13 }, (_, index) => `long-undo-${index}`);
    const { importId } = await world.imported(event.eventId, ['barcode', ...lines].join('\n'));
    await world.undo(importId);
    const hasty = world.worker({ runMs: 0, pageTickets: 10, groupTickets: 4 });
    const seen: number[] = [];
    for (let message: unknown = world.run(importId); message !== undefined;) {
      expect(await hasty(message)).toBe(0);
      const { progress } = await world.read(importId);
      expect(progress.rowsDone).toBe(13);
      seen.push(progress.tickets);
      [message] = await world.received();
    }
    // The last one has no contacts to look at.
    expect(seen).toEqual([3, 0, 0]);
    expect((await world.read(importId)).status).toBe('UNDONE');
    expect(await world.toStock(event.eventId)).toEqual(['0 0', '0 0']);
  });

  it('is sent on by the sweep when it stands still', async () => {
    const { importId } = await prepare('sweep-undo-');
    await world.undo(importId);
    const sent: ImportMessage[] = [];
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
      logger: QUIET,
    });
    const find = () => sent.filter((message) => JSON.stringify(message).includes(importId));
    await sweep();
    expect(find()).toEqual([]);
    world.clock.nowMs += 7 * 60_000;
    await sweep();
    expect(find()).toEqual([world.run(importId)]);
    await world.worker()(...find());
    expect((await world.read(importId)).status).toBe('UNDONE');
    world.clock.nowMs += 7 * 60_000;
    await sweep();
    expect(find()).toHaveLength(1);
  });
});
