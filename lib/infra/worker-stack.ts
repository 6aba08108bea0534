// What works off queues, the table's stream and the clock.
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  RecursiveLoop,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type AppFunction, createAppFunction } from './constructs/app-function.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createDeadLetterQueue } from './constructs/work-queue.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import {
  ALL_INDEXES,
  allowOnObjects,
  allowOnTable,
  allowQueryOnIndexes,
  allowSend,
  allowToMissObjects,
  ITEM_ACTIONS,
} from './grants.ts';
import type { Stage } from './stages.ts';

/** A slice of an import; what is left over goes on with the next message. */
const IMPORT_SECONDS_MAX = 5 * 60;
/**
 * Collects garbage early: a run keeps 50 MB and throws away gigabytes, which by default would pile up to three times
 * the memory at the same speed (measured by `npm run bench -- import`).
 * @internal Exported for the benchmark.
 */
export const IMPORT_NODE_OPTIONS = '--max-semi-space-size=4 --max-old-space-size=128';
/** Imports at the same time: they share the table's capacity and the account's functions with the door. */
const IMPORTS_AT_ONCE_MAX = 10;
/** Outbox items of one call: one SQS batch request holds ten, so ten requests. */
const DISPATCH_BATCH = 100;
/** A record that fails this often is put aside: it holds up all that come after it in its shard. */
const DISPATCH_RETRIES_MAX = 20;
const DISPATCH_AGE_HOURS_MAX = 6;

/** An async function's event that failed, and the queue where it waits. */
export interface WithDeadLetters extends AppFunction {
  readonly deadLetters: Queue;
}

export interface Workers {
  readonly imports: QueueWorker;
  readonly dispatch: WithDeadLetters;
  readonly sweep: WithDeadLetters;
}

interface WorkerStackProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
}

export function createWorkerStack(scope: Construct, props: WorkerStackProps): Workers {
  const stack = new Stack(scope, `swapgate-${props.stage.name}-workers`, {
    description: 'Swapgate: import worker, outbox dispatcher and sweep.',
  });
  return {
    imports: createImports(stack, props),
    dispatch: createDispatch(stack, props),
    sweep: createSweep(stack, props),
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
  const onReports = ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'] as const;
  allowOnObjects(role, uploads, { actions: onUploads, prefix: 'uploads/' });
  allowOnObjects(role, uploads, { actions: onReports, prefix: 'reports/' });
  allowToMissObjects(role, uploads);
  allowSend(role, imports.queue);
  return worker;
}

function createDispatch(
  scope: Construct,
  { stage, code, data }: WorkerStackProps,
): WithDeadLetters {
  const deadLetters = createDeadLetterQueue(scope, 'dispatch-dead-letters');
  const dispatch = createAppFunction(scope, 'dispatch', {
    stage,
    code,
    entry: 'functions/workers/dispatch.ts',
    description: 'Sends new outbox items of the table to their queues.',
    impact: 'What was committed is not passed on: imports that were started do not begin.',
    memoryMb: 512,
    timeoutSeconds: 60,
    environment: { IMPORTS_QUEUE_URL: data.imports.queue.queueUrl },
    // Adds no permission: the mapping's failed records go to the same queue.
    deadLetterQueue: deadLetters,
  });
  dispatch.role.addToPolicy(
    new PolicyStatement({
      actions: [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      resources: [data.streamArn],
    }),
  );
  allowSend(dispatch.role, data.imports.queue);
  new EventSourceMapping(dispatch.fn, 'Mapping', {
    target: dispatch.fn,
    eventSourceArn: data.streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    filters: [
      FilterCriteria.filter({
        eventName: FilterRule.isEqual('INSERT'),
        dynamodb: { NewImage: { kind: { S: FilterRule.isEqual('outbox') } } },
      }),
    ],
    batchSize: DISPATCH_BATCH,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: DISPATCH_RETRIES_MAX,
    maxRecordAge: Duration.hours(DISPATCH_AGE_HOURS_MAX),
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  new CfnOutput(scope, 'DispatchDeadLettersUrl', { value: deadLetters.queueUrl });
  return { ...dispatch, deadLetters };
}

function createSweep(scope: Construct, { stage, code, data }: WorkerStackProps): WithDeadLetters {
  const { table, imports } = data;
  const deadLetters = createDeadLetterQueue(scope, 'sweep-dead-letters');
  const sweep = createAppFunction(scope, 'sweep', {
    stage,
    code,
    entry: 'functions/schedules/sweep.ts',
    description: 'Every minute: queues imports again that stand still.',
    impact: 'Imports whose worker was lost stay where they are until someone starts them again.',
    memoryMb: 512,
    timeoutSeconds: 50,
    environment: { TABLE_NAME: table.tableName, IMPORTS_QUEUE_URL: imports.queue.queueUrl },
    deadLetterQueue: deadLetters,
  });
  allowOnTable(sweep.role, table, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  allowQueryOnIndexes(sweep.role, table, ['byDue']);
  allowSend(sweep.role, imports.queue);
  scheduleEveryMinute(scope, sweep, deadLetters);
  new CfnOutput(scope, 'SweepDeadLettersUrl', { value: deadLetters.queueUrl });
  return { ...sweep, deadLetters };
}

function scheduleEveryMinute(
  scope: Construct,
  { fn, name }: AppFunction,
  deadLetters: Queue,
): void {
  const rule = new Rule(scope, `${name}-every-minute`, {
    schedule: Schedule.rate(Duration.minutes(1)),
  });
  rule.addTarget({
    bind: () => ({
      arn: fn.functionArn,
      deadLetterConfig: { arn: deadLetters.queueArn },
      // Later than the next minute's call, a repeated one is of no use.
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 1 },
    }),
  });
  const principal = new ServicePrincipal('events.amazonaws.com');
  fn.addPermission('Schedule', { principal, sourceArn: rule.ruleArn });
  deadLetters.addToResourcePolicy(
    new PolicyStatement({
      principals: [principal],
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
}
