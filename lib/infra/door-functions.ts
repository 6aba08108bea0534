// Behind the door: what follows the tickets by the table's stream (log, attendance, scan packs), and what works off the
// refusals.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { CfnOutput, Duration } from 'aws-cdk-lib/core';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  attendancePartition,
  clashKey,
  missesKey,
  packFeedPartition,
  passesPartition,
  scanLogPartition,
} from '../table/door-keys.ts';
import { keysPartition, outboxKey } from '../table/keys.ts';
import { listingMarkKey } from '../table/marketplace-keys.ts';
import type { CodeSource } from './code.ts';
import { type AppFunction, createAppFunction } from './constructs/app-function.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createDeadLetterQueue } from './constructs/work-queue.ts';
import type { Data } from './data-stack.ts';
import { allowOnPartitions } from './grants.ts';
import type { WithDeadLetters } from './outbox-functions.ts';
import type { Stage } from './stages.ts';

/** Changes of one call: their log lines are four batch writes. */
const FOLLOW_BATCH = 100;
/** Lists are seconds late; fuller batches make a scan's share of the counters cheap. */
const FOLLOW_WAIT_SECONDS = 5;
/** Scan packs read changes again that were told within 40 s: this and the clocks' differences. */
const FOLLOW_SECONDS_MAX = 30;
/** The longest there is; the window's state isn't used. */
const WINDOW_MINUTES = 15;
/** The stream forgets after 24 hours: what still fails then is put aside and alarmed. */
const FOLLOW_AGE_HOURS_MAX = 23;

interface DoorFunctionProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
}

const ANY_EVENT = { organizationId: '*', eventId: '*' };
const ANY_SCAN_LOG = scanLogPartition(ANY_EVENT, 0).replace(/0$/, '*');
const ANY_PACK_FEED = packFeedPartition(ANY_EVENT, 0).replace(/0$/, '*');
const ANY_MISSES = missesKey({ organizationId: '*', deviceId: '*' }, 'MINUTE', 0).pk;

export function createFollower(
  scope: Construct,
  { stage, code, data }: DoorFunctionProps,
): WithDeadLetters {
  const { table, streamArn } = data;
  const deadLetters = createDeadLetterQueue(scope, 'follow-tickets-dead-letters');
  const follower = createAppFunction(scope, 'follow-tickets', {
    stage,
    code,
    entry: 'functions/workers/follow-tickets.ts',
    description:
      'Keeps log, attendance and the changes for scan packs, and tells of listings, by the stream.',
    impact:
      'Attendance and the log stand still, and neither offline scanners nor marketplaces hear of scans, swaps and blocks. The door keeps admitting.',
    memoryMb: 512,
    timeoutSeconds: FOLLOW_SECONDS_MAX,
    environment: { TABLE_NAME: table.tableName },
    // Adds no permission: the mapping's records that grew too old go to the same queue.
    deadLetterQueue: deadLetters,
  });
  allowFollowing(follower.role, data);
  followStream(follower, { streamArn, deadLetters });
  new CfnOutput(scope, 'FollowTicketsDeadLettersUrl', { value: deadLetters.queueUrl });
  return { ...follower, deadLetters };
}

function allowFollowing(role: AppFunction['role'], { table, streamArn }: Data): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      resources: [streamArn],
    }),
  );
  const write = ['dynamodb:BatchWriteItem'] as const;
  allowOnPartitions(role, table, { actions: write, partitions: ANY_SCAN_LOG });
  allowOnPartitions(role, table, { actions: write, partitions: ANY_PACK_FEED });
  // Where an imported ticket comes from hears of its admission by way of the outbox, marketplaces of what is left.
  allowOnPartitions(role, table, { actions: write, partitions: outboxKey('*', '*').pk });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:BatchGetItem'],
    partitions: listingMarkKey('*', '*').pk,
  });
  allowOnPartitions(role, table, { actions: write, partitions: passesPartition('*', '*') });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:UpdateItem'],
    partitions: attendancePartition(ANY_EVENT),
  });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:UpdateItem'],
    partitions: clashKey(ANY_EVENT, '').pk,
  });
}

function followStream(
  { fn }: AppFunction,
  { streamArn, deadLetters }: { readonly streamArn: string; readonly deadLetters: Queue },
): void {
  const isTicket = { kind: { S: FilterRule.isEqual('ticket') } };
  new EventSourceMapping(fn, 'Mapping', {
    target: fn,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    filters: [
      FilterCriteria.filter({ dynamodb: { NewImage: isTicket } }),
      FilterCriteria.filter({ eventName: ['REMOVE'], dynamodb: { OldImage: isTicket } }),
    ],
    batchSize: FOLLOW_BATCH,
    maxBatchingWindow: Duration.seconds(FOLLOW_WAIT_SECONDS),
    // One call at a time for each shard, told which: the counters know by it what they have counted.
    parallelizationFactor: 1,
    tumblingWindow: Duration.minutes(WINDOW_MINUTES),
    maxRecordAge: Duration.hours(FOLLOW_AGE_HOURS_MAX),
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
}

const SCANS_SECONDS_MAX = 30;
const SCANS_BATCH = 10;
const SCANS_AT_ONCE_MAX = 10;

export interface ScanWorker extends QueueWorker {
  /** Devices that were locked because they guess barcodes. */
  readonly lockedDevices: Metric;
}

export function createScanWorker(
  scope: Construct,
  { stage, code, data }: DoorFunctionProps,
): ScanWorker {
  const { table, scans } = data;
  const worker = createQueueWorker(scope, 'scans', {
    stage,
    code,
    entry: 'functions/workers/scans.ts',
    description: 'Logs and counts refusals, and finds devices that guess barcodes.',
    impact: 'Refusals are missing in the log, and devices that guess barcodes are not locked.',
    memoryMb: 512,
    timeoutSeconds: SCANS_SECONDS_MAX,
    work: scans,
    batchSize: SCANS_BATCH,
    concurrencyMax: SCANS_AT_ONCE_MAX,
    environment: { TABLE_NAME: table.tableName },
  });
  const { role, fn } = worker;
  const put = ['dynamodb:PutItem'] as const;
  const update = ['dynamodb:UpdateItem'] as const;
  allowOnPartitions(role, table, { actions: put, partitions: ANY_SCAN_LOG });
  allowOnPartitions(role, table, { actions: update, partitions: attendancePartition(ANY_EVENT) });
  allowOnPartitions(role, table, {
    actions: [...put, ...update, 'dynamodb:BatchGetItem'],
    partitions: ANY_MISSES,
  });
  allowOnPartitions(role, table, {
    actions: ['dynamodb:GetItem', ...update],
    partitions: keysPartition('*'),
  });
  const filter = new MetricFilter(fn.logGroup, 'LockedDevices', {
    logGroup: fn.logGroup,
    metricNamespace: `swapgate/${stage.name}`,
    metricName: 'LockedDevices',
    filterPattern: FilterPattern.anyTerm('device_locked'),
  });
  return { ...worker, lockedDevices: filter.metric({ statistic: 'Sum' }) };
}
