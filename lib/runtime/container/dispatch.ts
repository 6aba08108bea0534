// What the stream dispatcher is made of.
import { SQSClient } from '@aws-sdk/client-sqs';
import { sendImportMessages } from '../../adapters/sqs-import-queue.ts';
import { fromOutboxItem } from '../../table/outbox.ts';
import type { DispatchDeps } from '../../workers/dispatch-outbox.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createDispatchContainer(
  env: NodeJS.ProcessEnv,
  client = new SQSClient({}),
): DispatchDeps {
  const { IMPORTS_QUEUE_URL: queueUrl } = readEnv(env, ['IMPORTS_QUEUE_URL']);
  return {
    send: async (messages) => sendImportMessages({ client, queueUrl }, messages),
    fromOutboxItem,
    logger: createLogger(),
  };
}
