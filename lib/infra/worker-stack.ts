// What works off queues, the table's stream and the clock.
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import { createFollower, createScanWorker, type ScanWorker } from './door-functions.ts';
import {
  ALL_INDEXES,
  allowOnObjects,
  allowOnTable,
  allowQueryOnIndexes,
  allowSend,
  allowToMissObjects,
  ITEM_ACTIONS,
} from './grants.ts';
import { createLinkQueues, createLinks } from './link-worker.ts';
import { createMailQueues, createMailWorkers, type MailWorkers } from './mail-workers.ts';
import { createMarketplaceQueues, createOutbound } from './marketplace-queues.ts';
import { createNotices } from './notice-worker.ts';
import { createDispatch, createSweep, type WithDeadLetters } from './outbox-functions.ts';
import { createReconcile, createReconcileQueues } from './reconcile-worker.ts';
import { createRefundQueues, createRefunds } from './refund-worker.ts';
import type { Stage } from './stages.ts';

/** A slice of an import; what is left over goes on with the next message. */
const IMPORT_SECONDS_MAX = 5 * 60;
/**
 * Collects garbage early: a run keeps 50 MB and throws away gigabytes, which by default would pile up to three times
 * the memory at the same speed (measured by `npm run bench -- import`).
 * @internal Exported for the benchmark and tests.
 */
export const IMPORT_NODE_OPTIONS = '--max-semi-space-size=4 --max-old-space-size=96';
/** Imports at the same time: they share the table's capacity and the account's functions with the door. */
const IMPORTS_AT_ONCE_MAX = 10;

export interface Workers extends MailWorkers {
  readonly refunds: QueueWorker;
  readonly outbound: QueueWorker;
  readonly links: QueueWorker;
  readonly imports: QueueWorker;
  readonly dispatch: WithDeadLetters;
  readonly sweep: WithDeadLetters;
  readonly follower: WithDeadLetters;
  readonly scans: ScanWorker;
  readonly notices: QueueWorker;
  readonly reconcile: QueueWorker;
}

interface WorkerStackProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly mailFrom: string;
  /** Where buyers reach the API. */
  readonly publicUrl: string;
}

export function createWorkerStack(scope: Construct, props: WorkerStackProps): Workers {
  const stack = new Stack(scope, `swapgate-${props.stage.name}-workers`, {
    description: 'Swapgate: import worker, mail, outbox dispatcher and sweep.',
  });
  const queues = {
    ...createMailQueues(stack),
    ...createRefundQueues(stack),
    ...createLinkQueues(stack),
    ...createMarketplaceQueues(stack),
    ...createReconcileQueues(stack),
  };
  const dispatch = createDispatch(stack, { ...props, queues });
  return {
    imports: createImports(stack, props),
    ...createMailWorkers(stack, { ...props, queues }),
    refunds: createRefunds(stack, { ...props, queues }),
    outbound: createOutbound(stack, { ...props, queues }),
    links: createLinks(stack, { ...props, queues }),
    dispatch,
    follower: createFollower(stack, props),
    scans: createScanWorker(stack, props),
    notices: createNotices(stack, props),
    reconcile: createReconcile(stack, { ...props, queues }),
    sweep: createSweep(stack, { ...props, queues, dispatch }),
  };
}

function createImports(scope: Construct, { stage, code, data }: WorkerStackProps): QueueWorker {
  const { table, uploads, imports } = data;
  const worker = createQueueWorker(scope, 'imports', {
    stage,
    code,
    entry: 'functions/workers/imports.ts',
    description: 'Analyses uploads, imports their rows, writes reports.',
    impact:
      'Uploaded files are not analysed and imports stand still: tickets are missing at the door.',
    memoryMb: 1024,
    timeoutSeconds: IMPORT_SECONDS_MAX,
    work: imports,
    // An import takes a whole call, so a second message would only wait for it.
    batchSize: 1,
    concurrencyMax: IMPORTS_AT_ONCE_MAX,
    // A large import sends itself on by its own queue; Lambda would stop it as a loop after some sixteen calls.
    recursiveLoop: RecursiveLoop.ALLOW,
    environment: {
      TABLE_NAME: table.tableName,
      UPLOADS_BUCKET: uploads.bucketName,
      IMPORTS_QUEUE_URL: imports.queue.queueUrl,
      NODE_OPTIONS: IMPORT_NODE_OPTIONS,
    },
  });
  const { role } = worker;
  allowOnTable(role, table, ...ITEM_ACTIONS);
  allowQueryOnIndexes(role, table, ALL_INDEXES);
  const onUploads = ['s3:GetObject', 's3:DeleteObject'] as const;
  const onReports = [
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    's3:AbortMultipartUpload',
  ] as const;
  allowOnObjects(role, uploads, { actions: onUploads, prefix: 'uploads/' });
  allowOnObjects(role, uploads, { actions: onReports, prefix: 'reports/' });
  allowToMissObjects(role, uploads);
  allowSend(role, imports.queue);
  return worker;
}
