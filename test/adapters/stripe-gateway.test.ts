import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStripeGateway } from '../../lib/adapters/stripe-gateway.ts';
import type { Checkout, ProviderRefund } from '../../lib/app/payment-ports.ts';
import {
  INVALID_REQUEST,
  OUT_OF_ORDER,
  signWebhook,
  startStripe,
  STRIPE_KEYS,
  type StripeCall,
  type StripeStandIn,
  toPaidEvent,
  toRefundEvent,
} from '../support/stripe-stand-in.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 20);
let stripe: StripeStandIn;
beforeAll(async () => {
  stripe = await startStripe();
});
afterAll(async () => stripe.close());

const gateway = () => createStripeGateway({ baseUrl: stripe.baseUrl });
const lastCall = (): StripeCall => {
  const call = stripe.calls.at(-1);
  if (call === undefined) throw new Error('Stripe was not called');
  return call;
};

const aCheckout = (changes: Partial<Checkout> = {}): Checkout => ({
  organizationId: 'org_1',
  orderId: 7_000_000_000_001,
  amountMinor: 1_251,
  subtotalMinor: 1_185,
  currency: 'EUR',
  description: 'Night of Songs',
  language: 'nl',
  returnUrl: 'https://tickets.example/pay/token',
  expiresAtMs: NOW_MS + 31 * 60_000,
  idempotencyKey: 'pay-1',
  ...changes,
});
const aRefund = (changes: Partial<ProviderRefund> = {}): ProviderRefund => ({
  organizationId: 'org_1',
  orderId: 1,
  transactionId: 'txn_1',
  providerPaymentId: 'pi_1',
  amountMinor: 1_097,
  beforeMinor: 0,
  currency: 'EUR',
  withCancel: false,
  ...changes,
});

describe('a page to pay on', () => {
  it("is made in the organization's account for what is due, once for a key", async () => {
    const page = await gateway().createCheckout(STRIPE_KEYS, aCheckout());
    expect(page.url).toBe(`https://checkout.stripe.com/c/pay/${page.sessionId}`);
    expect(lastCall()).toMatchObject({
      method: 'POST',
      path: '/v1/checkout/sessions',
      authorization: `Bearer ${STRIPE_KEYS.secretKey}`,
      idempotencyKey: 'pay-1',
      form: {
        mode: 'payment',
        locale: 'nl',
        'line_items[0][price_data][currency]': 'eur',
        'line_items[0][price_data][unit_amount]': '1251',
        'metadata[swapgateOrderId]': '7000000000001',
        expires_at: String(NOW_MS / 1_000 + 31 * 60),
        success_url: 'https://tickets.example/pay/token',
      },
    });
    expect(await gateway().createCheckout(STRIPE_KEYS, aCheckout())).toEqual(page);
  });

  it('can be expired, also when it is over already', async () => {
    await gateway().expireCheckout(STRIPE_KEYS, 'cs_1');
    expect(lastCall().path).toBe('/v1/checkout/sessions/cs_1/expire');
    stripe.answerNext(INVALID_REQUEST);
    await gateway().expireCheckout(STRIPE_KEYS, 'cs_1');
  });
});

describe('a refund', () => {
  it('is asked for once for each transaction', async () => {
    expect(await gateway().refund(STRIPE_KEYS, aRefund())).toBe('done');
    expect(lastCall()).toMatchObject({
      path: '/v1/refunds',
      idempotencyKey: 'swapgate-txn_1',
      form: { payment_intent: 'pi_1', amount: '1097' },
    });
  });

  it('has failed when Stripe says so or refuses it', async () => {
    stripe.answerNext(INVALID_REQUEST, { status: 200, body: { status: 'failed' } });
    expect(await gateway().refund(STRIPE_KEYS, aRefund({ transactionId: 'txn_2' }))).toBe('failed');
    expect(await gateway().refund(STRIPE_KEYS, aRefund({ transactionId: 'txn_3' }))).toBe('failed');
  });

  it('in tens of a three-decimal currency is asked for so that all come to the charge', async () => {
    // 10.010 KWD in two: 5.005 each would be rounded up twice.
    const half = { amountMinor: 5_005, currency: 'KWD' };
    const legs = [
      aRefund({ ...half, transactionId: 'txn_6' }),
      aRefund({ ...half, transactionId: 'txn_7', beforeMinor: 5_005 }),
    ];
    for (const leg of legs) await gateway().refund(STRIPE_KEYS, leg);
    expect(stripe.calls.slice(-3).flatMap(({ form }) => form['amount'] ?? [])).toEqual([
      '5010',
      '5000',
    ]);
  });

  it('of less than Stripe counts in is done without a call', async () => {
    const before = stripe.calls.length;
    const leg = aRefund({ transactionId: 'txn_8', amountMinor: 4, currency: 'KWD' });
    expect(await gateway().refund(STRIPE_KEYS, leg)).toBe('done');
    expect(stripe.calls).toHaveLength(before);
  });

  it('that is lost is not made again in the same attempt, but in the next', async () => {
    const lost = { status: 'failed', metadata: { swapgateTransactionId: 'txn_5' } };
    stripe.refunds.push(lost);
    const ask = async (attempt?: string) =>
      gateway().refund(STRIPE_KEYS, {
        ...aRefund({ transactionId: 'txn_5' }),
        ...(attempt === undefined ? {} : { attempt }),
      });
    expect(await ask()).toBe('failed');
    expect(lastCall().method).toBe('GET');
    expect(await ask('-1')).toBe('done');
    expect(lastCall()).toMatchObject({ method: 'POST', idempotencyKey: 'swapgate-txn_5-1' });
    stripe.refunds.length = 0;
  });

  it('is not decided while Stripe is out of order', async () => {
    stripe.answerNext(OUT_OF_ORDER, OUT_OF_ORDER, OUT_OF_ORDER);
    const refund = gateway().refund(STRIPE_KEYS, aRefund({ transactionId: 'txn_4' }));
    await expect(refund).rejects.toThrow('later');
  });
});

