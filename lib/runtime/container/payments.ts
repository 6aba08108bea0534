// What the function of the payment page is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createStripeGateway } from '../../adapters/stripe-gateway.ts';
import { toNewId } from '../../app/ids.ts';
import type { CheckoutDeps } from '../../app/payments/checkout.ts';
import type { WebhookDeps } from '../../app/payments/receive-webhook.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createCheckoutStore } from '../../table/checkout-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { createStripeKeyStore } from '../../table/stripe-key-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export type PaymentsDeps = PipelineDeps & CheckoutDeps & WebhookDeps;

/** `STRIPE_BASE_URL` leads to a stand-in; without it to Stripe. */
export function createPaymentsContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): PaymentsDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    ...createPipelineDeps(bare, access),
    organizations: createOrganizationStore(access),
    contacts: createContactStore(access),
    orders: createOrderStore(access, (nowMs) => toNewId('outbox', nowMs)),
    events: createEventStore(access),
    stripe: createStripeGateway({ baseUrl: env['STRIPE_BASE_URL'] }),
    stripeKeys: createStripeKeyStore(access),
    checkouts: createCheckoutStore(access),
  };
}
