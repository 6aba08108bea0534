// The payment report of an event, as the use cases see it.
import type { LedgerKind } from '../domain/orders/order.ts';

/** What all transactions of a kind and payment type come to. */
export interface PaymentSum {
  readonly paymentType: string;
  readonly kind: LedgerKind;
  readonly amountMinor: number;
  /** Within the amount. */
  readonly cardFeeMinor: number;
}

export interface PaymentReportStore {
  /** Kept in the transactions that change it, so that it is exact and costs the same for every event. */
  readonly load: (ids: {
    readonly organizationId: string;
    readonly eventId: string;
  }) => Promise<readonly PaymentSum[]>;
}
