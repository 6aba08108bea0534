// Marketplaces are asked what they think of sales: the queue, and the worker that asks.
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import { allowOnTable, allowQueryOnIndexes, ITEM_ACTIONS } from './grants.ts';
import type { Stage } from './stages.ts';

/** A look ends after a minute; the call under way and the sale that it brings have another one. */
const LOOK_SECONDS_MAX = 120;
const LOOKS_AT_ONCE_MAX = 10;

export interface ReconcileQueues {
  readonly reconcile: WorkQueue;
}

export function createReconcileQueues(scope: Construct): ReconcileQueues {
  const reconcile = createWorkQueue(scope, 'Reconcile', {
    visibilitySeconds: 6 * LOOK_SECONDS_MAX,
  });
  new CfnOutput(scope, 'ReconcileQueueUrl', { value: reconcile.queue.queueUrl });
  new CfnOutput(scope, 'ReconcileDeadLettersUrl', { value: reconcile.deadLetters.queueUrl });
  return { reconcile };
}

interface ReconcileProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly queues: ReconcileQueues;
}

export function createReconcile(
  scope: Construct,
  { stage, code, data: { table }, queues }: ReconcileProps,
): QueueWorker {
  const worker = createQueueWorker(scope, 'reconcile', {
    stage,
    code,
    entry: 'functions/workers/reconcile.ts',
    description: 'Asks marketplaces what they think of sales, and repairs what differs.',
    impact:
      'Sales at Vivid Seats do not come in; elsewhere what a lost message left behind stays so.',
    memoryMb: 512,
    timeoutSeconds: LOOK_SECONDS_MAX,
    work: queues.reconcile,
    // Each waits for a server of its own.
    batchSize: 1,
    concurrencyMax: LOOKS_AT_ONCE_MAX,
    environment: { TABLE_NAME: table.tableName },
  });
  // A sale that is found moves tickets from their orders to a new one, as one that is told.
  allowOnTable(worker.role, table, ...ITEM_ACTIONS);
  allowQueryOnIndexes(worker.role, table, ['byOwner']);
  return worker;
}
