// What payment providers have to be asked: giving money back, and closing pages that ask for a wrong amount.
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { checkoutsPartition, orderPartition } from '../table/keys.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import { allowOnPartitions, allowOnTable, allowQueryOnIndexes } from './grants.ts';
import type { Stage } from './stages.ts';

/** A batch of calls that the provider answers slowly, each with the client's own retries. */
const REFUND_SECONDS_MAX = 120;
const REFUND_BATCH = 5;
/** Providers limit calls; nobody waits for a refund by the second. */
const REFUNDS_AT_ONCE_MAX = 2;

export interface RefundQueues {
  readonly refunds: WorkQueue;
}

export function createRefundQueues(scope: Construct): RefundQueues {
  const refunds = createWorkQueue(scope, 'Refunds', { visibilitySeconds: 6 * REFUND_SECONDS_MAX });
  new CfnOutput(scope, 'RefundsQueueUrl', { value: refunds.queue.queueUrl });
  new CfnOutput(scope, 'RefundsDeadLettersUrl', { value: refunds.deadLetters.queueUrl });
  return { refunds };
}

interface RefundProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly queues: RefundQueues;
}

export function createRefunds(
  scope: Construct,
  { stage, code, data, queues }: RefundProps,
): QueueWorker {
  const worker = createQueueWorker(scope, 'refunds', {
    stage,
    code,
    entry: 'functions/workers/refunds.ts',
    description: 'Has payment providers give money back, and closes their outdated pages.',
    impact: 'Buyers wait for money that was refunded to them; orders show it as PENDING.',
    memoryMb: 512,
    timeoutSeconds: REFUND_SECONDS_MAX,
    work: queues.refunds,
    batchSize: REFUND_BATCH,
    concurrencyMax: REFUNDS_AT_ONCE_MAX,
    environment: { TABLE_NAME: data.table.tableName },
  });
  const { role } = worker;
  const { table } = data;
  // An imported order is built from its tickets.
  allowOnTable(role, table, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  allowOnPartitions(role, table, {
    actions: ['dynamodb:UpdateItem'],
    partitions: orderPartition('*', '*'),
  });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:DeleteItem'],
    partitions: checkoutsPartition('*', '*'),
  });
  allowQueryOnIndexes(role, table, ['byOwner']);
  return worker;
}
