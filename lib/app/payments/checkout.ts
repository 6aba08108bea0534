// Leading a buyer to the provider's page, and closing pages that ask for the wrong amount.
import { createHash } from 'node:crypto';
import { type Result, ok } from '../../domain/result.ts';
import type { OutboxMessageOf } from '../outbox-ports.ts';
import type {
  Checkout,
  CheckoutStore,
  OpenCheckout,
  StripeGateway,
  StripeKeys,
  StripeKeyStore,
} from '../payment-ports.ts';
import { findPayable, type Payable, type PayableDeps } from './payable.ts';

export interface ExpireDeps {
  readonly stripe: StripeGateway;
  readonly stripeKeys: StripeKeyStore;
  readonly checkouts: CheckoutStore;
}

export type CheckoutDeps = PayableDeps & ExpireDeps;

export interface CheckoutRequest {
  readonly token: string;
  /** Address of the payment page. */
  readonly pageUrl: string;
  readonly nowMs: number;
}

/** Two clicks, or a repeat, within this time lead to one page of the provider. */
const WINDOW_MS = 5 * 60_000;
/** Stripe keeps a page open for at least half an hour; a minute more, because clocks differ. */
const OPEN_MS = 31 * 60_000;

/** Answers where to go: to the provider, or back to the payment page when nothing can be paid online. */
export async function startCheckout(
  deps: CheckoutDeps,
  { token, pageUrl, nowMs }: CheckoutRequest,
): Promise<Result<string>> {
  const found = await findPayable(deps, token);
  if (!found.ok) return found;
  const { state, order } = found.value;
  const keys = await deps.stripeKeys.find(order.organizationId);
  if (keys === undefined || state !== 'due') return ok(pageUrl);
  const checkout = toCheckout(found.value, pageUrl, nowMs);
  const { url, sessionId } = await deps.stripe.createCheckout(keys, checkout);
  const { organizationId, orderId, expiresAtMs } = checkout;
  const { version } = order;
  await deps.checkouts.note({ organizationId, orderId, sessionId, version, expiresAtMs });
  const isOutdated = (open: OpenCheckout): boolean =>
    open.version < version || (open.version === version && open.sessionId !== sessionId);
  await expireCheckouts(deps, { keys, organizationId, orderId, isOutdated });
  // Whoever changed the order before the page was noted didn't know of it.
  const now = await deps.orders.load(organizationId, orderId);
  if (now?.version === version) return ok(url);
  await expireCheckouts(deps, { keys, organizationId, orderId, isOutdated: isNoted(sessionId) });
  return ok(pageUrl);
}

const isNoted =
  (sessionId: string) =>
  (open: OpenCheckout): boolean =>
    open.sessionId === sessionId;

function toCheckout(payable: Payable, returnUrl: string, nowMs: number): Checkout {
  const { organization, event, order, money, cardFeeMinor } = payable;
  const windowMs = Math.floor(nowMs / WINDOW_MS) * WINDOW_MS;
  const checkout = {
    organizationId: order.organizationId,
    orderId: order.orderId,
    amountMinor: money.balanceMinor + cardFeeMinor,
    subtotalMinor: money.balanceMinor,
    currency: order.currency,
    description: `${event.name} (${order.orderId})`,
    language: organization.language,
    returnUrl,
    expiresAtMs: windowMs + WINDOW_MS + OPEN_MS,
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([checkout, order.version]))
    .digest('base64url');
  return { ...checkout, idempotencyKey: `swapgate-pay-${digest}` };
}

interface ToExpire {
  readonly keys: StripeKeys;
  readonly organizationId: string;
  readonly orderId: number;
  readonly isOutdated: (open: OpenCheckout) => boolean;
}

/** Repeat-safe: one is forgotten only after it was closed. */
async function expireCheckouts(
  { stripe, checkouts }: ExpireDeps,
  { keys, organizationId, orderId, isOutdated }: ToExpire,
): Promise<void> {
  const open = await checkouts.list({ organizationId, orderId });
  for (const { sessionId } of open.filter(isOutdated)) {
    await stripe.expireCheckout(keys, sessionId);
    await checkouts.remove({ organizationId, orderId, sessionId });
  }
}

/** Nobody shall pay there what isn't due any more. A message that comes late leaves later pages open. */
export async function expireOutdated(
  deps: ExpireDeps,
  { organizationId, orderId, version }: Omit<OutboxMessageOf<'checkout.expire'>, 'type'>,
): Promise<void> {
  const keys = await deps.stripeKeys.find(organizationId);
  const isOutdated = (open: OpenCheckout): boolean => open.version < version;
  if (keys !== undefined) {
    await expireCheckouts(deps, { keys, organizationId, orderId, isOutdated });
  }
}
