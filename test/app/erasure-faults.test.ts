import { describe, expect, it } from 'vitest';
import type { ImportMessage } from '../../lib/app/import-ports.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createErasureStore } from '../../lib/table/erasure-store.ts';
import { createSweep } from '../../lib/workers/sweep.ts';
import { createErasureWorld } from '../support/erasure-world.ts';
import { createFailingClient } from '../support/failing-client.ts';
import { createTestQueues, NOTHING_TO_TELL } from '../support/outbox-queues.ts';

const world = await createErasureWorld();
const { key, newPerson, toFile, importOne, plant, findOutsideUploads } = world;
/** The deaths are meant. */
const logger = createLogger({ info: () => {}, error: () => {} });

describe('an erasure whose worker dies', () => {
  it.each(['notSent', 'answerLost'] as const)(
    'at any call (%s) is completed by the next ones',
    async (mode) => {
      const person = newPerson();
      await plant(`F${mode}`, person);
      await world.erase(person.contactId);
      let deaths = 0;
      for (let at = 1; ; at += 17) {
        const { client, countCalls } = createFailingClient(at, mode);
        const failed = await world.worker({ logger }, client)(world.message(person.contactId));
        if (countCalls() < at) break;
        deaths += failed;
      }
      expect(deaths).toBeGreaterThan(2);
      world.clock.nowMs += 3_600_000;
      await world.worker(
        { logger },
        createFailingClient(12, mode).client,
      )(world.message(person.contactId));
      await world.work(person.contactId);
      expect((await world.erase(person.contactId)).body).toMatchObject({ completed: true });
      expect(await world.findTraces(person.pattern)).toEqual([]);
    },
  );
});

describe('an erasure whose message is lost', () => {
  it('is completed by the sweep within the hour, and then left alone', async () => {
    const person = newPerson();
    const event = await world.newEvent();
    await importOne(event.eventId, 'lost-1', person);
    await world.erase(person.contactId);
    const sent: ImportMessage[] = [];
    const sweep = createSweep({
      ...NOTHING_TO_TELL,
      erasures: createErasureStore(world, () => 'out_x'),
      holds: { listDue: async () => [], resolve: async () => 'changed' },
      sales: { listDue: async () => [], change: async () => false },
      imports: { listDue: async () => [], postpone: async () => {} },
      outbox: {
        listUnsent: async () => [],
        listAside: async () => [],
        remove: async () => {},
        setAside: async () => {},
      },
      queues: createTestQueues(),
      queue: { send: async (messages) => void sent.push(...messages) },
      clock: () => world.clock.nowMs,
      logger,
    });
    for (let minute = 0; minute < 20; minute += 1) {
      world.clock.nowMs += 60_000;
      await sweep();
      const due = sent.splice(0).filter(({ type }) => type === 'contact.erase');
      if (due.length > 0) await world.worker()(...due);
    }
    expect((await world.erase(person.contactId)).body).toMatchObject({ completed: true });
    expect(await world.findTraces(person.pattern)).toEqual([]);
    world.clock.nowMs += 3_600_000;
    await sweep();
    expect(sent).toEqual([]);
  });
});

describe('an import that runs while somebody is erased', () => {
  it('dead at any call and gone on with later, leaves nothing of the person', async () => {
    for (let at = 4, isOver = false; !isOver; at += 13) {
      const person = newPerson();
      const event = await world.newEvent();
      await importOne(event.eventId, `G${at}-known`, person);
      const { importId, mapping } = await world.analyzed(event.eventId, toFile(`G${at}`, person));
      await world.imports(`POST /v1/imports/${importId}/start`, { key, body: { mapping } });
      const { client, countCalls } = createFailingClient(at, 'answerLost');
      await world.worker({ logger }, client)(world.run(importId));
      isOver = countCalls() < at;
      await world.erase(person.contactId);
      await world.work(person.contactId);
      await world.worker()(world.run(importId));
      world.clock.nowMs += 3_600_000;
      await world.work(person.contactId);
      const { status, progress } = await world.read(importId);
      expect(status).toBe('COMPLETED_WITH_REJECTS');
      expect(progress).toMatchObject({ tickets: 3, duplicates: 1, rejected: 2, rowsDone: 6 });
      expect(await findOutsideUploads(person)).toEqual([]);
    }
  });
});
