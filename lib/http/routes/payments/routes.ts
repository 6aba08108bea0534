// The payment page, the way from it to the provider, and what the provider tells. None of it has a key: the token in the
// address proves itself, and so does the provider's signature.
import * as z from 'zod';
import { type CheckoutDeps, startCheckout } from '../../../app/payments/checkout.ts';
import { findPayable, type Payable, type PayableDeps } from '../../../app/payments/payable.ts';
import { receiveWebhook, type WebhookDeps } from '../../../app/payments/receive-webhook.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { PAGE_HEADERS, PAGE_TYPE } from '../../pages/page.ts';
import { toFailedPage, toNoPayPage, toPayPage } from '../../pages/pay-page.ts';

const PAY_PATH = '/pay/{token}';
/** Longest token: an organization's id, an order's and the proof. */
const TOKEN_CHARACTERS_MAX = 128;
const $Token = z.object({ token: z.string().max(TOKEN_CHARACTERS_MAX) });

const PAGE = {
  family: 'payments',
  scope: 'public',
  params: $Token,
  headers: PAGE_HEADERS,
  toRefusalPage: ({ code }) => (code === 'not_found' ? toNoPayPage() : toFailedPage()),
  refusals: ['not_found'],
} as const satisfies Partial<Contract>;

const showContract = {
  ...PAGE,
  operationId: 'showPayPage',
  method: 'GET',
  path: PAY_PATH,
  summary: 'The page on which a buyer sees what is due and pays it; the link is in mails.',
  success: 200,
  contentType: PAGE_TYPE,
} as const satisfies Contract;

const showPayPage = defineRoute(showContract, async (deps: PayableDeps, { params }) => {
  const found = await findPayable(deps, params.token);
  return found.ok ? ok(toShown(found.value)) : found;
});

function toShown({ organization, event, order, money, state, cardFeeMinor }: Payable): string {
  return toPayPage({
    language: organization.language,
    organizationName: organization.name,
    event,
    orderId: order.orderId,
    currency: order.currency,
    totalMinor: money.totalMinor,
    paidMinor: money.paidMinor,
    balanceMinor: money.balanceMinor,
    state,
    online: organization.stripe === undefined ? undefined : { cardFeeMinor },
    instructions: organization.paymentInstructions,
  });
}

const payContract = {
  ...PAGE,
  operationId: 'startCheckout',
  method: 'POST',
  path: PAY_PATH,
  summary: "Lead the buyer to the provider's page, or back when nothing can be paid there.",
  success: 303,
} as const satisfies Contract;

const startPaying = defineRoute(payContract, (deps: CheckoutDeps, { params, origin, nowMs }) => {
  const { token } = params;
  return startCheckout(deps, { token, pageUrl: `${origin}/pay/${token}`, nowMs });
});

const webhookContract = {
  operationId: 'receiveStripeWebhook',
  method: 'POST',
  path: '/hooks/stripe/{organizationId}',
  family: 'payments',
  scope: 'public',
  summary:
    'What Stripe tells of checkouts and refunds, signed with the secret of PATCH /v1/organization.',
  params: z.object({ organizationId: z.string().max(64) }),
  success: 204,
  refusals: ['not_found', 'unauthorized'],
} as const satisfies Contract;

const receiveStripeWebhook = defineRoute(
  webhookContract,
  (deps: WebhookDeps, { params, text, headers, nowMs }) => {
    const signature = headers['stripe-signature'];
    return receiveWebhook(deps, { ...params, text, signature, nowMs });
  },
);

export const PAYMENT_ROUTES = [showPayPage, startPaying, receiveStripeWebhook];
