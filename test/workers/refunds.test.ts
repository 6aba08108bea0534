// The refund legs of exchanges at Stripe: each is paid once, whatever fails or comes twice, and what the provider refuses
// stands on the order.
import { afterAll, describe, expect, it } from 'vitest';
import { createStripeGateway } from '../../lib/adapters/stripe-gateway.ts';
import { recordPayment } from '../../lib/app/orders/record-payment.ts';
import type { OutboxMessage } from '../../lib/app/outbox-ports.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';
import { createRefundsContainer } from '../../lib/runtime/container/refunds.ts';
import { createRefundWorker } from '../../lib/workers/refund-queue.ts';
import { createExchangeSetup, eur } from '../support/exchange-setup.ts';
import {
  INVALID_REQUEST,
  OUT_OF_ORDER,
  startStripe,
  STRIPE_KEYS,
  type StripeCall,
} from '../support/stripe-stand-in.ts';
import { QUIET } from '../support/world.ts';

const { world, setup } = await createExchangeSetup();
const stripe = await startStripe();
afterAll(async () => stripe.close());
const stripeKeys = STRIPE_KEYS;
await world.organizers('PATCH /v1/organization', { key: world.key, body: { stripe: stripeKeys } });

const env = { TABLE_NAME: world.tableName, STRIPE_BASE_URL: stripe.baseUrl };
const worker = createRefundWorker({
  ...createRefundsContainer(env, world.bare),
  stripe: createStripeGateway({ baseUrl: stripe.baseUrl }),
  logger: { ...QUIET, error: () => undefined },
});
/** Answers how many were not done and come again. */
async function work(...messages: readonly OutboxMessage[]): Promise<number> {
  const Records = messages.map((message, at) => ({
    messageId: String(at),
    body: JSON.stringify({ ...message, outboxId: `out_${at}` }),
  }));
  return (await worker({ Records } as never)).batchItemFailures.length;
}

let payments = 0;
/** A ticket of 10.00 (S 11.85) and an upgrade to 20.00 (10.35), paid at Stripe: 12.51 and 10.97. Then it becomes 5.00. */
async function refunded() {
  const made = await setup({});
  const pay = async (amountMinor: number) => {
    const providerPaymentId = `pi_${(payments += 1)}`;
    const ids = { organizationId: world.organizationId, orderId: made.orderId };
    const how = { provider: 'stripe', paymentType: 'CARD', card: { isInternational: false } };
    const { nowMs } = world.clock;
    const deps = createExchangesContainer(env, world.bare);
    await recordPayment(deps, { ...ids, ...how, providerPaymentId, amountMinor, nowMs } as never);
    return providerPaymentId;
  };
  const first = await pay(1251);
  await world.exchange(made);
  const second = await pay(1097);
  const down = await world.typeOf(made.event, 500);
  await world.exchange({ ...made, to: down });
  const messages = await world.messagesOf(made.orderId);
  return { made, first, second, legs: messages.filter(({ type }) => type === 'refund.run') };
}
const refundsAt = (payment: string): readonly StripeCall[] =>
  stripe.calls.filter(
    ({ method, path, form }) =>
      method === 'POST' && path === '/v1/refunds' && form['payment_intent'] === payment,
  );
const legsOf = async (orderId: number) =>
  (await world.read(orderId)).transactions
    .filter(({ kind }: { kind: string }) => kind === 'REFUND')
    .map(({ amount, status }: { amount: unknown; status: string }) => [amount, status]);

describe('the refund legs of an exchange', () => {
  it('go to each payment, the newest first, with its card fee, and are DONE then', async () => {
    const { made, first, second, legs } = await refunded();
    expect(legs).toHaveLength(2);
    expect(await legsOf(made.orderId)).toEqual([
      [eur(1097), 'PENDING'],
      [eur(546), 'PENDING'],
    ]);
    expect(await work(...legs)).toBe(0);
    expect(refundsAt(second).map(({ form }) => form['amount'])).toEqual(['1097']);
    expect(refundsAt(first).map(({ form }) => form['amount'])).toEqual(['546']);
    expect(await legsOf(made.orderId)).toEqual([
      [eur(1097), 'DONE'],
      [eur(546), 'DONE'],
    ]);
    expect(await world.read(made.orderId)).toMatchObject({ status: 'PAID', balance: eur(0) });
  });

  it('are paid once when their messages come again', async () => {
    const { first, second, legs } = await refunded();
    for (let time = 0; time < 3; time += 1) expect(await work(...legs)).toBe(0);
    expect([refundsAt(first).length, refundsAt(second).length]).toEqual([1, 1]);
  });

  it('come again while the provider is out of order, with the same idempotency key', async () => {
    const { made, second, legs } = await refunded();
    // The client itself tries three times.
    stripe.answerNext(OUT_OF_ORDER, OUT_OF_ORDER, OUT_OF_ORDER);
    const ofSecond = legs.filter((one) => one.type === 'refund.run').slice(0, 1);
    expect(await work(...ofSecond)).toBe(1);
    expect(await work(...legs)).toBe(0);
    expect(await legsOf(made.orderId)).toEqual([
      [eur(1097), 'DONE'],
      [eur(546), 'DONE'],
    ]);
    expect(new Set(refundsAt(second).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it('stand as FAILED on the order when the provider refuses for good; the exchange stays', async () => {
    const { made, legs } = await refunded();
    stripe.answerNext(INVALID_REQUEST, INVALID_REQUEST);
    expect(await work(...legs)).toBe(0);
    expect((await legsOf(made.orderId)).map(([, status]: [unknown, string]) => status)).toContain(
      'FAILED',
    );
    expect(await world.read(made.orderId)).toMatchObject({ status: 'PAID', total: eur(668) });
  });
});

it('a change of the balance closes open pages of the provider', async () => {
  const made = await setup({});
  await world.exchange(made);
  const messages = await world.messagesOf(made.orderId);
  const outdated = messages.filter(({ type }) => type === 'checkout.expire');
  expect(outdated).toHaveLength(1);
  expect(await work(...outdated)).toBe(0);
});

it('refuses what is not its own', async () => {
  const ids = { organizationId: world.organizationId, importId: 'imp_1' };
  expect(await work({ type: 'import.run', ...ids })).toBe(1);
});
