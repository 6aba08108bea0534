// Stripe, by its own package: pages to pay on, refunds, and what its webhooks tell. Each organization has an account of
// its own there, so its keys come with every call.
import Stripe from 'stripe';
import type { Checkout, StripeGateway, StripeKeys } from '../app/payment-ports.ts';
import { toStripeAmount } from '../domain/stripe-amount.ts';
import { isRefusal, sendRefund } from './stripe-refund.ts';
import { toNews } from './stripe-webhook.ts';

export interface StripeOptions {
  /** Another server than Stripe's own: a stand-in. */
  readonly baseUrl?: string | undefined;
}

/** A buyer waits for the page; a webhook and a refund are sent again. */
const CALL_MS_MAX = 10_000;
const RETRIES_MAX = 2;
/** How old a signature may be (product.md section 2). */
const TOLERANCE_SECONDS = 300;

export function createStripeGateway({ baseUrl }: StripeOptions): StripeGateway {
  const open = ({ secretKey }: StripeKeys): Stripe =>
    new Stripe(secretKey, {
      timeout: CALL_MS_MAX,
      maxNetworkRetries: RETRIES_MAX,
      telemetry: false,
      ...(baseUrl === undefined ? {} : toPlace(baseUrl)),
    });
  return {
    async createCheckout(keys, checkout) {
      const { idempotencyKey } = checkout;
      const session = await open(keys).checkout.sessions.create(toSession(checkout), {
        idempotencyKey,
      });
      if (session.url === null) throw new Error('a new page to pay on has an address');
      return { url: session.url, sessionId: session.id };
    },
    async expireCheckout(keys, sessionId) {
      try {
        await open(keys).checkout.sessions.expire(sessionId);
      } catch (error) {
        // Only an open one can be expired.
        if (!isRefusal(error)) throw error;
      }
    },
    refund: (keys, refund) => sendRefund(open(keys), refund),
    readWebhook(keys, { text, signature, nowMs }) {
      const { webhooks } = open(keys);
      try {
        const event = webhooks.constructEvent(
          text,
          signature ?? '',
          keys.webhookSecret,
          TOLERANCE_SECONDS,
          undefined,
          nowMs,
        );
        return toNews(event) ?? 'other';
      } catch (error) {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError) return 'forged';
        throw error;
      }
    },
  };
}

function toPlace(baseUrl: string) {
  const { protocol, hostname, port } = new URL(baseUrl);
  return {
    protocol: protocol === 'http:' ? ('http' as const) : ('https' as const),
    host: hostname,
    ...(port === '' ? {} : { port }),
  };
}

/** What we have to know again when it is paid. */
const toMetadata = ({ organizationId, orderId, amountMinor, subtotalMinor }: Checkout) => ({
  swapgateOrganizationId: organizationId,
  swapgateOrderId: String(orderId),
  swapgateAmountMinor: String(amountMinor),
  swapgateSubtotalMinor: String(subtotalMinor),
});

function toSession(checkout: Checkout): Stripe.Checkout.SessionCreateParams {
  const { amountMinor, currency, description, language, returnUrl, expiresAtMs } = checkout;
  return {
    mode: 'payment',
    locale: language,
    success_url: returnUrl,
    cancel_url: returnUrl,
    client_reference_id: String(checkout.orderId),
    metadata: toMetadata(checkout),
    expires_at: Math.floor(expiresAtMs / 1_000),
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: currency.toLowerCase(),
          unit_amount: toStripeAmount(amountMinor, currency),
          product_data: { name: description },
        },
      },
    ],
  };
}
