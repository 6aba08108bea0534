// What stream and queue do when the system runs, by hand: a test decides about repetition, order and time.
import type { DynamoDBRecord } from 'aws-lambda';
import { inject } from 'vitest';
import { createStreamsApi } from '../../lib/local/sources/streams-api.ts';
import { createFollowerContainer } from '../../lib/runtime/container/follow-tickets.ts';
import { createScanWorkerContainer } from '../../lib/runtime/container/scan-worker.ts';
import { createTicketFollower } from '../../lib/workers/follow-tickets.ts';
import { noteRefusals } from '../../lib/app/door/note-refusals.ts';
import { toAccessKeyId } from './aws.ts';
import { openStream } from './create-table.ts';
import { QUIET, type World } from './world.ts';

export interface Following {
  /** The stream's records since the last call. */
  readonly read: () => Promise<readonly DynamoDBRecord[]>;
  /** Gives records to the function, as of one shard. */
  readonly deliver: (records: readonly DynamoDBRecord[], shardId?: string) => Promise<unknown>;
  /** Reads the stream and gives it to the function; works off the refusals. */
  readonly catchUp: () => Promise<void>;
}

const BATCH = 1_000;
const SHARD = 'shard-1';

export async function follow(world: World): Promise<Following> {
  const env = { TABLE_NAME: world.tableName };
  const shared = { clock: () => world.clock.nowMs, logger: QUIET };
  const deliverTo = createTicketFollower({
    ...createFollowerContainer(env, world.bare),
    ...shared,
  });
  const worker = { ...createScanWorkerContainer(env, world.bare), ...shared };
  const api = createStreamsApi(
    inject('dynamoDbEndpoint'),
    new AbortController().signal,
    toAccessKeyId(),
  );
  const streamArn = await openStream(world);
  let after: string | undefined;

  const read = async (): Promise<readonly DynamoDBRecord[]> => {
    const found: DynamoDBRecord[] = [];
    const [shard] = await api.listShards(streamArn);
    const shardId = shard?.ShardId ?? '';
    let iterator = await api.findIterator({ streamArn, shardId, after, type: 'TRIM_HORIZON' });
    for (;;) {
      const { Records, NextShardIterator } = await api.getRecords(iterator, BATCH);
      found.push(...Records);
      after = Records.at(-1)?.dynamodb?.SequenceNumber ?? after;
      if (Records.length === 0 || NextShardIterator === undefined) return found;
      iterator = NextShardIterator;
    }
  };
  const deliver: Following['deliver'] = async (Records, shardId = SHARD) =>
    deliverTo({ Records, shardId });
  return {
    read,
    deliver,
    async catchUp() {
      const records = await read();
      for (let start = 0; start < records.length; start += 100) {
        await deliver(records.slice(start, start + 100));
      }
      await noteRefusals(worker, world.refusals.splice(0), world.clock.nowMs);
    },
  };
}
