// Payment providers, as the use cases see them.
import type { Provider } from '../domain/orders/order.ts';

export interface ProviderRefund {
  readonly organizationId: string;
  readonly orderId: number;
  /** The refund's own transaction id: the provider gives money back once for it, however often it is asked. */
  readonly transactionId: string;
  /** The provider's id of the payment from which it is taken. */
  readonly providerPaymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The tickets were canceled with it: a charge that isn't captured yet is voided instead. */
  readonly withCancel: boolean;
}

export interface PaymentProvider {
  /** `failed` when the provider said no for good; throws when it can't be told yet. */
  readonly refund: (refund: ProviderRefund) => Promise<'done' | 'failed'>;
}

/** `manual` money is given back by the host itself and needs no provider. */
export type PaymentProviders = Readonly<Record<Exclude<Provider, 'manual'>, PaymentProvider>>;
