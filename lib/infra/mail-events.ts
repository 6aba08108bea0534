// The way on which SES tells of bounces and complaints: over EventBridge, whose rules may write to an encrypted queue
// without a key of ours, and let through nothing but ids.
import {
  EventBus,
  EventField,
  type EventPattern,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnConfigurationSet, CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses';
import { CfnOutput, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { suppressionKey } from '../table/keys.ts';
import type { CodeSource } from './code.ts';
import { createQueueWorker, type QueueWorker } from './constructs/queue-worker.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { Data } from './data-stack.ts';
import { allowOnPartitions } from './grants.ts';
import type { Stage } from './stages.ts';

const EVENTS_SECONDS_MAX = 30;
const EVENTS_BATCH = 10;
const WORKERS_MAX = 2;

/** Without dead letters what the rules could not deliver is seen by their own metric only. */
export interface MailEventWorker extends QueueWorker {
  readonly rules: readonly Rule[];
}

interface MailEventProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
}

export function createMailEvents(
  scope: Construct,
  { stage, code, data }: MailEventProps,
  set: CfnConfigurationSet,
): MailEventWorker {
  const work = createWorkQueue(scope, 'MailEvents', {
    visibilitySeconds: 6 * EVENTS_SECONDS_MAX,
  });
  const worker = createQueueWorker(scope, 'mail-events', {
    stage,
    code,
    entry: 'functions/workers/mail-events.ts',
    description: 'Suppresses addresses that bounced or complained.',
    impact: 'Mail goes on to addresses that bounced or complained, until SES stops the account.',
    memoryMb: 256,
    timeoutSeconds: EVENTS_SECONDS_MAX,
    work,
    batchSize: EVENTS_BATCH,
    concurrencyMax: WORKERS_MAX,
    environment: { TABLE_NAME: data.table.tableName },
  });
  allowOnPartitions(worker.role, data.table, {
    actions: ['dynamodb:UpdateItem'],
    partitions: suppressionKey('*', '*').pk,
  });
  const bus = EventBus.fromEventBusName(scope, 'DefaultBus', 'default');
  new CfnConfigurationSetEventDestination(scope, 'MailEventDestination', {
    configurationSetName: set.ref,
    eventDestination: {
      enabled: true,
      matchingEventTypes: ['bounce', 'complaint'],
      eventBridgeDestination: { eventBusArn: bus.eventBusArn },
    },
  });
  const rules = sendEvents(scope, work, set);
  new CfnOutput(scope, 'MailEventsQueueUrl', { value: work.queue.queueUrl });
  new CfnOutput(scope, 'MailEventsDeadLettersUrl', { value: work.deadLetters.queueUrl });
  return { ...worker, rules };
}

/** A full mailbox empties, a complaint may be taken back: neither says that the address is dead. */
const DETAILS = {
  bounce: { eventType: ['Bounce'], bounce: { bounceType: ['Permanent'] } },
  complaint: {
    eventType: ['Complaint'],
    complaint: {
      complaintFeedbackType: [{ 'anything-but': ['not-spam'] }, { exists: false }, null],
    },
  },
} as const satisfies Record<string, EventPattern['detail']>;
/** What can't be delivered for as long is given up, see `sendEvents`. */
const TRIED_SECONDS = 3_600;

/**
 * Tags have lists of values, and a path can't name one of them: the lists go along as they are. No dead letters, which
 * would hold the event as it came, with the address.
 */
function sendEvents(
  scope: Construct,
  { queue }: WorkQueue,
  set: CfnConfigurationSet,
): readonly Rule[] {
  return (['bounce', 'complaint'] as const).map((cause) => {
    const isTagged = [{ exists: true }];
    const tags = { organization: isTagged, contact: isTagged };
    const rule = new Rule(scope, `mail-${cause}s-rule`, {
      eventPattern: {
        source: ['aws.ses'],
        detail: {
          ...DETAILS[cause],
          mail: { tags: { ...tags, 'ses:configuration-set': [set.ref] } },
        },
      },
    });
    const input = RuleTargetInput.fromObject({
      organization: EventField.fromPath('$.detail.mail.tags.organization'),
      contact: EventField.fromPath('$.detail.mail.tags.contact'),
      cause,
    });
    rule.addTarget({
      bind: () => ({
        arn: queue.queueArn,
        input,
        retryPolicy: { maximumEventAgeInSeconds: TRIED_SECONDS },
      }),
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason: 'Dead letters would hold the event as it came, with the address; an alarm tells.',
    });
    return rule;
  });
}
