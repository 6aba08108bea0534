// What one organization's door has to hear of another one's tickets: swaps to those who imported them, admissions back.
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { clashKey } from '../table/door-keys.ts';
import {
  barcodeKey,
  historyPartition,
  idBlockKey,
  orderPartition,
  outboxKey,
} from '../table/keys.ts';
import { linksPartition } from '../table/link-keys.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import { allowOnPartitions, allowOnTable, allowQueryOnIndexes } from './grants.ts';
import type { Stage } from './stages.ts';

/** A batch of tickets, each with a transaction or a few. What fails comes again after six times this. */
const LINK_SECONDS_MAX = 20;
/** People wait at a door: a message that fails must not hold up many others. */
const LINK_BATCH = 5;
const LINKS_AT_ONCE_MAX = 10;

export interface LinkQueues {
  readonly links: WorkQueue;
}

export function createLinkQueues(scope: Construct): LinkQueues {
  const links = createWorkQueue(scope, 'Links', { visibilitySeconds: 6 * LINK_SECONDS_MAX });
  new CfnOutput(scope, 'LinksQueueUrl', { value: links.queue.queueUrl });
  new CfnOutput(scope, 'LinksDeadLettersUrl', { value: links.deadLetters.queueUrl });
  return { links };
}

interface LinkProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly queues: LinkQueues;
}

export function createLinks(
  scope: Construct,
  { stage, code, data, queues }: LinkProps,
): QueueWorker {
  const { table } = data;
  const worker = createQueueWorker(scope, 'links', {
    stage,
    code,
    entry: 'functions/workers/links.ts',
    description: 'Tells organizations of swaps of tickets that they imported, and of admissions.',
    impact:
      'Who bought a ticket at TicketSwap is refused at the door of an organization that imported it.',
    memoryMb: 512,
    timeoutSeconds: LINK_SECONDS_MAX,
    work: queues.links,
    batchSize: LINK_BATCH,
    concurrencyMax: LINKS_AT_ONCE_MAX,
    environment: { TABLE_NAME: table.tableName },
  });
  const { role } = worker;
  // An imported order is built from its tickets.
  allowOnTable(role, table, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  allowQueryOnIndexes(role, table, ['byOwner']);
  const put = 'dynamodb:PutItem';
  const update = 'dynamodb:UpdateItem';
  const check = 'dynamodb:ConditionCheckItem';
  const allow = (partitions: string, ...actions: `dynamodb:${string}`[]): void =>
    allowOnPartitions(role, table, { actions, partitions });
  allow(barcodeKey('*', '*').pk, put, update, check);
  allow(linksPartition('*', '*'), put, 'dynamodb:DeleteItem');
  allow(orderPartition('*', '*'), put, update, check);
  allow(historyPartition('*', '*'), put);
  allow(idBlockKey('*', '*').pk, put);
  allow(clashKey({ organizationId: '*', eventId: '*' }, '*').pk, put);
  allow(outboxKey('*', '*').pk, put);
  return worker;
}
