// What the minute's sweep is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  createImportQueue,
  createOutboundQueue,
  createReconcileQueue,
} from '../../adapters/sqs-queues.ts';
import { toNewId } from '../../app/ids.ts';
import { createErasureStore } from '../../table/erasure-store.ts';
import { createHoldStore } from '../../table/hold-store.ts';
import { createImportStore } from '../../table/import-store.ts';
import { createLaneStore } from '../../table/lane-store.ts';
import { createReconcileStore } from '../../table/reconcile-store.ts';
import { createSaleStore } from '../../table/sale-store.ts';
import type { SweepDeps } from '../../workers/sweep.ts';
import { readEnv } from '../env.ts';
import { createPassOnDeps } from './pass-on.ts';

export function createSweepContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  sqs = new SQSClient({}),
): SweepDeps {
  const variables = readEnv(env, [
    'TABLE_NAME',
    'IMPORTS_QUEUE_URL',
    'MARKETPLACE_QUEUE_URL',
    'RECONCILE_QUEUE_URL',
  ]);
  const access = {
    client: DynamoDBDocumentClient.from(bare),
    tableName: variables.TABLE_NAME,
  };
  return {
    ...createPassOnDeps(env, access, sqs),
    erasures: createErasureStore(access, (nowMs) => toNewId('outbox', nowMs)),
    holds: createHoldStore(access, (nowMs) => toNewId('outbox', nowMs)),
    sales: createSaleStore(access, (nowMs) => toNewId('outbox', nowMs)),
    imports: createImportStore(access, (nowMs) => toNewId('outbox', nowMs)),
    queue: createImportQueue({ client: sqs, queueUrl: variables.IMPORTS_QUEUE_URL }),
    lanes: createLaneStore(access),
    reconciles: createReconcileStore(access),
    reconcile: createReconcileQueue({ client: sqs, queueUrl: variables.RECONCILE_QUEUE_URL }),
    outbound: createOutboundQueue({ client: sqs, queueUrl: variables.MARKETPLACE_QUEUE_URL }),
    clock: Date.now,
  };
}
