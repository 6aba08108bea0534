// What Stripe tells by its webhooks, repeated and in any order: money that was paid, and money that didn't reach the buyer.
import { toAttemptName } from '../../domain/orders/order.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { OrderStore } from '../order-ports.ts';
import { recordPayment } from '../orders/record-payment.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import type { LostRefund, PaidCheckout, StripeGateway, StripeKeyStore } from '../payment-ports.ts';

export interface WebhookDeps {
  readonly stripe: Pick<StripeGateway, 'readWebhook'>;
  readonly stripeKeys: StripeKeyStore;
  readonly orders: OrderStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

export interface WebhookRequest {
  readonly organizationId: string;
  readonly text: string;
  readonly signature: string | undefined;
  readonly nowMs: number;
}

/** Payment type under which reports show it. */
const STRIPE_PAYMENT_TYPE = 'CARD';

/**
 * Repeat-safe. Refuses `not_found` for an organization without Stripe, `unauthorized` for what Stripe didn't sign, and
 * `unavailable`: Stripe sends it again then.
 */
export async function receiveWebhook(
  deps: WebhookDeps,
  { organizationId, text, signature, nowMs }: WebhookRequest,
): Promise<Result<undefined>> {
  const keys = await deps.stripeKeys.find(organizationId);
  if (keys === undefined) return refuse('not_found');
  const news = deps.stripe.readWebhook(keys, { text, signature, nowMs });
  if (news === 'forged') return refuse('unauthorized', { detail: 'The signature is not valid.' });
  // The account may serve others, too: what isn't about an order of this organization is none of our business.
  if (news === 'other' || news.organizationId !== organizationId) return ok(undefined);
  return news.as === 'paid' ? bookPaid(deps, news, nowMs) : noteLost(deps, news);
}

async function bookPaid(
  deps: WebhookDeps,
  { as: _as, currency, ...paid }: PaidCheckout,
  nowMs: number,
): Promise<Result<undefined>> {
  const order = await deps.orders.load(paid.organizationId, paid.orderId);
  if (order === undefined || order.currency !== currency) return ok(undefined);
  const recorded = await recordPayment(deps, {
    ...paid,
    provider: 'stripe',
    paymentType: STRIPE_PAYMENT_TYPE,
    card: { isInternational: false },
    nowMs,
  });
  return recorded.ok ? ok(undefined) : recorded;
}

/** Owed to the buyer again. News of an attempt that is over, because the refund is tried again, changes nothing. */
async function noteLost(
  { orders }: WebhookDeps,
  { organizationId, orderId, transactionId, attempt }: LostRefund,
): Promise<Result<undefined>> {
  const order = await orders.load(organizationId, orderId);
  const refund = order?.ledger.find((entry) => entry.transactionId === transactionId);
  if (order === undefined || refund?.kind !== 'REFUND') return ok(undefined);
  if (toAttemptName(refund) !== attempt) return ok(undefined);
  await orders.setEntryStatus(order, transactionId, { from: ['PENDING', 'DONE'], to: 'FAILED' });
  return ok(undefined);
}
