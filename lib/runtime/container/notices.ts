// What the worker of notices is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NOTICE_FORMATS } from '../../marketplaces/notice-formats.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createPayloadStore } from '../../table/payload-store.ts';
import { createSealer } from '../../table/sealer.ts';
import type { NoticeWorkerDeps } from '../../workers/notice-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createNoticesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): NoticeWorkerDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    sealer: createSealer(access),
    payloads: createPayloadStore(access),
    channels: createChannelStore(access),
    formats: NOTICE_FORMATS,
    reader: { read: async () => 'unable' },
    applyNotice: async () => {
      throw new Error('sales are not applied yet');
    },
    logger: createLogger(),
  };
}
