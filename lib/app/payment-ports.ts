// Payment providers, as the use cases see them.
import type { Organization } from '../domain/organization.ts';

/** One attempt at a refund. */
export interface RefundAttempt {
  readonly organizationId: string;
  readonly orderId: number;
  /** The refund's own transaction id: the provider gives money back once for it, however often it is asked. */
  readonly transactionId: string;
  /** Tells a retry after the provider had refused for good. */
  readonly attempt?: string;
}

export interface ProviderRefund extends RefundAttempt {
  /** The provider's id of the payment from which it is taken. */
  readonly providerPaymentId: string;
  readonly amountMinor: number;
  /** What earlier refunds of that payment come to, also those that failed. */
  readonly beforeMinor: number;
  readonly currency: string;
  /** The tickets were canceled with it: a charge that isn't captured yet is voided instead. */
  readonly withCancel: boolean;
}

/** An organization's own account at Stripe. */
export interface StripeKeys {
  readonly secretKey: string;
  readonly webhookSecret: string;
}

export interface StripeKeyStore {
  readonly find: (organizationId: string) => Promise<StripeKeys | undefined>;
}

/** What is to be paid on the provider's own page. */
export interface Checkout {
  readonly organizationId: string;
  readonly orderId: number;
  /** What the buyer is charged, card fee included. */
  readonly amountMinor: number;
  /** Without the card's fee. */
  readonly subtotalMinor: number;
  readonly currency: string;
  /** What the provider's page says it is for. */
  readonly description: string;
  readonly language: Organization['language'];
  /** Where the buyer comes back to, paid or not. */
  readonly returnUrl: string;
  readonly expiresAtMs: number;
  /** The same key gives the same page. */
  readonly idempotencyKey: string;
}

export interface CheckoutPage {
  readonly url: string;
  readonly sessionId: string;
}

/** Money that arrived, as the provider tells it. */
export interface PaidCheckout {
  readonly as: 'paid';
  readonly organizationId: string;
  readonly orderId: number;
  readonly providerPaymentId: string;
  readonly amountMinor: number;
  /** What its page had asked for without the card's fee; absent when something else was paid. */
  readonly subtotalMinor?: number;
  readonly currency: string;
}

/** A refund that the provider had taken on, and that came to nothing after all. */
export interface LostRefund extends RefundAttempt {
  readonly as: 'lost';
}

export interface WebhookMessage {
  /** The body as it was sent, byte for byte. */
  readonly text: string;
  readonly signature: string | undefined;
  readonly nowMs: number;
}

export interface StripeGateway {
  readonly createCheckout: (keys: StripeKeys, checkout: Checkout) => Promise<CheckoutPage>;
  /** Nobody can pay there any more. One that is paid or over stays as it is. */
  readonly expireCheckout: (keys: StripeKeys, sessionId: string) => Promise<void>;
  readonly refund: (keys: StripeKeys, refund: ProviderRefund) => Promise<'done' | 'failed'>;
  /** `forged` unless Stripe signed it a moment ago; `other` when it tells of something that is nothing to us. */
  readonly readWebhook: (
    keys: StripeKeys,
    message: WebhookMessage,
  ) => PaidCheckout | LostRefund | 'other' | 'forged';
}

interface OrderIds {
  readonly organizationId: string;
  readonly orderId: number;
}

/** A page that is open at a provider, and the version of the order for which it was made. */
export interface OpenCheckout {
  readonly sessionId: string;
  readonly version: number;
}

export interface CheckoutStore {
  readonly note: (
    checkout: OrderIds & OpenCheckout & { readonly expiresAtMs: number },
  ) => Promise<void>;
  readonly list: (ids: OrderIds) => Promise<readonly OpenCheckout[]>;
  readonly remove: (checkout: OrderIds & { readonly sessionId: string }) => Promise<void>;
}
