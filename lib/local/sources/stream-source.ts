// Delivers a table's stream to its function, shard by shard and in order. A failed batch is tried again (from its first
// failed record, or in halves), and what outlasts its retries goes to the on-failure queue, as with Lambda.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import { present } from '../../domain/assert.ts';
import type { Invoke } from '../functions.ts';
import { REGION } from '../template/place.ts';
import type { StreamSourceSpec } from '../template/system.ts';
import { readFailures } from './batch-answer.ts';
import type { Checkpoints } from './checkpoints.ts';
import { compileFilters, type Matches } from './filter-pattern.ts';
import { type StreamsApi, StreamsError } from './streams-api.ts';

/** Lambda looks four times a second. */
const POLL_MS = 250;
const BACKOFF_MS = 200;
const BACKOFF_MS_MAX = 10_000;
/** New shards appear every few hours. */
const SHARDS_MS = 30_000;

export interface StreamSource {
  readonly spec: StreamSourceSpec;
  readonly api: StreamsApi;
  readonly checkpoints: Checkpoints;
  readonly invoke: Invoke;
  /** Takes what failed for good; absent: it is only logged. */
  readonly sendFailure?: (message: unknown) => Promise<void>;
  readonly signal: AbortSignal;
}

type Batch = readonly DynamoDBRecord[];

/** Runs until the signal aborts. */
export async function runStreamSource(source: StreamSource): Promise<void> {
  const matches = compileFilters(source.spec.patterns);
  const started = new Set<string>();
  const shards: Promise<void>[] = [];
  while (!source.signal.aborted) {
    try {
      for (const { ShardId } of await source.api.listShards(source.spec.streamArn)) {
        if (started.has(ShardId)) continue;
        // Only a shard that was there at the start may be read from its end; a later one has nothing but news.
        const type = shards.length === 0 ? source.spec.startingPosition : 'TRIM_HORIZON';
        started.add(ShardId);
        shards.push(readShard(inShard(source, ShardId), matches, { shardId: ShardId, type }));
      }
    } catch (error) {
      report(source, error);
    }
    await pause(SHARDS_MS, source.signal);
  }
  await Promise.all(shards);
}

/** As in a tumbling window of Lambda, as far as it is used: the event names its shard. */
const inShard = (source: StreamSource, shardId: string): StreamSource =>
  source.spec.hasWindow
    ? { ...source, invoke: async (event) => source.invoke({ ...(event as object), shardId }) }
    : source;

interface ShardStart {
  readonly shardId: string;
  readonly type: 'TRIM_HORIZON' | 'LATEST';
}

async function readShard(source: StreamSource, matches: Matches, start: ShardStart): Promise<void> {
  const { spec, api, checkpoints, signal } = source;
  const { shardId } = start;
  let after = checkpoints.find(spec.functionName, shardId);
  let iterator: string | undefined;
  while (!signal.aborted) {
    try {
      iterator ??= await api.findIterator({
        streamArn: spec.streamArn,
        shardId,
        after,
        type: start.type,
      });
      const { Records, NextShardIterator } = await api.getRecords(iterator, spec.batchSize);
      const last = Records.at(-1)?.dynamodb?.SequenceNumber;
      await deliver(
        source,
        Records.filter(matches).map((record) => toRecord(record, spec.streamArn)),
      );
      if (signal.aborted) return;
      if (last !== undefined) checkpoints.keep(spec.functionName, shardId, (after = last));
      if (NextShardIterator === undefined) return;
      iterator = NextShardIterator;
      if (Records.length === 0) await pause(POLL_MS, signal);
    } catch (error) {
      // Another iterator from the checkpoint; where that was trimmed, from the oldest record there is.
      iterator = undefined;
      if (error instanceof StreamsError && error.code === 'TrimmedDataAccessException')
        after = undefined;
      report(source, error);
      await pause(BACKOFF_MS, signal);
    }
  }
}

const toRecord = (record: DynamoDBRecord, streamArn: string): DynamoDBRecord => ({
  ...record,
  awsRegion: REGION,
  eventSourceARN: streamArn,
});

/** Returns when every record is done, handed to the on-failure queue, or the host ends. */
async function deliver(source: StreamSource, batch: Batch): Promise<void> {
  const { spec, signal } = source;
  let rest = batch;
  for (let tries = 0; rest.length > 0 && !signal.aborted; tries += 1) {
    const failed = await invokeBatch(source, rest);
    const firstFailed = rest.findIndex((record) => failed === 'all' || failed.has(idOf(record)));
    if (firstFailed < 0) return;
    rest = rest.slice(firstFailed);
    if (spec.bisects && failed === 'all' && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      await deliver(source, rest.slice(0, middle));
      return deliver(source, rest.slice(middle));
    }
    if (spec.retriesMax >= 0 && tries >= spec.retriesMax) return giveUp(source, rest);
    await pause(Math.min(BACKOFF_MS * 2 ** tries, BACKOFF_MS_MAX), signal);
  }
}

async function invokeBatch(
  { spec, invoke }: StreamSource,
  batch: Batch,
): Promise<ReadonlySet<string> | 'all'> {
  try {
    const answer = await invoke({ Records: batch });
    return spec.reportsItemFailures ? readFailures(answer, batch.map(idOf)) : new Set();
  } catch (error) {
    console.error(`${spec.functionName} failed on ${batch.length} stream records:`, error);
    return 'all';
  }
}

const idOf = (record: DynamoDBRecord): string => record.dynamodb?.SequenceNumber ?? '';

/** Like Lambda, the message tells where the records are, not what is in them. */
async function giveUp({ spec, sendFailure }: StreamSource, batch: Batch): Promise<void> {
  console.error(`${spec.functionName}: ${batch.length} stream records failed for good`);
  await sendFailure?.({
    requestContext: {
      requestId: randomUUID(),
      functionArn: spec.functionName,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: spec.retriesMax + 1,
    },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      startSequenceNumber: idOf(present(batch[0], 'a batch has records')),
      endSequenceNumber: idOf(present(batch.at(-1), 'a batch has records')),
      batchSize: batch.length,
      streamArn: spec.streamArn,
    },
  });
}

const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

function report({ spec, signal }: StreamSource, error: unknown): void {
  if (!signal.aborted) console.error(`stream of ${spec.functionName}:`, error);
}
