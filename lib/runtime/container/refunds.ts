// What the refunds worker is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createStripeGateway } from '../../adapters/stripe-gateway.ts';
import { toNewId } from '../../app/ids.ts';
import { createCheckoutStore } from '../../table/checkout-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createStripeKeyStore } from '../../table/stripe-key-store.ts';
import type { RefundWorkerDeps } from '../../workers/refund-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

/** `STRIPE_BASE_URL` leads to a stand-in; without it to Stripe. */
export function createRefundsContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): RefundWorkerDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    orders: createOrderStore(access, (nowMs) => toNewId('outbox', nowMs)),
    stripe: createStripeGateway({ baseUrl: env['STRIPE_BASE_URL'] }),
    stripeKeys: createStripeKeyStore(access),
    checkouts: createCheckoutStore(access),
    logger: createLogger(),
  };
}
