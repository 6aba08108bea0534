import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, inject, it, vi } from 'vitest';
import { makeTable, type TableSpec } from '../../lib/local/data/make-table.ts';
import { createCheckpoints, type Checkpoints } from '../../lib/local/sources/checkpoints.ts';
import { runStreamSource } from '../../lib/local/sources/stream-source.ts';
import { createStreamsApi } from '../../lib/local/sources/streams-api.ts';
import type { StreamSourceSpec } from '../../lib/local/template/system.ts';
import { toAccessKeyId, testAwsConfig } from '../support/aws.ts';
import { aLifetime } from './lifetime-of-test.ts';

const toSpec = (tableName: string): TableSpec => ({
  tableName,
  input: {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
});

async function setup() {
  vi.spyOn(console, 'error').mockReturnValue();
  const endpoint = inject('dynamoDbEndpoint');
  const client = new DynamoDBClient(testAwsConfig(endpoint));
  const tableName = `stream-${randomUUID()}`;
  const streamArn = String(await makeTable(client, toSpec(tableName)));
  const put = async (...pks: string[]): Promise<void> => {
    for (const pk of pks) {
      const Item = { pk: { S: pk }, bytes: { B: new Uint8Array([1, 2]) } };
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    }
  };

  const run = (
    given: Partial<StreamSourceSpec>,
    answer: (pks: readonly string[]) => unknown,
    checkpoints = createCheckpoints(undefined),
  ) => {
    const lifetime = aLifetime();
    const batches: string[][] = [];
    const records: DynamoDBRecord[] = [];
    const failures: { DDBStreamBatchInfo: { batchSize: number } }[] = [];
    const running = runStreamSource({
      spec: {
        streamArn,
        functionName: 'dispatch',
        batchSize: 100,
        startingPosition: 'TRIM_HORIZON',
        patterns: [],
        reportsItemFailures: true,
        bisects: false,
        hasWindow: false,
        retriesMax: -1,
        ...given,
      },
      api: createStreamsApi(endpoint, lifetime.signal, toAccessKeyId()),
      checkpoints,
      invoke: async (event) => {
        const { Records } = event as DynamoDBStreamEvent;
        const pks = Records.map(toPk);
        batches.push(pks);
        records.push(...Records);
        return answer(pks);
      },
      sendFailure: async (message) => void failures.push(message as (typeof failures)[number]),
      signal: lifetime.signal,
    });
    const end = async (): Promise<void> => {
      await lifetime.end(0);
      await running;
    };
    return { batches, records, failures, end };
  };
  return { put, run };
}

const toPk = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.Keys?.['pk']?.S ?? '';
const failAt = (bad: string) => (pks: readonly string[]) => {
  if (pks.includes(bad)) throw new Error(`${bad} is bad`);
};

describe('a stream mapping', () => {
  it('delivers the records in order and in the form of Lambda', async () => {
    const { put, run } = await setup();
    await put('a', 'b', 'c');
    const { batches, records } = run({}, () => undefined);
    await expect.poll(() => batches).toEqual([['a', 'b', 'c']]);
    expect(records[0]).toEqual({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      eventSourceARN: expect.stringContaining(':table/stream-'),
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: 'a' } },
        NewImage: { pk: { S: 'a' }, bytes: { B: 'AQI=' } },
        SequenceNumber: expect.any(String),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
  });

  it('delivers only what its filter lets through', async () => {
    const { put, run } = await setup();
    await put('OUT#1', 'TKT#1', 'OUT#2');
    const pattern = JSON.stringify({ dynamodb: { Keys: { pk: { S: [{ prefix: 'OUT#' }] } } } });
    const { batches } = run({ patterns: [pattern] }, () => undefined);
    await expect.poll(() => batches).toEqual([['OUT#1', 'OUT#2']]);
  });

  it('tries a failed batch again until it succeeds', async () => {
    const { put, run } = await setup();
    await put('a', 'b');
    let tries = 0;
    const { batches, failures } = run({}, () => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
    });
    await expect
      .poll(() => batches)
      .toEqual([
        ['a', 'b'],
        ['a', 'b'],
        ['a', 'b'],
      ]);
    await put('c');
    await expect.poll(() => batches.at(-1)).toEqual(['c']);
    expect(failures).toEqual([]);
  });

  it('goes on from the first record that is reported as failed', async () => {
    const { put, run } = await setup();
    await put('a', 'b', 'c');
    const { batches, records } = run({}, (pks) =>
      pks.length === 3
        ? { batchItemFailures: [{ itemIdentifier: records[1]?.dynamodb?.SequenceNumber }] }
        : undefined,
    );
    await expect
      .poll(() => batches)
      .toEqual([
        ['a', 'b', 'c'],
        ['b', 'c'],
      ]);
  });

  it('halves a failing batch, and puts aside only the record that keeps failing', async () => {
    const { put, run } = await setup();
    await put('a', 'bad', 'c', 'd');
    const { batches, failures } = run({ bisects: true, retriesMax: 1 }, failAt('bad'));
    await put('e');
    const delivered = () => batches.filter((pks) => !pks.includes('bad')).flat();
    await expect.poll(delivered).toEqual(['a', 'c', 'd', 'e']);
    expect(failures.map(({ DDBStreamBatchInfo }) => DDBStreamBatchInfo.batchSize)).toEqual([1]);
    expect(batches.filter((pks) => pks.length === 1 && pks[0] === 'bad')).toHaveLength(2);
  });

  it('goes on after a restart where it ended, and leaves nothing out', async () => {
    const { put, run } = await setup();
    const kept = new Map<string, string>();
    const checkpoints: Checkpoints = {
      find: (source, shardId) => kept.get(`${source} ${shardId}`),
      keep: (source, shardId, sequenceNumber) =>
        void kept.set(`${source} ${shardId}`, sequenceNumber),
    };
    await put('a');
    const first = run({}, () => undefined, checkpoints);
    await expect.poll(() => kept.size).toBe(1);
    await first.end();
    await put('b');
    const second = run({}, () => undefined, checkpoints);
    await expect.poll(() => second.batches).toEqual([['b']]);
  });
});

describe('a table of an earlier run', () => {
  it('is used again, unless its keys are not those of the template any more', async () => {
    const client = new DynamoDBClient(testAwsConfig(inject('dynamoDbEndpoint')));
    const spec = toSpec(`kept-${randomUUID()}`);
    const streamArn = await makeTable(client, spec);
    expect(await makeTable(client, spec)).toBe(streamArn);
    const KeySchema = [{ AttributeName: 'other', KeyType: 'HASH' as const }];
    await expect(
      makeTable(client, { ...spec, input: { ...spec.input, KeySchema } }),
    ).rejects.toThrow(/--memory/);
  });
});
