// Queues: encrypted, over TLS only, and what can't be done ends in a dead-letter queue, where it waits to be redriven.
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** SQS quota; a failure on the first day of a holiday is still there after it. */
const DEAD_LETTER_DAYS = 14;
/** Shorter than in the dead-letter queue, whose clock starts when the message was first sent. */
const WORK_DAYS = 4;
/** Five attempts see a restart, a throttled minute and a deployment through. */
const RECEIVES_MAX = 5;

export interface WorkQueue {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly visibilitySeconds: number;
}

export function createWorkQueue(
  parent: Construct,
  id: string,
  { visibilitySeconds }: { readonly visibilitySeconds: number },
): WorkQueue {
  const scope = new Construct(parent, id);
  const deadLetters = createDeadLetterQueue(scope, 'DeadLetters');
  const queue = new Queue(scope, 'Queue', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(WORK_DAYS),
    visibilityTimeout: Duration.seconds(visibilitySeconds),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES_MAX },
  });
  return { queue, deadLetters, visibilitySeconds };
}

export function createDeadLetterQueue(scope: Construct, id: string): Queue {
  const deadLetters = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
  });
  Validations.of(deadLetters).acknowledge({
    id: 'Serverless-SQSRedrivePolicy',
    reason: 'The end of the line: an alarm tells of each message, an operator redrives it.',
  });
  return deadLetters;
}
