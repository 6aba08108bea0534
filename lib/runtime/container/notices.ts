// What the worker of notices is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toNewId } from '../../app/ids.ts';
import { createApplyNotice } from '../../app/marketplaces/apply-notice.ts';
import { retryWaiting } from '../../app/marketplaces/waiting-sales.ts';
import { createSaleReader } from '../../app/native/read-sale.ts';
import { NOTICE_FORMATS } from '../../marketplaces/notice-formats.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createErasureStore } from '../../table/erasure-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createPayloadStore } from '../../table/payload-store.ts';
import { createSealer } from '../../table/sealer.ts';
import { createTimelineStore } from '../../table/timeline-store.ts';
import type { NoticeWorkerDeps } from '../../workers/notice-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { createNativeDeps } from './native.ts';
import { createSaleDeps } from './sales.ts';

export function createNoticesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): NoticeWorkerDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const reader = createSaleReader({
    ...createNativeDeps(env, access),
    channels: createChannelStore(access),
    listings: createListingStore(access, (nowMs) => toNewId('outbox', nowMs)),
  });
  const deps = createSaleDeps(access, reader);
  return {
    sealer: createSealer(access),
    contacts: deps.contacts,
    erasures: createErasureStore(access, (nowMs) => toNewId('outbox', nowMs)),
    payloads: createPayloadStore(access),
    channels: deps.channels,
    formats: NOTICE_FORMATS,
    reader,
    applyNotice: createApplyNotice({
      ...deps,
      reader,
      timeline: createTimelineStore(access),
      clock: Date.now,
    }),
    retryWaiting: async (listing) => retryWaiting(deps, listing, Date.now()),
    logger: createLogger(),
  };
}
