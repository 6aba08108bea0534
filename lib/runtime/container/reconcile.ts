// What the worker that asks marketplaces is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toNewId } from '../../app/ids.ts';
import { createApplyStand } from '../../app/marketplaces/apply-stand.ts';
import { createSaleReader } from '../../app/native/read-sale.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createDifferenceStore, createReconcileStore } from '../../table/reconcile-store.ts';
import type { ReconcileWorkerDeps } from '../../workers/reconcile-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { createNativeDeps } from './native.ts';
import { createSaleDeps } from './sales.ts';

export function createReconcileContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): ReconcileWorkerDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const native = createNativeDeps(env, access);
  const channels = createChannelStore(access);
  const listings = createListingStore(access, (nowMs) => toNewId('outbox', nowMs));
  const reader = createSaleReader({ ...native, channels, listings });
  const deps = { ...createSaleDeps(access, reader), clock: Date.now };
  return {
    ...deps,
    ...native,
    reader,
    reconciles: createReconcileStore(access),
    differences: createDifferenceStore(access),
    applyStand: createApplyStand(deps),
    logger: createLogger(),
  };
}
