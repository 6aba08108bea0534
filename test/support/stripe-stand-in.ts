// A server that stands in for Stripe: takes the calls that Swapgate makes, remembers them, and signs webhooks.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import type { StripeKeys } from '../../lib/app/payment-ports.ts';

export const STRIPE_KEYS: StripeKeys = {
  secretKey: 'sk_test_standin',
  webhookSecret: 'whsec_standin',
};

export interface StripeCall {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

interface StandInAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface StripeStandIn {
  readonly baseUrl: string;
  readonly calls: readonly StripeCall[];
  /** Answers the next calls that change something like this instead, one each. */
  readonly answerNext: (...answers: readonly StandInAnswer[]) => void;
  /** What it answers when it is asked for refunds of a payment. */
  readonly refunds: unknown[];
  readonly close: () => Promise<void>;
}

/** As Stripe refuses what would be refused again. */
export const INVALID_REQUEST: StandInAnswer = {
  status: 400,
  body: { error: { type: 'invalid_request_error', message: 'no' } },
};
export const OUT_OF_ORDER: StandInAnswer = {
  status: 500,
  body: { error: { type: 'api_error', message: 'later' } },
};

export async function startStripe(): Promise<StripeStandIn> {
  const calls: StripeCall[] = [];
  const prepared: StandInAnswer[] = [];
  const refunds: unknown[] = [];
  /** One answer for each idempotency key, as Stripe gives it. */
  const remembered = new Map<string, StandInAnswer>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { authorization, 'idempotency-key': key } = request.headers;
    const call: StripeCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization,
      idempotencyKey: key === undefined ? undefined : String(key),
      form: Object.fromEntries(new URLSearchParams(text)),
    };
    calls.push(call);
    const known = call.idempotencyKey && remembered.get(call.idempotencyKey);
    const next = call.method === 'GET' ? undefined : prepared.shift();
    const list = { status: 200, body: { object: 'list', data: refunds } };
    const answer = call.method === 'GET' ? list : (next ?? (known || toAnswer(call, calls.length)));
    if (call.idempotencyKey && answer.status < 500) remembered.set(call.idempotencyKey, answer);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    calls,
    refunds,
    answerNext: (...answers) => void prepared.push(...answers),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toAnswer({ path }: StripeCall, count: number): StandInAnswer {
  if (path.endsWith('/expire')) return { status: 200, body: { status: 'expired' } };
  if (path === '/v1/refunds') {
    return { status: 200, body: { id: `re_${count}`, status: 'succeeded' } };
  }
  const id = `cs_test_${count}`;
  return { status: 200, body: { id, url: `https://checkout.stripe.com/c/pay/${id}` } };
}

/** The paid session of a `POST /v1/checkout/sessions` call, as Stripe tells of it. */
export const toPaidEvent = (
  { form }: StripeCall,
  changes: Readonly<Record<string, unknown>> = {},
) => ({
  id: 'evt_1',
  object: 'event',
  type: 'checkout.session.completed',
  data: {
    object: {
      id: 'cs_test_1',
      object: 'checkout.session',
      payment_status: 'paid',
      payment_intent: 'pi_1',
      currency: form['line_items[0][price_data][currency]'],
      amount_total: Number(form['line_items[0][price_data][unit_amount]']),
      metadata: toMetadata(form),
      ...changes,
    },
  },
});

/** What became of the refund of a `POST /v1/refunds` call. */
export const toRefundEvent = (
  { form }: StripeCall,
  { type, status }: { readonly type: string; readonly status: string },
) => ({
  id: 'evt_2',
  object: 'event',
  type,
  data: { object: { id: 're_1', object: 'refund', status, metadata: toMetadata(form) } },
});

const toMetadata = (form: StripeCall['form']) =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );

export function signWebhook(payload: string, nowMs: number, secret = STRIPE_KEYS.webhookSecret) {
  const timestamp = Math.floor(nowMs / 1_000);
  return new Stripe('sk_test').webhooks.generateTestHeaderString({ payload, secret, timestamp });
}
