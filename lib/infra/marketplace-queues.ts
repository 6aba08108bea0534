// What marketplaces have to be told: the queue, and the worker that tells them.
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { callsPartition, channelsPartition, laneKey } from '../table/channel-keys.ts';
import { listingPartition, saleKey } from '../table/marketplace-keys.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import { allowOnPartitions, allowOnTable, allowSend } from './grants.ts';
import type { Stage } from './stages.ts';

/** A call to somebody else's server gets 15 s, and a message makes five after each other at most in the worst case. */
const TELL_SECONDS_MAX = 90;
/** A server that doesn't answer keeps one of them busy, not all. */
const TOLD_AT_ONCE_MAX = 50;

export interface MarketplaceQueues {
  readonly marketplace: WorkQueue;
}

export function createMarketplaceQueues(scope: Construct): MarketplaceQueues {
  const marketplace = createWorkQueue(scope, 'Marketplace', {
    visibilitySeconds: 6 * TELL_SECONDS_MAX,
  });
  new CfnOutput(scope, 'MarketplaceQueueUrl', { value: marketplace.queue.queueUrl });
  new CfnOutput(scope, 'MarketplaceDeadLettersUrl', { value: marketplace.deadLetters.queueUrl });
  return { marketplace };
}

interface OutboundProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
  readonly queues: MarketplaceQueues;
}

export function createOutbound(
  scope: Construct,
  { stage, code, data, queues }: OutboundProps,
): QueueWorker {
  const { queue, deadLetters } = queues.marketplace;
  const worker = createQueueWorker(scope, 'outbound', {
    stage,
    code,
    entry: 'functions/workers/outbound.ts',
    description: 'Tells marketplaces of their sales, and how many tickets of a listing are left.',
    impact:
      'Marketplaces wait for their sales to be confirmed, and go on offering tickets that are sold.',
    memoryMb: 512,
    timeoutSeconds: TELL_SECONDS_MAX,
    work: queues.marketplace,
    // Each waits for a server of its own.
    batchSize: 1,
    concurrencyMax: TOLD_AT_ONCE_MAX,
    environment: {
      TABLE_NAME: data.table.tableName,
      MARKETPLACE_QUEUE_URL: queue.queueUrl,
      MARKETPLACE_DEAD_LETTERS_URL: deadLetters.queueUrl,
      NOTICES_QUEUE_URL: data.notices.queue.queueUrl,
    },
  });
  const { role } = worker;
  const { table } = data;
  // Listings and their tickets, settings, and what the lane knows.
  allowOnTable(role, table, 'dynamodb:GetItem', 'dynamodb:BatchGetItem');
  allowOnPartitions(role, table, {
    actions: ['dynamodb:Query'],
    partitions: channelsPartition('*'),
  });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:UpdateItem'],
    partitions: laneKey('*', '*', { kind: '*', id: '*' }).pk,
  });
  // Tokens, turns and circuits of calls in a marketplace's own words.
  allowOnPartitions(role, table, {
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    partitions: callsPartition('*'),
  });
  allowOnSales(role, table);
  allowSend(role, queue);
  allowSend(role, deadLetters);
  // Sales that have to be looked at, or tried again.
  allowSend(role, data.notices.queue);
  return worker;
}

function allowOnSales(role: Role, table: Table): void {
  // A sale hears what became of telling it, and keeps it in its timeline.
  allowOnPartitions(role, table, {
    actions: ['dynamodb:PutItem'],
    partitions: saleKey({ organizationId: '*', marketplace: '*', marketplaceOrderId: '*' }).pk,
  });
  // Sales that wait for tickets of a listing.
  allowOnPartitions(role, table, {
    actions: ['dynamodb:Query'],
    partitions: listingPartition('*', '*'),
  });
}
