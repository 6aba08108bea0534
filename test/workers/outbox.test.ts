import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { $OutboxMessage, type OutboxMessage, toQueueName } from '../../lib/app/outbox-ports.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { outboxKey } from '../../lib/table/keys.ts';
import { fromOutboxItem, toOutboxItem } from '../../lib/table/outbox.ts';
import { createOutboxStore } from '../../lib/table/outbox-store.ts';
import { createDispatcher } from '../../lib/workers/dispatch-outbox.ts';
import { createSweep } from '../../lib/workers/sweep.ts';
import { createTestQueues, NOTHING_TO_TELL, type TestQueues } from '../support/outbox-queues.ts';
import { createTestTable } from '../support/table.ts';

const SILENT = createLogger({ info: () => {}, error: () => {} });
const MINUTE = 60_000;

const aRun = (importId: string): OutboxMessage => ({
  type: 'import.run',
  organizationId: 'org_1',
  importId,
});
const anOrderMail = (orderId: number): OutboxMessage => ({
  type: 'mail.order',
  organizationId: 'org_1',
  orderId,
  cause: 'sale',
});

async function setup(queues: TestQueues = createTestQueues()) {
  const table = await createTestTable();
  const outbox = createOutboxStore(table);
  const clock = { nowMs: 0 };
  const shared = { outbox, queues, logger: SILENT };
  return {
    outbox,
    queues,
    clock,
    dispatch: createDispatcher({ ...shared, fromOutboxItem }),
    sweep: createSweep({
      ...NOTHING_TO_TELL,
      ...shared,
      imports: { listDue: async () => [], postpone: async () => undefined },
      queue: { send: async () => undefined },
      erasures: { find: async () => undefined, listDue: async () => [], postpone: async () => {} },
      holds: { listDue: async () => [], resolve: async () => 'changed' },
      sales: { listDue: async () => [], change: async () => false },
      clock: () => clock.nowMs,
    }),
    /** Commits it, and answers its record in the stream. */
    commit: async (item: Record<string, unknown>): Promise<DynamoDBRecord> => {
      await table.client.send(new PutCommand({ TableName: table.tableName, Item: item }));
      return toRecord('INSERT', item);
    },
  };
}

const toRecord = (
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE',
  item: Record<string, unknown>,
): DynamoDBRecord => ({
  eventName,
  dynamodb: {
    SequenceNumber: typeof item['pk'] === 'string' ? item['pk'] : 'other',
    NewImage: marshall(item) as Record<string, AttributeValue>,
  },
});

const idsOf = ({ sent }: TestQueues) =>
  sent.map(({ queue, entry }) => `${queue} ${entry.outboxId}`);
/** Which messages each queue takes. */
const QUEUED = {
  imports: /^(?!mail\.|refund\.|checkout\.|listing\.|sale\.)/,
  email: /^mail\.(?!message)/,
  messages: /^mail\.message/,
  refunds: /^(refund|checkout)\./,
  links: /^link\./,
  marketplace: /^(listing|sale)\./,
};
const malformed = {
  ...toOutboxItem('out_bad', aRun('bad'), 0),
  message: { type: 'import.fly', organizationId: 'org_1' },
};

describe('outbox messages', () => {
  it('each have a queue of their own', () => {
    const types = $OutboxMessage.def.options.map(({ def }) => def.shape.type.def.values[0]);
    for (const type of types) {
      const queue = toQueueName({ ...anOrderMail(1), type } as OutboxMessage);
      expect({ type, queue }).toMatchObject({
        type: expect.stringMatching(QUEUED[queue]),
      });
    }
  });
});

