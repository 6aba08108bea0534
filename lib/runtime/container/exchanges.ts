// What the exchanges' function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readEnv } from '../env.ts';
import { createOrderDeps, type OrderDeps } from './order-deps.ts';

export function createExchangesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): OrderDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  return createOrderDeps(bare, { client: DynamoDBDocumentClient.from(bare), tableName });
}
