// What passes outbox messages on to their queues is made of.
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createOutboxQueues } from '../../adapters/sqs-queues.ts';
import type { OutboxStore } from '../../app/outbox-ports.ts';
import type { PassOnDeps } from '../../app/pass-on-outbox.ts';
import { createOutboxStore } from '../../table/outbox-store.ts';
import type { TableAccess } from '../../table/table-access.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createPassOnDeps(
  env: NodeJS.ProcessEnv,
  access: TableAccess,
  sqs: SQSClient,
): PassOnDeps & { readonly outbox: OutboxStore } {
  const urls = readEnv(env, [
    'IMPORTS_QUEUE_URL',
    'EMAIL_QUEUE_URL',
    'MESSAGES_QUEUE_URL',
    'REFUNDS_QUEUE_URL',
    'LINKS_QUEUE_URL',
    'MARKETPLACE_QUEUE_URL',
    'DISPATCH_DEAD_LETTERS_URL',
  ]);
  return {
    outbox: createOutboxStore(access),
    queues: createOutboxQueues(sqs, {
      imports: urls.IMPORTS_QUEUE_URL,
      email: urls.EMAIL_QUEUE_URL,
      messages: urls.MESSAGES_QUEUE_URL,
      refunds: urls.REFUNDS_QUEUE_URL,
      links: urls.LINKS_QUEUE_URL,
      marketplace: urls.MARKETPLACE_QUEUE_URL,
      deadLetters: urls.DISPATCH_DEAD_LETTERS_URL,
    }),
    logger: createLogger(),
  };
}
