// What marketplaces have to be told.
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';

/** A batch of calls to other people's servers, each with 20 seconds to answer. */
const TELL_SECONDS_MAX = 60;

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
