// What brings dead letters back is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { redriveQueue, takeMessages } from '../../adapters/sqs-redrive.ts';
import { redriveOutbox } from '../../app/redrive-outbox.ts';
import { readEnv } from '../env.ts';
import { createPassOnDeps } from './pass-on.ts';

/** The dead letters of the dispatcher are pointers: for them the outbox itself is looked through. */
const DISPATCH = 'dispatch';

interface Redriven {
  readonly moved: number;
  readonly left: number;
}

export async function redrive(
  env: NodeJS.ProcessEnv,
  queue: string,
  sqs = new SQSClient({}),
  bare = new DynamoDBClient({}),
): Promise<Redriven> {
  if (queue !== DISPATCH) return { moved: await redriveQueue(sqs, queue), left: 0 };
  const variables = readEnv(env, ['TABLE_NAME', 'DISPATCH_DEAD_LETTERS_URL']);
  const access = {
    client: DynamoDBDocumentClient.from(bare),
    tableName: variables.TABLE_NAME,
  };
  const { sent, left } = await redriveOutbox(createPassOnDeps(env, access, sqs));
  // Only when everything has left: until then the alarm is right.
  if (left === 0) await forget(sqs, variables.DISPATCH_DEAD_LETTERS_URL);
  return { moved: sent, left };
}

async function forget(sqs: SQSClient, queueUrl: string): Promise<void> {
  const pointers = takeMessages(sqs, queueUrl);
  while ((await pointers.next()).done !== true);
}