describe('a webhook', () => {
  const read = (text: string, signature: string | undefined, nowMs = NOW_MS) =>
    gateway().readWebhook(STRIPE_KEYS, { text, signature, nowMs });
  const pay = async (changes: Partial<Checkout> = {}, event: Record<string, unknown> = {}) => {
    const idempotencyKey = `pay-${JSON.stringify(changes)}`;
    await gateway().createCheckout(STRIPE_KEYS, aCheckout({ idempotencyKey, ...changes }));
    return JSON.stringify(toPaidEvent(lastCall(), event));
  };

  it('tells which order was paid, by which payment and how much', async () => {
    const text = await pay();
    expect(read(text, signWebhook(text, NOW_MS))).toEqual({
      as: 'paid',
      organizationId: 'org_1',
      orderId: 7_000_000_000_001,
      providerPaymentId: 'pi_1',
      amountMinor: 1_251,
      subtotalMinor: 1_185,
      currency: 'EUR',
    });
  });

  it.each([
    ['ISK', 125],
    ['KWD', 12_514],
  ])('tells in %s what was asked for, whatever Stripe rounded', async (currency, amountMinor) => {
    const text = await pay({ currency, amountMinor });
    expect(read(text, signWebhook(text, NOW_MS))).toMatchObject({ currency, amountMinor });
  });

  it('tells what was really paid when it is not what was asked for', async () => {
    const text = await pay({}, { amount_total: 1_000 });
    const paid = read(text, signWebhook(text, NOW_MS));
    expect(paid).toMatchObject({ amountMinor: 1_000 });
    expect(paid).not.toHaveProperty('subtotalMinor');
  });

  it('is nothing to us when it tells of something else', async () => {
    for (const changes of [
      { payment_status: 'unpaid' },
      { metadata: {} },
      { payment_intent: null },
    ]) {
      const text = await pay({}, changes);
      expect(read(text, signWebhook(text, NOW_MS))).toBe('other');
    }
    const text = JSON.stringify({
      object: 'event',
      type: 'charge.succeeded',
      data: { object: {} },
    });
    expect(read(text, signWebhook(text, NOW_MS))).toBe('other');
  });

  it.each(['refund.updated', 'refund.failed', 'charge.refund.updated'])(
    '(%s) tells of a refund that is lost, and of which attempt at it',
    async (type) => {
      const asked = aRefund({ transactionId: `txn_${type}`, attempt: '-1' });
      await gateway().refund(STRIPE_KEYS, asked);
      const tell = (status: string) => {
        const text = JSON.stringify(toRefundEvent(lastCall(), { type, status }));
        return read(text, signWebhook(text, NOW_MS));
      };
      const { organizationId, orderId, transactionId, attempt } = asked;
      const lost = { as: 'lost', organizationId, orderId, transactionId, attempt };
      for (const status of ['failed', 'canceled']) expect(tell(status)).toEqual(lost);
      for (const status of ['pending', 'succeeded']) expect(tell(status)).toBe('other');
    },
  );

  it('of a refund that somebody else made is nothing to us', async () => {
    const object = { id: 're_1', status: 'failed', metadata: {} };
    const text = JSON.stringify({ object: 'event', type: 'refund.failed', data: { object } });
    expect(read(text, signWebhook(text, NOW_MS))).toBe('other');
  });

  it('is forged without signature, with another secret, when it was changed or is old', async () => {
    const text = await pay();
    const signature = signWebhook(text, NOW_MS);
    expect(read(text, undefined)).toBe('forged');
    expect(read(text, 'rubbish')).toBe('forged');
    expect(read(text, signWebhook(text, NOW_MS, 'whsec_other'))).toBe('forged');
    expect(read(text.replace('pi_1', 'pi_2'), signature)).toBe('forged');
    expect(read(text, signature, NOW_MS + 300_000)).toMatchObject({ providerPaymentId: 'pi_1' });
    expect(read(text, signature, NOW_MS + 301_000)).toBe('forged');
  });
});
