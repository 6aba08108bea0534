// Stripe, by its own package: pages to pay on, refunds, and what its webhooks tell. Each organization has an account of
// its own there, so its keys come with every call.
import Stripe from 'stripe';
import type {
  Checkout,
  PaidCheckout,
  ProviderRefund,
  StripeGateway,
  StripeKeys,
} from '../app/payment-ports.ts';
import { fromStripeAmount, toStripeAmount } from '../domain/stripe-amount.ts';

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
        return toPaid(event) ?? 'other';
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
const toMetadata = ({ organizationId, orderId, amountMinor }: Checkout) => ({
  swapgateOrganizationId: organizationId,
  swapgateOrderId: String(orderId),
  swapgateAmountMinor: String(amountMinor),
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

/** Stripe's largest page: no payment of ours is taken back in more parts. */
const REFUNDS_MAX = 100;

/**
 * Our page charges at once, so there is never a charge to be voided instead. Stripe forgets an idempotency key after a
 * day, a refund never: one that is there already is not made again.
 */
async function sendRefund(
  stripe: Stripe,
  { providerPaymentId, transactionId, attempt = '', amountMinor, currency }: ProviderRefund,
): Promise<'done' | 'failed'> {
  try {
    const made = await stripe.refunds.list({
      payment_intent: providerPaymentId,
      limit: REFUNDS_MAX,
    });
    const isMade = made.data.some(
      ({ metadata, status }) =>
        metadata?.['swapgateTransactionId'] === transactionId && !isUndone(status),
    );
    if (isMade) return 'done';
    const { status } = await stripe.refunds.create(
      {
        payment_intent: providerPaymentId,
        amount: toStripeAmount(amountMinor, currency),
        metadata: { swapgateTransactionId: transactionId },
      },
      { idempotencyKey: `swapgate-${transactionId}${attempt}` },
    );
    return isUndone(status) ? 'failed' : 'done';
  } catch (error) {
    if (isRefusal(error)) return 'failed';
    throw error;
  }
}

const isUndone = (status: string | null): boolean => status === 'failed' || status === 'canceled';

/** The same request would be refused again. A key that is wrong or may not do it is repaired by the organizer. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError;

/** The session is ours when it has our metadata; whoever it belongs to, the signature has proved. */
function toPaid(event: Stripe.Event): PaidCheckout | undefined {
  if (
    event.type !== 'checkout.session.completed' &&
    event.type !== 'checkout.session.async_payment_succeeded'
  ) {
    return undefined;
  }
  const { id, payment_status, payment_intent, metadata, currency, amount_total } =
    event.data.object;
  const organizationId = metadata?.['swapgateOrganizationId'];
  const orderId = Number(metadata?.['swapgateOrderId']);
  if (payment_status !== 'paid' || organizationId === undefined) return undefined;
  if (!Number.isSafeInteger(orderId) || currency === null || payment_intent === null) {
    return undefined;
  }
  const paymentId = typeof payment_intent === 'string' ? payment_intent : payment_intent.id;
  const code = currency.toUpperCase();
  const asked = Number(metadata?.['swapgateAmountMinor']);
  // What Stripe rounded is booked as it was asked for.
  const isAsked = Number.isSafeInteger(asked) && toStripeAmount(asked, code) === amount_total;
  const amountMinor = isAsked ? asked : fromStripeAmount(amount_total ?? 0, code);
  return {
    organizationId,
    orderId,
    providerPaymentId: paymentId,
    sessionId: id,
    amountMinor,
    currency: code,
  };
}
