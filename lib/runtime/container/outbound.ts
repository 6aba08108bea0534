// What the worker that tells marketplaces is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOutboundHttp } from '../../adapters/outbound-http.ts';
import { createOutboundDeadLetters, createOutboundQueue } from '../../adapters/sqs-queues.ts';
import { toNewId } from '../../app/ids.ts';
import { createFindListed } from '../../app/marketplaces/find-listed.ts';
import { createCallMarketplace } from '../../app/native/call.ts';
import { createNativeTeller } from '../../app/native/tell.ts';
import { findSaleFormat } from '../../marketplaces/sale-formats.ts';
import { createCallStore } from '../../table/call-store.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createLaneStore } from '../../table/lane-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
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
  ]);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName: urls.TABLE_NAME };
  const http = createOutboundHttp({ allowsLoopback: allowsLoopback(env) });
  const calls = { calls: createCallStore(access), http, findSaleFormat, clock: Date.now };
  return {
    channels: createChannelStore(access),
    lanes: createLaneStore(access),
    queue: {
      ...createOutboundQueue({ client, queueUrl: urls.MARKETPLACE_QUEUE_URL }),
      ...createOutboundDeadLetters({ client, queueUrl: urls.MARKETPLACE_DEAD_LETTERS_URL }),
    },
    http,
    native: createNativeTeller({
      findSaleFormat,
      callMarketplace: createCallMarketplace(calls),
    }),
    findListed: createFindListed({
      listings: createListingStore(access, (nowMs) => toNewId('outbox', nowMs)),
      events: createEventStore(access),
    }),
    clock: Date.now,
    logger: createLogger(),
  };
}
