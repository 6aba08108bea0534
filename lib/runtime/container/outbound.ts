// What the worker that tells marketplaces is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  createNoticeQueue,
  createOutboundDeadLetters,
  createOutboundQueue,
} from '../../adapters/sqs-queues.ts';
import { toNewId } from '../../app/ids.ts';
import { createFindListed } from '../../app/marketplaces/find-listed.ts';
import { createSettleSale } from '../../app/marketplaces/settle-sale.ts';
import { createSaleReader } from '../../app/native/read-sale.ts';
import { createNativeTeller } from '../../app/native/tell.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createLaneStore } from '../../table/lane-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createSaleStore } from '../../table/sale-store.ts';
import { createTimelineStore } from '../../table/timeline-store.ts';
import type { OutboundWorkerDeps } from '../../workers/outbound-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { createNativeDeps } from './native.ts';

export function createOutboundContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  client = new SQSClient({}),
): OutboundWorkerDeps {
  const urls = readEnv(env, [
    'TABLE_NAME',
    'MARKETPLACE_QUEUE_URL',
    'MARKETPLACE_DEAD_LETTERS_URL',
    'NOTICES_QUEUE_URL',
  ]);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName: urls.TABLE_NAME };
  const native = createNativeDeps(env, access);
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  const sales = createSaleStore(access, toOutboxId);
  const channels = createChannelStore(access);
  const listings = createListingStore(access, toOutboxId);
  return {
    channels,
    lanes: createLaneStore(access),
    queue: {
      ...createOutboundQueue({ client, queueUrl: urls.MARKETPLACE_QUEUE_URL }),
      ...createOutboundDeadLetters({ client, queueUrl: urls.MARKETPLACE_DEAD_LETTERS_URL }),
    },
    http: native.http,
    native: createNativeTeller(native),
    findListed: createFindListed({
      listings,
      events: createEventStore(access),
    }),
    reader: createSaleReader({ ...native, channels, listings }),
    sales,
    settleSale: createSettleSale({ sales }),
    timeline: createTimelineStore(access),
    notices: createNoticeQueue({ client, queueUrl: urls.NOTICES_QUEUE_URL }),
    clock: Date.now,
    logger: createLogger(),
  };
}
