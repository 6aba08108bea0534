import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAYMENT_ROUTES } from '../../lib/http/routes/payments/routes.ts';
import { createPaymentsContainer } from '../../lib/runtime/container/payments.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createStripeKeyStore } from '../../lib/table/stripe-key-store.ts';
import { toPayToken } from '../../lib/domain/pay-token.ts';
import { type Api, createApi } from '../support/api.ts';
import { createOrderWorld } from '../support/order-world.ts';
import {
  signWebhook,
  startStripe,
  STRIPE_KEYS,
  type StripeStandIn,
  toPaidEvent,
} from '../support/stripe-stand-in.ts';
import { QUIET } from '../support/world.ts';

const world = await createOrderWorld();
const { organizers, key, organizationId } = world;
let stripe: StripeStandIn;
let payments: Api;
beforeAll(async () => {
  stripe = await startStripe();
  const env = { TABLE_NAME: world.tableName, STRIPE_BASE_URL: stripe.baseUrl };
  const clock = () => world.clock.nowMs;
  const container = createPaymentsContainer(env, world.bare);
  payments = createApi(PAYMENT_ROUTES, { ...container, clock, logger: QUIET });
});
afterAll(async () => stripe.close());

const access = { client: world.client, tableName: world.tableName };
const toToken = async (orderId: number): Promise<string> =>
  toPayToken(
    { organizationId, orderId },
    await createContactStore(access).loadSecret(organizationId),
  );
const patch = async (body: unknown) => organizers('PATCH /v1/organization', { key, body });
const sellUnpaid = async () => {
  const event = await world.newEvent();
  const sold = await world.sell(event, { items: [{ ticketTypeId: event.typeId, quantity: 1 }] });
  const orderId = Number(sold.body.orderId);
  return { orderId, eventUrl: event.eventUrl, token: await toToken(orderId) };
};
const sessions = () => stripe.calls.filter(({ path }) => path === '/v1/checkout/sessions');
const tell = async (event: unknown, changes: { readonly organizationId?: string } = {}) => {
  const text = JSON.stringify(event);
  const headers = { 'stripe-signature': signWebhook(text, world.clock.nowMs) };
  const path = `/hooks/stripe/${changes.organizationId ?? organizationId}` as const;
  return payments(`POST ${path}`, { text, headers });
};
const lastSession = () => {
  const call = sessions().at(-1);
  if (call === undefined) throw new Error('no session was made');
  return call;
};

describe('settings of an organization', () => {
  it('take instructions and keys, and never show the keys', async () => {
    const set = await patch({ paymentInstructions: 'IBAN NL00\nThank you', stripe: STRIPE_KEYS });
    expect(set).toMatchObject({
      status: 200,
      body: { paymentInstructions: 'IBAN NL00\nThank you', stripe: { configured: true } },
    });
    const read = await organizers('GET /v1/organization', { key });
    expect(JSON.stringify(read.body)).not.toMatch(/sk_|whsec_/);
    expect(await createStripeKeyStore(access).find(organizationId)).toEqual(STRIPE_KEYS);
    const kept = await patch({ name: 'Other Hall' });
    expect(kept.body).toMatchObject({ stripe: { configured: true } });
    const gone = await patch({ paymentInstructions: null, stripe: null });
    expect(gone.body).not.toHaveProperty('paymentInstructions');
    expect(gone.body).not.toHaveProperty('stripe');
    expect(await createStripeKeyStore(access).find(organizationId)).toBeUndefined();
  });

  it.each([
    [{ stripe: { secretKey: 'pk_test_1', webhookSecret: 'whsec_1' } }, '/stripe/secretKey'],
    [{ stripe: { secretKey: 'sk_test_1' } }, '/stripe/webhookSecret'],
    [{ paymentInstructions: 'a\u0000b' }, '/paymentInstructions'],
  ])('422 for %j', async (body, pointer) => {
    const reply = await patch(body);
    expect(reply.status).toBe(422);
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });
});

describe('the payment page', () => {
  it("shows what is due and the organizer's instructions", async () => {
    await patch({ paymentInstructions: 'IBAN NL00', stripe: null });
    const { token, orderId } = await sellUnpaid();
    const page = await payments(`GET /pay/${token}`);
    expect(page.status).toBe(200);
    for (const text of [String(orderId), '€25.00', 'IBAN NL00']) expect(page.body).toContain(text);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const back = await payments(`POST /pay/${token}`);
    expect(back).toMatchObject({
      status: 303,
      headers: { location: `http://localhost/pay/${token}` },
    });
  });

  it('says so when the order is settled or canceled', async () => {
    const { token, orderId } = await sellUnpaid();
    await world.post(`/v1/orders/${orderId}/cancel`);
    expect((await payments(`GET /pay/${token}`)).body).toContain('This order was canceled');
    const event = await world.newEvent();
    const paid = await world.sell(event, {
      items: [{ ticketTypeId: event.typeId, quantity: 1 }],
      payment: { paymentType: 'CASH' },
    });
    const settled = await payments(`GET /pay/${await toToken(paid.body.orderId)}`);
    expect(settled.body).toContain('this order is paid');
  });

  it('404, the same page, for every token that is none of ours', async () => {
    const { token, orderId } = await sellUnpaid();
    const other = await world.newOrganization();
    const bodies = new Set<string>();
    for (const wrong of [
      'x',
      `${token.slice(0, -2)}AA`,
      `${organizationId}.${orderId + 1}.${token.split('.')[2]}`,
      `${other.organizationId}.${orderId}.${token.split('.')[2]}`,
      `org_unknown.${orderId}.${token.split('.')[2]}`,
      await toToken(1),
    ]) {
      const page = await payments(`GET /pay/${wrong}`);
      expect(page.status).toBe(404);
      bodies.add(page.body);
      expect((await payments(`POST /pay/${wrong}`)).status).toBe(404);
    }
    expect(bodies.size).toBe(1);
  });
});

