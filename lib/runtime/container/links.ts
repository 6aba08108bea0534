// What the links worker is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toNewId } from '../../app/ids.ts';
import { createLinkStore } from '../../table/link-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import type { LinkWorkerDeps } from '../../workers/link-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createLinksContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): LinkWorkerDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  return {
    links: createLinkStore(access, toOutboxId),
    orders: createOrderStore(access, toOutboxId),
    clock: Date.now,
    logger: createLogger(),
  };
}
