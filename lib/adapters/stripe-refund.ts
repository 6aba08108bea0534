// Refunds at Stripe. Each carries our ids of it, so that it is known again: before it would be made twice, and when a
// webhook tells of it.
import Stripe from 'stripe';
import type { ProviderRefund, RefundAttempt } from '../app/payment-ports.ts';
import { toStripeRefund } from '../domain/stripe-amount.ts';

/** Stripe's largest page: no payment of ours is taken back in more parts. */
const REFUNDS_MAX = 100;

/**
 * Our page charges at once, so there is never a charge to be voided instead. Stripe forgets an idempotency key after a
 * day, a refund never: one that is there already is not made again, and one that is lost not in the same attempt.
 */
export async function sendRefund(
  stripe: Stripe,
  refund: ProviderRefund,
): Promise<'done' | 'failed'> {
  const { providerPaymentId, transactionId, attempt = '', currency } = refund;
  const amount = toStripeRefund(refund, currency);
  // Less than Stripe counts in: it goes back with the next refund of the payment.
  if (amount === 0) return 'done';
  try {
    const made = await stripe.refunds.list({
      payment_intent: providerPaymentId,
      limit: REFUNDS_MAX,
    });
    const ours = made.data.filter(
      ({ metadata }) => metadata?.['swapgateTransactionId'] === transactionId,
    );
    if (ours.some(({ status }) => !isUndone(status))) return 'done';
    if (ours.some(({ metadata }) => (metadata?.['swapgateAttempt'] ?? '') === attempt)) {
      return 'failed';
    }
    const { status } = await stripe.refunds.create(
      {
        payment_intent: providerPaymentId,
        amount,
        metadata: toMetadata(refund),
      },
      { idempotencyKey: `swapgate-${transactionId}${attempt}` },
    );
    return isUndone(status) ? 'failed' : 'done';
  } catch (error) {
    if (isRefusal(error)) return 'failed';
    throw error;
  }
}

export const isUndone = (status: string | null): boolean =>
  status === 'failed' || status === 'canceled';

/** The same request would be refused again. A key that is wrong or may not do it is repaired by the organizer. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError;

const toMetadata = ({ organizationId, orderId, transactionId, attempt }: RefundAttempt) => ({
  swapgateOrganizationId: organizationId,
  swapgateOrderId: String(orderId),
  swapgateTransactionId: transactionId,
  ...(attempt === undefined ? {} : { swapgateAttempt: attempt }),
});

/** The inverse; undefined when it is no refund of ours. */
export function toRefundIds(metadata: Stripe.Metadata | null): RefundAttempt | undefined {
  const organizationId = metadata?.['swapgateOrganizationId'];
  const orderId = Number(metadata?.['swapgateOrderId']);
  const transactionId = metadata?.['swapgateTransactionId'];
  const attempt = metadata?.['swapgateAttempt'];
  if (organizationId === undefined || transactionId === undefined) return undefined;
  if (!Number.isSafeInteger(orderId)) return undefined;
  return {
    organizationId,
    orderId,
    transactionId,
    ...(attempt === undefined ? {} : { attempt }),
  };
}
