// Alarms. Each says in its description what people notice, because that is what someone woken at night has to know.
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Api } from './api-stack.ts';
import type { AppFunction } from './constructs/app-function.ts';
import type { QueueWorker } from './constructs/queue-worker.ts';
import type { Data } from './data-stack.ts';
import type { MailEventWorker } from './mail-events.ts';
import type { Stage } from './stages.ts';
import type { WithDeadLetters } from './outbox-functions.ts';
import type { Workers } from './worker-stack.ts';

/** An upload is expected to be on its way within minutes. */
const IMPORT_WAIT_MINUTES_MAX = 15;
/** Somebody who has bought looks for the ticket at once; a mail that failed is tried again after six minutes. */
const MAIL_WAIT_MINUTES_MAX = 15;
/** At six a second a message to 50,000 contacts takes more than two hours. */
const MESSAGE_WAIT_MINUTES_MAX = 4 * 60;
/** The provider is away, or refuses what it must not. */
const REFUND_WAIT_MINUTES_MAX = 60;
/** Until then a marketplace goes on selling what is gone. */
const OUTBOUND_WAIT_MINUTES_MAX = 5;
/** Until then sold tickets are sold again elsewhere. */
const NOTICE_WAIT_MINUTES_MAX = 5;
/** Looks are due every minute; until then sales at Vivid Seats are sold again elsewhere. */
const RECONCILE_WAIT_MINUTES_MAX = 5;
/** Whoever bought a resold ticket may be at the other organization's door. */
const LINK_WAIT_MINUTES_MAX = 1;
/** What was committed is expected to be passed on within seconds. */
const DISPATCH_LAG_SECONDS_MAX = 60;
/** The log is expected to show a refusal within seconds. */
const REFUSALS_WAIT_MINUTES_MAX = 5;
/** People at the door notice a second. */
const SCAN_P99_MS_MAX = 1_000;

interface AlarmStackProps {
  readonly stage: Stage;
  readonly data: Data;
  readonly api: Api;
  readonly workers: Workers;
  /** SNS topic to tell. Without it the alarms only change their colour. */
  readonly topicArn: string | undefined;
}

interface AlarmProps {
  readonly metric: IMetric;
  /** The alarm goes off above this. */
  readonly threshold: number;
  /** One sentence: what people notice. */
  readonly impact: string;
  /** Periods of the metric that have to be above, each after the other. */
  readonly periods?: number;
}

type AddAlarm = (id: string, props: AlarmProps) => void;

export function createAlarmStack(scope: Construct, props: AlarmStackProps): void {
  const { stage, data, api, workers } = props;
  const stack = new Stack(scope, `swapgate-${stage.name}-alarms`, {
    description: 'Swapgate: alarms, each with the impact of what it tells.',
  });
  const add: AddAlarm = (id, alarm) => addAlarm(stack, { ...alarm, id, topicArn: props.topicArn });
  const functions = [
    ...Object.values(api.functions),
    { ...workers.imports, name: 'imports-worker' },
    workers.mail,
    { ...workers.messages, name: 'messages-worker' },
    { ...workers.refunds, name: 'refunds-worker' },
    workers.outbound,
    { ...workers.links, name: 'links-worker' },
    workers.mailEvents,
    { ...workers.scans, name: 'scans-worker' },
    workers.notices,
    workers.reconcile,
    workers.follower,
    workers.dispatch,
    workers.sweep,
  ];
  for (const each of functions) watchFunction(add, each);
  for (const each of [workers.dispatch, workers.sweep, workers.follower])
    watchDeadLetters(add, each);
  watchQueue(add, workers.imports, IMPORT_WAIT_MINUTES_MAX);
  watchQueue(add, workers.mail, MAIL_WAIT_MINUTES_MAX);
  watchQueue(add, workers.messages, MESSAGE_WAIT_MINUTES_MAX);
  watchQueue(add, workers.refunds, REFUND_WAIT_MINUTES_MAX);
  watchQueue(add, workers.outbound, OUTBOUND_WAIT_MINUTES_MAX);
  watchQueue(add, workers.notices, NOTICE_WAIT_MINUTES_MAX);
  watchQueue(add, workers.reconcile, RECONCILE_WAIT_MINUTES_MAX);
  watchQueue(add, workers.links, LINK_WAIT_MINUTES_MAX);
  watchQueue(add, workers.mailEvents, MAIL_WAIT_MINUTES_MAX);
  watchMailEvents(add, workers.mailEvents);
  watchStream(add, workers.dispatch);
  watchStream(add, workers.follower);
  watchScans(add, workers);
  watchApi(add, api);
  watchTable(add, data.table);
}

const EVERY_MINUTE = { period: Duration.minutes(1) };
const EVERY_FIVE_MINUTES = { period: Duration.minutes(5) };

function addAlarm(
  scope: Construct,
  alarm: AlarmProps & { readonly id: string; readonly topicArn: string | undefined },
): void {
  const { topicArn } = alarm;
  const made = new Alarm(scope, alarm.id, {
    metric: alarm.metric,
    threshold: alarm.threshold,
    evaluationPeriods: alarm.periods ?? 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `Impact: ${alarm.impact}`,
  });
  if (topicArn !== undefined) made.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
}

