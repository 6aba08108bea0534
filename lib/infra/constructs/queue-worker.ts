// A function that works off a queue. Messages that fail come back one by one, and end in the queue's dead letters.
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type AppFunction, type AppFunctionProps, createAppFunction } from './app-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** AWS: a message must stay hidden for six times the function's timeout, else a slow batch is done twice. */
const VISIBILITY_PER_TIMEOUT = 6;

interface QueueWorkerProps extends AppFunctionProps {
  readonly work: WorkQueue;
  readonly batchSize: number;
  readonly concurrencyMax: number;
}

export interface QueueWorker extends AppFunction {
  readonly work: WorkQueue;
}

export function createQueueWorker(
  scope: Construct,
  name: string,
  { work, batchSize, concurrencyMax, ...props }: QueueWorkerProps,
): QueueWorker {
  if (work.visibilitySeconds < VISIBILITY_PER_TIMEOUT * props.timeoutSeconds) {
    throw new Error(`Messages of ${name} would become visible while they are worked off.`);
  }
  const worker = createAppFunction(scope, name, props);
  worker.role.addToPolicy(
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [work.queue.queueArn],
    }),
  );
  const mapping = new EventSourceMapping(worker.fn, 'Mapping', {
    target: worker.fn,
    eventSourceArn: work.queue.queueArn,
    batchSize,
    maxConcurrency: concurrencyMax,
    reportBatchItemFailures: true,
  });
  Validations.of(mapping).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'Lambda knows no destination for a queue; the queue has its own dead letters.',
  });
  return { ...worker, work };
}
