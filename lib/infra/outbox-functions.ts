// The outbox's way out: the dispatcher on the table's stream, and the minute's sweep that finds what it did not send.
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Duration } from 'aws-cdk-lib/core';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { outboxKey } from '../table/keys.ts';
import { heldPartition, holdKey, listingPartition, saleKey } from '../table/marketplace-keys.ts';
import type { CodeSource } from './code.ts';
import {
  type AppFunction,
  createAppFunction,
  type Environment,
} from './constructs/app-function.ts';
import { createDeadLetterQueue } from './constructs/work-queue.ts';
import type { Data } from './data-stack.ts';
import { allowOnPartitions, allowOnTable, allowQueryOnIndexes, allowSend } from './grants.ts';
import type { LinkQueues } from './link-worker.ts';
import type { MailQueues } from './mail-workers.ts';
import type { MarketplaceQueues } from './marketplace-queues.ts';
import type { ReconcileQueues } from './reconcile-worker.ts';
import type { RefundQueues } from './refund-worker.ts';
import type { Stage } from './stages.ts';

/** Outbox items of one call: one SQS batch request holds ten, so ten requests. */
const DISPATCH_BATCH = 100;
/**
 * What fails holds up all that come after it in its shard, so it is put aside within minutes: the sweep goes on with
 * it, and records that nobody can read don't get this far.
 */
const DISPATCH_RETRIES_MAX = 10;
const DISPATCH_AGE_HOURS_MAX = 1;

/** An async function's event that failed, and the queue where it waits. */
export interface WithDeadLetters extends AppFunction {
  readonly deadLetters: Queue;
}

interface OutboxFunctionProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly queues: MailQueues & RefundQueues & LinkQueues & MarketplaceQueues;
}

/** Queues that outbox messages go to, and the one for what can't be read. */
interface Destinations extends Pick<OutboxFunctionProps, 'data' | 'queues'> {
  readonly deadLetters: Queue;
}

export function createDispatch(
  scope: Construct,
  { stage, code, data, queues }: OutboxFunctionProps,
): WithDeadLetters {
  const deadLetters = createDeadLetterQueue(scope, 'dispatch-dead-letters');
  const dispatch = createAppFunction(scope, 'dispatch', {
    stage,
    code,
    entry: 'functions/workers/dispatch.ts',
    description: 'Sends new outbox items of the table to their queues.',
    impact: 'What was committed is not passed on: imports do not begin and mails are not sent.',
    memoryMb: 512,
    timeoutSeconds: 60,
    environment: toEnvironment({ data, queues, deadLetters }),
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
  for (const queue of toDestinations({ data, queues })) allowSend(dispatch.role, queue);
  allowOnOutbox(dispatch.role, data.table, 'dynamodb:BatchWriteItem', 'dynamodb:UpdateItem');
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

const toEnvironment = ({ data, queues, deadLetters }: Destinations): Environment => ({
  TABLE_NAME: data.table.tableName,
  IMPORTS_QUEUE_URL: data.imports.queue.queueUrl,
  EMAIL_QUEUE_URL: queues.email.queue.queueUrl,
  MESSAGES_QUEUE_URL: queues.messages.queue.queueUrl,
  REFUNDS_QUEUE_URL: queues.refunds.queue.queueUrl,
  LINKS_QUEUE_URL: queues.links.queue.queueUrl,
  MARKETPLACE_QUEUE_URL: queues.marketplace.queue.queueUrl,
  DISPATCH_DEAD_LETTERS_URL: deadLetters.queueUrl,
});

const toDestinations = ({ data, queues }: Pick<Destinations, 'data' | 'queues'>) => [
  data.imports.queue,
  queues.email.queue,
  queues.messages.queue,
  queues.refunds.queue,
  queues.links.queue,
  queues.marketplace.queue,
];

const allowOnOutbox = (role: Role, table: Table, ...actions: `dynamodb:${string}`[]): void =>
  allowOnPartitions(role, table, { actions, partitions: outboxKey('*', '*').pk });

export function createSweep(
  scope: Construct,
  {
    stage,
    code,
    data,
    queues,
    dispatch,
  }: Omit<OutboxFunctionProps, 'queues'> & {
    readonly queues: OutboxFunctionProps['queues'] & ReconcileQueues;
    readonly dispatch: WithDeadLetters;
  },
): WithDeadLetters {
  const { table } = data;
  const deadLetters = createDeadLetterQueue(scope, 'sweep-dead-letters');
  const sweep = createAppFunction(scope, 'sweep', {
    stage,
    code,
    entry: 'functions/schedules/sweep.ts',
    description:
      'Every minute: queues again what was not sent, and imports that stand still; ends holds.',
    impact:
      'What was lost on its way stays lost: mails that were not sent, imports that stand still.',
    memoryMb: 512,
    timeoutSeconds: 50,
    environment: {
      ...toEnvironment({ data, queues, deadLetters: dispatch.deadLetters }),
      RECONCILE_QUEUE_URL: queues.reconcile.queue.queueUrl,
    },
    deadLetterQueue: deadLetters,
  });
  allowSend(sweep.role, queues.reconcile.queue);
  allowOnTable(sweep.role, table, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  allowQueryOnIndexes(sweep.role, table, ['byDue']);
  allowOnOutbox(
    sweep.role,
    table,
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  );
  allowEnds(sweep.role, table);
  for (const queue of [...toDestinations({ data, queues }), dispatch.deadLetters]) {
    allowSend(sweep.role, queue);
  }
  scheduleEveryMinute(scope, sweep, deadLetters);
  new CfnOutput(scope, 'SweepDeadLettersUrl', { value: deadLetters.queueUrl });
  return { ...sweep, deadLetters };
}

/** Of holds and sales whose time is over. */
function allowEnds(role: Role, table: Table): void {
  // A hold that is over, with the message that tells of its tickets.
  allowOnPartitions(role, table, {
    actions: ['dynamodb:BatchGetItem'],
    partitions: holdKey({ organizationId: '*', marketplace: '*', holdRequestId: '*' }).pk,
  });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:DeleteItem'],
    partitions: heldPartition('*', '*'),
  });
  // A sale that nobody waits for any more, its timeline, and its place among those that wait.
  allowOnPartitions(role, table, {
    actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
    partitions: saleKey({ organizationId: '*', marketplace: '*', marketplaceOrderId: '*' }).pk,
  });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:DeleteItem'],
    partitions: listingPartition('*', '*'),
  });
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
