// Mail: its queues and the functions that send. How SES tells of bounces and complaints stands in mail-events.ts.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-ses';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AppFunction } from './constructs/app-function.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import { ALL_INDEXES, allowOnTable, allowQueryOnIndexes, allowSend } from './grants.ts';
import { createMailEvents, type MailEventWorker } from './mail-events.ts';
import { FONT_FILES } from '../adapters/ticket-pdf/font-files.ts';
import type { Stage } from './stages.ts';

/** A batch of mails at the sending rate, with time for SES to be slow. */
const MAIL_SECONDS_MAX = 60;
const MAIL_BATCH = 10;
/** The fewest that Lambda knows: the sending rate of one process times two is the rate of a queue. */
const SENDERS_MAX = 2;
const VISIBILITY_SECONDS = 6 * MAIL_SECONDS_MAX;

export interface MailQueues {
  readonly email: WorkQueue;
  readonly messages: WorkQueue;
}

export interface MailWorkers {
  readonly mail: QueueWorker;
  readonly messages: QueueWorker;
  readonly mailEvents: MailEventWorker;
}

interface MailProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly mailFrom: string;
  readonly publicUrl: string;
  readonly queues: MailQueues;
}

export function createMailQueues(scope: Construct): MailQueues {
  const email = createWorkQueue(scope, 'Email', { visibilitySeconds: VISIBILITY_SECONDS });
  const messages = createWorkQueue(scope, 'Messages', { visibilitySeconds: VISIBILITY_SECONDS });
  for (const [name, { queue, deadLetters }] of Object.entries({
    Email: email,
    Messages: messages,
  })) {
    new CfnOutput(scope, `${name}QueueUrl`, { value: queue.queueUrl });
    new CfnOutput(scope, `${name}DeadLettersUrl`, { value: deadLetters.queueUrl });
  }
  return { email, messages };
}

export function createMailWorkers(scope: Construct, props: MailProps): MailWorkers {
  const configurationSet = new CfnConfigurationSet(scope, 'MailConfigurationSet', {
    reputationOptions: { reputationMetricsEnabled: true },
  });
  return {
    mail: createMail(scope, props, configurationSet),
    messages: createMessages(scope, props, configurationSet),
    mailEvents: createMailEvents(scope, props, configurationSet),
  };
}

const toShared = (
  { stage, code, data, mailFrom, queues }: MailProps,
  set: CfnConfigurationSet,
) => ({
  stage,
  code,
  memoryMb: 512,
  timeoutSeconds: MAIL_SECONDS_MAX,
  batchSize: MAIL_BATCH,
  concurrencyMax: SENDERS_MAX,
  environment: {
    TABLE_NAME: data.table.tableName,
    MESSAGES_QUEUE_URL: queues.messages.queue.queueUrl,
    MAIL_FROM: mailFrom,
    MAIL_CONFIGURATION_SET: set.ref,
  },
});

function createMail(scope: Construct, props: MailProps, set: CfnConfigurationSet): QueueWorker {
  const shared = toShared(props, set);
  const worker = createQueueWorker(scope, 'mail', {
    ...shared,
    environment: { ...shared.environment, PUBLIC_URL: props.publicUrl },
    entry: 'functions/workers/mail.ts',
    description: 'Sends mails about orders and imports.',
    impact: 'Buyers get no tickets, payment links and refunds by mail.',
    work: props.queues.email,
    codeOptions: { files: Object.values(FONT_FILES) },
    // Drawing tickets takes processor time, which comes with memory.
    memoryMb: 1024,
  });
  allowMailing(worker, props, set);
  countSentAgain(worker, props.stage);
  return worker;
}

function createMessages(scope: Construct, props: MailProps, set: CfnConfigurationSet): QueueWorker {
  const worker = createQueueWorker(scope, 'messages', {
    ...toShared(props, set),
    entry: 'functions/workers/messages.ts',
    description: "Sends the organizer's messages to the contacts of an event.",
    impact: "Organizers' messages don't reach the visitors of their events.",
    work: props.queues.messages,
    // A message to many thousands sends itself on by its own queue.
    recursiveLoop: RecursiveLoop.ALLOW,
  });
  allowMailing(worker, props, set);
  allowSend(worker.role, props.queues.messages.queue);
  countSentAgain(worker, props.stage);
  return worker;
}

/** As one sender only, and nothing in the table may be deleted. */
function allowMailing({ role }: AppFunction, props: MailProps, set: CfnConfigurationSet): void {
  const { table } = props.data;
  allowOnTable(
    role,
    table,
    'dynamodb:GetItem',
    'dynamodb:BatchGetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  );
  allowQueryOnIndexes(role, table, ALL_INDEXES);
  const stack = Stack.of(role);
  const toArn = (resource: string, resourceName: string): string =>
    stack.formatArn({ service: 'ses', resource, resourceName });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['ses:SendRawEmail'],
      resources: [
        toArn('identity', props.mailFrom.replace(/^.*@/u, '')),
        toArn('configuration-set', set.ref),
      ],
      conditions: { StringEquals: { 'ses:FromAddress': props.mailFrom } },
    }),
  );
}

/** Mails that may have come twice, because SES's reply to the first was lost. */
function countSentAgain({ logGroup, name }: AppFunction, stage: Stage): void {
  new MetricFilter(logGroup, 'SentAgain', {
    logGroup,
    metricNamespace: `swapgate/${stage.name}`,
    metricName: `MailsSentAgain-${name}`,
    // As a term: the runtime puts our line into its own as a text.
    filterPattern: FilterPattern.allTerms('mail_sent_again'),
  });
}
