// What takes notices in is made of: the queue, and the secret under which they travel.
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createNoticeQueue } from '../../adapters/sqs-queues.ts';
import type { TakeNoticeDeps } from '../../app/notices/take-notice.ts';
import { createSealer } from '../../table/sealer.ts';
import type { TableAccess } from '../../table/table-access.ts';
import { readEnv } from '../env.ts';

export function createNoticeIntake(
  env: NodeJS.ProcessEnv,
  access: TableAccess,
  client: SQSClient,
): Pick<TakeNoticeDeps, 'notices' | 'sealer'> {
  const { NOTICES_QUEUE_URL: queueUrl } = readEnv(env, ['NOTICES_QUEUE_URL']);
  return { notices: createNoticeQueue({ client, queueUrl }), sealer: createSealer(access) };
}