describe('paying by Stripe', () => {
  it('leads to Stripe once for two clicks, and books what was paid once however often it is told', async () => {
    await patch({ stripe: STRIPE_KEYS });
    const { token, orderId } = await sellUnpaid();
    expect((await payments(`GET /pay/${token}`)).body).toContain(
      '<button type="submit">Pay €25.00',
    );
    const first = await payments(`POST /pay/${token}`);
    expect(first).toMatchObject({ status: 303 });
    expect(first.headers['location']).toMatch(/^https:\/\/checkout\.stripe\.com\//);
    const again = await payments(`POST /pay/${token}`);
    expect(again.headers['location']).toBe(first.headers['location']);

    const event = toPaidEvent(lastSession(), { payment_intent: `pi_${orderId}` });
    for (let times = 0; times < 3; times += 1) expect((await tell(event)).status).toBe(204);
    const order = await world.read(orderId);
    expect(order).toMatchObject({ status: 'PAID', balance: { amountMinor: 0 } });
    expect(order.transactions).toHaveLength(1);
    expect((await payments(`GET /pay/${token}`)).body).toContain('this order is paid');
  });

  it('closes an earlier page when another amount is due, and gives back what is paid there anyway', async () => {
    await patch({ stripe: STRIPE_KEYS });
    const { token, orderId, eventUrl } = await sellUnpaid();
    await payments(`POST /pay/${token}`);
    const early = lastSession();
    const path = `/rest/host/event/${eventUrl}/order/${orderId}/settle` as const;
    expect((await world.post(path, { action: 'MARK_AS_PAID', amount: 10 })).status).toBe(200);
    const before = stripe.calls.length;
    await payments(`POST /pay/${token}`);
    expect(lastSession().form['line_items[0][price_data][unit_amount]']).toBe('1500');
    const closed = stripe.calls.slice(before).filter(({ path }) => path.endsWith('/expire'));
    expect(closed).toHaveLength(1);

    await tell(toPaidEvent(early, { payment_intent: `pi_${orderId}` }));
    const order = await world.read(orderId);
    expect(order).toMatchObject({ status: 'PAID', balance: { amountMinor: 0 } });
    const back = order.transactions.find(({ kind }: { kind: string }) => kind === 'REFUND');
    expect(back).toMatchObject({ amount: { amountMinor: 1_000 }, status: 'PENDING' });
  });

  it('leaves nothing due when the fees change while the page is open', async () => {
    await patch({ stripe: STRIPE_KEYS });
    const schedule = {
      platformBp: 0,
      cardBp: 290,
      internationalCardBp: 0,
      cardFeeRefundable: true,
    };
    const flats = { EUR: { platformMinor: 0, cardMinor: 30 } };
    await patch({ fees: { ...schedule, flats, mode: 'passed_on' } });
    const { token, orderId } = await sellUnpaid();
    await payments(`POST /pay/${token}`);
    await patch({ fees: { ...schedule, flats: {}, cardBp: 900, mode: 'passed_on' } });
    await tell(toPaidEvent(lastSession(), { payment_intent: `pi_${orderId}` }));
    await patch({ fees: null });
    const cents = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
    expect(await world.read(orderId)).toMatchObject({
      status: 'PAID',
      balance: cents(0),
      // (25.00 + 0.30) / 0.971
      cardFees: cents(106),
      transactions: [{ amount: cents(2606) }],
    });
  });

  it('401 for what Stripe did not sign, 404 without Stripe, and nothing happens for the orders of others', async () => {
    await patch({ stripe: STRIPE_KEYS });
    const { token, orderId } = await sellUnpaid();
    await payments(`POST /pay/${token}`);
    const event = toPaidEvent(lastSession(), { payment_intent: 'pi_x' });
    const path = `POST /hooks/stripe/${organizationId}` as const;
    expect((await payments(path, { body: event })).status).toBe(401);
    const other = await world.newOrganization();
    expect((await tell(event, other)).status).toBe(404);
    await organizers('PATCH /v1/organization', { key: other.key, body: { stripe: STRIPE_KEYS } });
    expect((await tell(event, other)).status).toBe(204);
    expect(await world.read(orderId)).toMatchObject({ status: 'UNPAID', transactions: [] });
  });
});
