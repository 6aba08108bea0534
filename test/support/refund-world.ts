// Tickets that were paid at Stripe, exchanges that refund them, and the worker that asks Stripe for it.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createStripeGateway } from '../../lib/adapters/stripe-gateway.ts';
import { recordPayment } from '../../lib/app/orders/record-payment.ts';
import type { OutboxMessage } from '../../lib/app/outbox-ports.ts';
import type { StripeGateway } from '../../lib/app/payment-ports.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';
import { createRefundsContainer } from '../../lib/runtime/container/refunds.ts';
import { createRefundWorker } from '../../lib/workers/refund-queue.ts';
import { createExchangeSetup } from './exchange-setup.ts';
import { startStripe, STRIPE_KEYS, type StripeCall } from './stripe-stand-in.ts';
import { SILENT } from './world.ts';

interface WorkOver {
  readonly bare?: DynamoDBClient;
  readonly stripe?: StripeGateway;
}

export async function createRefundWorld() {
  const given = await createExchangeSetup();
  const { world, setup } = given;
  const stripe = await startStripe();
  const keys = { stripe: STRIPE_KEYS };
  await world.organizers('PATCH /v1/organization', { key: world.key, body: keys });
  const env = { TABLE_NAME: world.tableName, STRIPE_BASE_URL: stripe.baseUrl };
  const gateway = createStripeGateway({ baseUrl: stripe.baseUrl });
  const deps = createExchangesContainer(env, world.bare);
  let payments = 0;
  const pay = async (orderId: number, amountMinor: number): Promise<string> => {
    const providerPaymentId = `pi_${(payments += 1)}`;
    const { organizationId, clock } = world;
    const how = {
      provider: 'stripe',
      paymentType: 'CARD',
      card: { isInternational: false },
    } as const;
    const { nowMs } = clock;
    const payment = { organizationId, orderId, ...how, providerPaymentId, amountMinor, nowMs };
    const recorded = await recordPayment(deps, payment);
    if (!recorded.ok) throw new Error(recorded.refusal.code);
    return providerPaymentId;
  };
  /** A ticket of 10.00 (S 11.85) and an upgrade to 20.00 (10.35), paid at Stripe: 12.51 and 10.97; `down` is 5.00. */
  const paidTwice = async () => {
    const made = await setup({});
    const first = await pay(made.orderId, 1251);
    await world.exchange(made);
    const second = await pay(made.orderId, 1097);
    return { made, first, second, down: await world.typeOf(made.event, 500) };
  };
  const legs = async (orderId: number): Promise<readonly OutboxMessage[]> =>
    (await world.messagesOf(orderId)).filter(({ type }) => type === 'refund.run');
  return {
    ...given,
    env,
    stripe,
    gateway,
    paidTwice,
    legs,
    /** The same, and then it becomes 5.00. */
    refunded: async () => {
      const paid = await paidTwice();
      await world.exchange({ ...paid.made, to: paid.down });
      return { ...paid, legs: await legs(paid.made.orderId) };
    },
    /** Answers how many were not done and come again. */
    work: async (
      messages: readonly OutboxMessage[],
      { bare = world.bare, stripe: asked = gateway }: WorkOver = {},
    ): Promise<number> => {
      const container = createRefundsContainer(env, bare);
      const worker = createRefundWorker({ ...container, stripe: asked, logger: SILENT });
      const Records = messages.map((message, at) => ({
        messageId: String(at),
        body: JSON.stringify({ ...message, outboxId: `out_${at}` }),
      }));
      return (await worker({ Records } as never)).batchItemFailures.length;
    },
    /** What Stripe was asked to give back of a payment. */
    refundsAt: (payment: string): readonly StripeCall[] =>
      stripe.calls.filter(
        ({ method, path, form }) =>
          method === 'POST' && path === '/v1/refunds' && form['payment_intent'] === payment,
      ),
    legsOf: async (orderId: number): Promise<readonly (readonly [unknown, string])[]> =>
      (await world.read(orderId)).transactions
        .filter(({ kind }: { kind: string }) => kind === 'REFUND')
        .map(({ amount, status }: { amount: unknown; status: string }) => [amount, status]),
  };
}
