// What the stream dispatcher is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { fromOutboxItem } from '../../table/outbox.ts';
import type { DispatchDeps } from '../../workers/dispatch-outbox.ts';
import { readEnv } from '../env.ts';
import { createPassOnDeps } from './pass-on.ts';

export function createDispatchContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  sqs = new SQSClient({}),
): DispatchDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return { ...createPassOnDeps(env, access, sqs), fromOutboxItem };
}
