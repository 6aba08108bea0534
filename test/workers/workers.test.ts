import { describe, expect, it } from 'vitest';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { ImportMessage } from '../../lib/app/import-ports.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { fromOutboxItem, toOutboxItem } from '../../lib/table/outbox.ts';
import { createDispatcher } from '../../lib/workers/dispatch-outbox.ts';
import { createSweep } from '../../lib/workers/sweep-imports.ts';
import { createImportStore } from '../../lib/table/import-store.ts';
import { createImportWorld } from '../support/import-world.ts';
import { QUIET } from '../support/world.ts';

const SILENT = createLogger({ info: () => {}, error: () => {} });
const world = await createImportWorld();

describe('the dispatcher', () => {
  const toRecord = (
    eventName: 'INSERT' | 'MODIFY' | 'REMOVE',
    item: Record<string, unknown>,
    SequenceNumber: string,
  ): DynamoDBRecord => ({
    eventName,
    dynamodb: {
      SequenceNumber,
      NewImage: marshall(item, { removeUndefinedValues: true }) as Record<string, AttributeValue>,
    },
  });
  const aRun = (importId: string): ImportMessage => ({
    type: 'import.run',
    organizationId: 'org_1',
    importId,
  });
  const records = [
    toRecord('INSERT', { kind: 'ticket' }, '1'),
    toRecord('INSERT', toOutboxItem('out_1', aRun('a'), 0), '2'),
    toRecord('MODIFY', toOutboxItem('out_1', aRun('a'), 0), '3'),
    toRecord('INSERT', toOutboxItem('out_2', aRun('b'), 0), '4'),
    toRecord('INSERT', toOutboxItem('out_3', aRun('c'), 0), '5'),
  ];
  const dispatch = async (failed: readonly number[]) => {
    const sent: ImportMessage[] = [];
    const dispatcher = createDispatcher({
      send: async (messages) => {
        sent.push(...messages);
        return failed;
      },
      fromOutboxItem,
      logger: SILENT,
    });
    return { answer: await dispatcher({ Records: records }), sent };
  };
  it('sends new outbox items and nothing else', async () => {
    const { answer, sent } = await dispatch([]);
    expect(sent).toEqual([aRun('a'), aRun('b'), aRun('c')]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });
  it('has the stream delivered again from the first message that was not taken', async () => {
    expect((await dispatch([2, 1])).answer).toEqual({
      batchItemFailures: [{ itemIdentifier: '4' }],
    });
  });
});

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
      imports: createImportStore(world, () => 'out_x'),
      queue: {
        send: async (messages) => {
          sent.push(...messages);
        },
      },
      clock: () => world.clock.nowMs,
      logger: QUIET,
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