function watchFunction(add: AddAlarm, { fn, name, impact }: AppFunction): void {
  add(`${name}-errors`, { metric: fn.metricErrors(EVERY_FIVE_MINUTES), threshold: 0, impact });
  add(`${name}-throttles`, {
    metric: fn.metricThrottles(EVERY_FIVE_MINUTES),
    threshold: 0,
    impact,
  });
}

function watchDeadLetters(add: AddAlarm, { deadLetters, name, impact }: WithDeadLetters): void {
  const metric = deadLetters.metricApproximateNumberOfMessagesVisible({
    ...EVERY_MINUTE,
    statistic: Stats.MAXIMUM,
  });
  add(`${name}-dead-letters`, { metric, threshold: 0, impact });
}

function watchQueue(add: AddAlarm, worker: QueueWorker, waitMinutesMax: number): void {
  const { queue, deadLetters } = worker.work;
  watchDeadLetters(add, { ...worker, deadLetters });
  add(`${worker.name}-oldest-message`, {
    metric: queue.metricApproximateAgeOfOldestMessage(EVERY_MINUTE),
    threshold: waitMinutesMax * 60,
    impact: worker.impact,
  });
}

/** Given up after an hour, for nothing keeps them, see mail-events.ts. */
function watchMailEvents(add: AddAlarm, { rules, impact }: MailEventWorker): void {
  for (const { ruleName, node } of rules) {
    const metric = new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: ruleName },
      statistic: Stats.SUM,
      ...EVERY_FIVE_MINUTES,
    });
    add(`${node.id}-failures`, { metric, threshold: 0, impact });
  }
}

function watchStream(add: AddAlarm, { fn, name, impact }: AppFunction): void {
  add(`${name}-iterator-age`, {
    metric: fn.metric('IteratorAge', { ...EVERY_MINUTE, statistic: Stats.MAXIMUM }),
    threshold: DISPATCH_LAG_SECONDS_MAX * 1_000,
    periods: 3,
    impact,
  });
}

function watchScans(add: AddAlarm, { scans }: Workers): void {
  const { work, lockedDevices, impact } = scans;
  watchDeadLetters(add, { ...scans, name: 'scans-worker', deadLetters: work.deadLetters });
  add('scans-oldest-message', {
    metric: work.queue.metricApproximateAgeOfOldestMessage(EVERY_MINUTE),
    threshold: REFUSALS_WAIT_MINUTES_MAX * 60,
    impact,
  });
  add('device-locked', {
    metric: lockedDevices.with(EVERY_FIVE_MINUTES),
    threshold: 0,
    impact: 'Somebody tries barcodes with the key of a scanner: it was locked for ten minutes.',
  });
}

function watchApi(add: AddAlarm, { apiId, functions, doorFailures }: Api): void {
  const { scans } = functions;
  add('scans-failures', {
    metric: doorFailures.with(EVERY_MINUTE),
    threshold: 0,
    impact: scans.impact,
  });
  add('scans-slow', {
    metric: scans.fn.metricDuration({ ...EVERY_FIVE_MINUTES, statistic: Stats.p(99) }),
    threshold: SCAN_P99_MS_MAX,
    periods: 3,
    impact: 'One scan in a hundred takes longer than a second: the queue at the door grows.',
  });
  add('api-failures', {
    metric: new Metric({
      namespace: 'AWS/ApiGateway',
      metricName: '5xx',
      dimensionsMap: { ApiId: apiId },
      statistic: Stats.SUM,
      ...EVERY_FIVE_MINUTES,
    }),
    threshold: 0,
    impact: 'Requests of organizers or scanners were answered with a failure that is ours.',
  });
}

/** What the stores call; an alarm's expression takes ten metrics at most. */
const TABLE_OPERATIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
];

function watchTable(add: AddAlarm, table: Table): void {
  add('table-failures', {
    metric: sumOverOperations(table, 'SystemErrors'),
    threshold: 0,
    impact: 'DynamoDB fails: requests of every kind, scans too, are answered late or not at all.',
  });
  add('table-throttles', {
    metric: sumOverOperations(table, 'ThrottledRequests'),
    threshold: 0,
    periods: 3,
    impact: 'The table is written faster than it scales: imports slow down, scans may be retried.',
  });
}

/** By `SUM`, which passes over operations without data; `a + b` has no value as soon as one of them has none. */
function sumOverOperations(table: Table, metricName: string): MathExpression {
  const metrics = TABLE_OPERATIONS.map((operation, index) => [
    `m${index}`,
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: table.tableName, Operation: operation },
      statistic: Stats.SUM,
    }),
  ]);
  return new MathExpression({
    expression: 'SUM(METRICS())',
    label: metricName,
    usingMetrics: Object.fromEntries(metrics),
    ...EVERY_FIVE_MINUTES,
  });
}
