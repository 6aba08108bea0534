// What the worker that tells marketplaces is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOutboundHttp } from '../../adapters/outbound-http.ts';
import {
  createNoticeQueue,
  createOutboundDeadLetters,
  createOutboundQueue,
} from '../../adapters/sqs-queues.ts';
import { toNewId } from '../../app/ids.ts';
import { createFindListed } from '../../app/marketplaces/find-listed.ts';
import { createSettleSale } from '../../app/marketplaces/settle-sale.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createLaneStore } from '../../table/lane-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createSaleStore } from '../../table/sale-store.ts';
import { createTimelineStore } from '../../table/timeline-store.ts';
import type { OutboundWorkerDeps } from '../../workers/outbound-queue.ts';
import { allowsLoopback, readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

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
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  const sales = createSaleStore(access, toOutboxId);
  return {
    channels: createChannelStore(access),
    lanes: createLaneStore(access),
    queue: {
      ...createOutboundQueue({ client, queueUrl: urls.MARKETPLACE_QUEUE_URL }),
      ...createOutboundDeadLetters({ client, queueUrl: urls.MARKETPLACE_DEAD_LETTERS_URL }),
    },
    http: createOutboundHttp({ allowsLoopback: allowsLoopback(env) }),
    findListed: createFindListed({
      listings: createListingStore(access, toOutboxId),
      events: createEventStore(access),
    }),
    native: { tell: async () => undefined },
    reader: { read: async () => 'unable' },
    sales,
    settleSale: createSettleSale({ sales }),
    timeline: createTimelineStore(access),
    notices: createNoticeQueue({ client, queueUrl: urls.NOTICES_QUEUE_URL }),
    clock: Date.now,
    logger: createLogger(),
  };
}
