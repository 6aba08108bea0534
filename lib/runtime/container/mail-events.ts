// What the function that hears of bounces and complaints is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SuppressDeps } from '../../app/mails/suppress-address.ts';
import { createSuppressionStore } from '../../table/suppression-store.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createMailEventsContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): SuppressDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    suppressions: createSuppressionStore(access),
    clock: Date.now,
    logger: createLogger(),
  };
}