describe('the dispatcher', () => {
  it('sends new outbox items to their queues, nothing else, and forgets them', async () => {
    const { dispatch, commit, queues, outbox } = await setup();
    const Records = [
      toRecord('INSERT', { kind: 'ticket' }),
      await commit(toOutboxItem('out_1', aRun('a'), 0)),
      toRecord('MODIFY', toOutboxItem('out_1', aRun('a'), 0)),
      await commit(toOutboxItem('out_2', anOrderMail(7), 0)),
      toRecord('REMOVE', toOutboxItem('out_3', aRun('c'), 0)),
    ];
    expect(await dispatch({ Records })).toEqual({ batchItemFailures: [] });
    expect(queues.sent).toEqual([
      { queue: 'imports', entry: { outboxId: 'out_1', message: aRun('a') } },
      { queue: 'email', entry: { outboxId: 'out_2', message: anOrderMail(7) } },
    ]);
    expect(await outbox.listUnsent(60 * MINUTE, 100)).toEqual([]);
  });

  it('has the stream delivered again from the first message that was not taken', async () => {
    const refused = new Set(['out_3', 'out_4']);
    const setting = await setup(createTestQueues(({ outboxId }) => refused.has(outboxId)));
    const { dispatch, commit, queues, outbox } = setting;
    const Records = [
      await commit(toOutboxItem('out_1', anOrderMail(1), 0)),
      await commit(toOutboxItem('out_2', aRun('b'), 0)),
      await commit(toOutboxItem('out_3', anOrderMail(3), 0)),
      await commit(toOutboxItem('out_4', aRun('d'), 0)),
    ];
    const { pk } = outboxKey('org_1', 'out_3');
    expect(await dispatch({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: pk }] });
    expect(idsOf(queues).toSorted()).toEqual(['email out_1', 'imports out_2']);
    const unsent = await outbox.listUnsent(60 * MINUTE, 100);
    expect(unsent.map(({ outboxId }) => outboxId).toSorted()).toEqual(['out_3', 'out_4']);
  });

  it('sends to the other queues when one fails altogether', async () => {
    const queues = createTestQueues();
    const { dispatch, commit } = await setup({
      ...queues,
      async send(queue, entries) {
        if (queue === 'imports') throw new Error('gone');
        return queues.send(queue, entries);
      },
    });
    const first = await commit(toOutboxItem('out_1', aRun('a'), 0));
    const second = await commit(toOutboxItem('out_2', anOrderMail(1), 0));
    const { pk } = outboxKey('org_1', 'out_1');
    expect(await dispatch({ Records: [first, second] })).toEqual({
      batchItemFailures: [{ itemIdentifier: pk }],
    });
    expect(idsOf(queues)).toEqual(['email out_2']);
  });

  it('puts a message aside that it does not understand, tells of it, and goes on', async () => {
    const { dispatch, commit, queues, outbox } = await setup();
    const Records = [await commit(malformed), await commit(toOutboxItem('out_2', aRun('b'), 0))];
    expect(await dispatch({ Records })).toEqual({ batchItemFailures: [] });
    expect(idsOf(queues)).toEqual(['imports out_2']);
    expect(queues.reported).toEqual([{ organizationId: 'org_1', outboxId: 'out_bad' }]);
    expect(await outbox.listUnsent(60 * MINUTE, 100)).toEqual([]);
    expect(await outbox.listAside(100)).toEqual([{ organizationId: 'org_1', outboxId: 'out_bad' }]);
  });
});

describe('the sweep', () => {
  it('sends what was committed and never dispatched, once, and not before the stream had its time', async () => {
    const { sweep, commit, queues, clock } = await setup();
    for (let n = 10; n < 40; n += 1) await commit(toOutboxItem(`out_${n}`, anOrderMail(n), 0));
    await sweep();
    clock.nowMs = 4 * MINUTE;
    await sweep();
    expect(queues.sent).toEqual([]);
    clock.nowMs = 6 * MINUTE;
    await sweep();
    expect(new Set(idsOf(queues)).size).toBe(30);
    await sweep();
    expect(queues.sent).toHaveLength(30);
  });

  it('keeps what a queue does not take until it does', async () => {
    const full = { now: true };
    const { sweep, commit, queues, clock } = await setup(createTestQueues(() => full.now));
    await commit(toOutboxItem('out_1', aRun('a'), 0));
    clock.nowMs = 6 * MINUTE;
    await sweep();
    expect(queues.sent).toEqual([]);
    full.now = false;
    clock.nowMs = 100 * 24 * 60 * MINUTE;
    await sweep();
    expect(idsOf(queues)).toEqual(['imports out_1']);
  });

  it('tells of a message that it does not understand once', async () => {
    const { sweep, commit, queues, clock } = await setup();
    await commit(malformed);
    clock.nowMs = 6 * MINUTE;
    await sweep();
    await sweep();
    expect(queues.reported).toHaveLength(1);
  });
});
