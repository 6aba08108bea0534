// What marketplaces tell of sales, worked off from its queue.
import type { Construct } from 'constructs';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import type { CodeSource } from './code.ts';
import { type Data, NOTICE_SECONDS_MAX } from './data-stack.ts';
import { allowOnTable, allowQueryOnIndexes, ITEM_ACTIONS } from './grants.ts';
import type { Stage } from './stages.ts';

/** Each may read a sale from its marketplace before it sells up to 40 tickets. */
const NOTICE_BATCH = 5;
const NOTICES_AT_ONCE_MAX = 20;

interface NoticeProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
}

export function createNotices(scope: Construct, { stage, code, data }: NoticeProps): QueueWorker {
  const { table, notices } = data;
  const worker = createQueueWorker(scope, 'notices', {
    stage,
    code,
    entry: 'functions/workers/notices.ts',
    description: 'Applies what marketplaces tell of sales and of holds that bind nobody.',
    impact:
      'Sales at marketplaces stay unknown: their tickets are sold again, and nobody confirms them.',
    memoryMb: 512,
    timeoutSeconds: NOTICE_SECONDS_MAX,
    work: notices,
    batchSize: NOTICE_BATCH,
    concurrencyMax: NOTICES_AT_ONCE_MAX,
    environment: { TABLE_NAME: table.tableName },
  });
  const { role } = worker;
  // A sale moves tickets from their orders to a new one, as an invoice does.
  allowOnTable(role, table, ...ITEM_ACTIONS);
  allowQueryOnIndexes(role, table, ['byOwner']);
  return worker;
}
