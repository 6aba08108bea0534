// What Stripe's webhooks tell of payments and refunds of ours; whoever they belong to, their signature has proved.
import type Stripe from 'stripe';
import type { LostRefund, PaidCheckout } from '../app/payment-ports.ts';
import { fromStripeAmount, toStripeAmount } from '../domain/stripe-amount.ts';
import { isUndone, toRefundIds } from './stripe-refund.ts';

/** Undefined for what is nothing to us. */
export function toNews(event: Stripe.Event): PaidCheckout | LostRefund | undefined {
  if (
    event.type === 'checkout.session.completed' ||
    event.type === 'checkout.session.async_payment_succeeded'
  ) {
    return toPaid(event.data.object);
  }
  // The last one comes to older accounts.
  if (
    event.type === 'refund.updated' ||
    event.type === 'refund.failed' ||
    event.type === 'charge.refund.updated'
  ) {
    return toLost(event.data.object);
  }
  return undefined;
}

/** The session is ours when it has our metadata. */
function toPaid(session: Stripe.Checkout.Session): PaidCheckout | undefined {
  const { payment_status, payment_intent, metadata, currency, amount_total } = session;
  const organizationId = metadata?.['swapgateOrganizationId'];
  const orderId = Number(metadata?.['swapgateOrderId']);
  if (payment_status !== 'paid' || organizationId === undefined) return undefined;
  if (!Number.isSafeInteger(orderId) || currency === null || payment_intent === null) {
    return undefined;
  }
  const paymentId = typeof payment_intent === 'string' ? payment_intent : payment_intent.id;
  const code = currency.toUpperCase();
  const asked = Number(metadata?.['swapgateAmountMinor']);
  const subtotalMinor = Number(metadata?.['swapgateSubtotalMinor']);
  // What Stripe rounded is booked as it was asked for.
  const isAsked = Number.isSafeInteger(asked) && toStripeAmount(asked, code) === amount_total;
  const amountMinor = isAsked ? asked : fromStripeAmount(amount_total ?? 0, code);
  return {
    as: 'paid',
    organizationId,
    orderId,
    providerPaymentId: paymentId,
    amountMinor,
    ...(isAsked && subtotalMinor > 0 && subtotalMinor <= asked ? { subtotalMinor } : {}),
    currency: code,
  };
}

/** Stripe answers that money is on its way, and may learn days later that the buyer's bank doesn't take it. */
function toLost({ status, metadata }: Stripe.Refund): LostRefund | undefined {
  const ids = toRefundIds(metadata);
  return ids !== undefined && isUndone(status) ? { as: 'lost', ...ids } : undefined;
}
