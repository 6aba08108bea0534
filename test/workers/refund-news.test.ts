// A refund that Stripe took on and that never reached the buyer: its webhooks say so, repeated and in any order, and the order
// shows it as FAILED until the host tries again.
import { afterAll, describe, expect, it } from 'vitest';
import { PAYMENT_ROUTES } from '../../lib/http/routes/payments/routes.ts';
import { createPaymentsContainer } from '../../lib/runtime/container/payments.ts';
import { createApi } from '../support/api.ts';
import { createRefundWorld } from '../support/refund-world.ts';
import {
  signWebhook,
  STRIPE_KEYS,
  type StripeCall,
  toRefundEvent,
} from '../support/stripe-stand-in.ts';
import { SILENT } from '../support/world.ts';

const refunds = await createRefundWorld();
const { world, stripe, work } = refunds;
afterAll(async () => stripe.close());
const payments = createApi(PAYMENT_ROUTES, {
  ...createPaymentsContainer(refunds.env, world.bare),
  clock: () => world.clock.nowMs,
  logger: SILENT,
});

const tell = async (call: StripeCall, status: string, type = 'refund.updated', to?: string) => {
  const text = JSON.stringify(toRefundEvent(call, { type, status }));
  const headers = { 'stripe-signature': signWebhook(text, world.clock.nowMs) };
  const path = `/hooks/stripe/${to ?? world.organizationId}` as const;
  return (await payments(`POST ${path}`, { text, headers })).status;
};

/** The newer of two payments is asked to give its money back, and Stripe says that it is on its way. */
async function pending() {
  const made = await refunds.refunded();
  const { orderId } = made.made;
  const toRefund = async () => (await world.read(orderId)).transactions[2];
  const { transactionId } = await toRefund();
  const [leg] = made.legs.filter(
    (one) => 'transactionId' in one && one.transactionId === transactionId,
  );
  if (leg === undefined) throw new Error('a leg was asked for');
  stripe.answerNext({ status: 200, body: { id: 're_1', status: 'pending' } });
  const lastCall = (): StripeCall => {
    const call = refunds.refundsAt(made.second).at(-1);
    if (call === undefined) throw new Error('Stripe was asked');
    return call;
  };
  const retry = async () => {
    const path = `/v1/orders/${orderId}/refunds/${transactionId}/retry` as const;
    expect((await world.post(path)).status).toBe(200);
    const again = (await refunds.legs(orderId)).filter((one) => 'attempt' in one);
    return again.slice(-1);
  };
  return { orderId, leg, lastCall, retry, status: async () => (await toRefund()).status };
}

describe('a refund that Stripe loses after it said that it is on its way', () => {
  it('is FAILED, however often that is told, and can be tried again', async () => {
    const { leg, lastCall, retry, status } = await pending();
    await work([leg]);
    expect(await status()).toBe('DONE');
    const first = lastCall();
    for (let times = 0; times < 2; times += 1)
      expect(await tell(first, 'failed', 'refund.failed')).toBe(204);
    expect(await status()).toBe('FAILED');
    const again = await retry();
    expect(await status()).toBe('PENDING');
    expect(await work(again)).toBe(0);
    expect(await status()).toBe('DONE');
    expect(lastCall().idempotencyKey).not.toBe(first.idempotencyKey);
  });

  it('stays FAILED when older news come late, and when its message comes again', async () => {
    const { leg, lastCall, status } = await pending();
    await work([leg]);
    await tell(lastCall(), 'failed');
    for (const late of ['pending', 'succeeded']) expect(await tell(lastCall(), late)).toBe(204);
    await work([leg]);
    expect(await status()).toBe('FAILED');
  });

  it('is FAILED when the news come before the worker has written down what Stripe answered', async () => {
    const { leg, lastCall, status } = await pending();
    const slow = {
      ...refunds.gateway,
      refund: async (...asked: Parameters<typeof refunds.gateway.refund>) => {
        const outcome = await refunds.gateway.refund(...asked);
        await tell(lastCall(), 'failed');
        return outcome;
      },
    };
    await work([leg], { stripe: slow });
    expect(await status()).toBe('FAILED');
  });

  it('is not FAILED again by news of the attempt before, before and after the next is done', async () => {
    const { leg, lastCall, retry, status } = await pending();
    await work([leg]);
    const first = lastCall();
    await tell(first, 'failed');
    const again = await retry();
    await tell(first, 'failed');
    expect(await status()).toBe('PENDING');
    await work(again);
    await tell(first, 'failed');
    expect(await status()).toBe('DONE');
    await tell(lastCall(), 'failed');
    expect(await status()).toBe('FAILED');
  });

  it('is nothing to another organization, though it has the same account', async () => {
    const { leg, lastCall, status } = await pending();
    await work([leg]);
    const { key, organizationId } = await world.newOrganization();
    await world.organizers('PATCH /v1/organization', { key, body: { stripe: STRIPE_KEYS } });
    expect(await tell(lastCall(), 'failed', 'refund.failed', organizationId)).toBe(204);
    expect(await status()).toBe('DONE');
  });
});
