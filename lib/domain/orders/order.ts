// An order: what was bought, by whom, and the ledger of the money. Status and sums are never stored: they follow from
// lines and ledger, see lib/domain/orders/totals.ts.

export const ORDER_STATUSES = [
  'PAID',
  'UNPAID',
  'PARTIALLY_PAID',
  'REFUNDED',
  'PARTIALLY_REFUNDED',
  'COMPLIMENTARY',
  'CANCELED',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/**
 * Why a line is over: nothing more can be owed for it. A swapped or moved ticket lives on in another order, and what
 * was paid for it here is never given back here.
 */
export const LINE_ENDS = ['CANCELED', 'SWAPPED', 'MOVED'] as const;
export type LineEnd = (typeof LINE_ENDS)[number];

/** A ticket of an order, as far as its money goes; the ticket itself is the admission record. */
export interface OrderLine {
  readonly eventTicketId: number;
  readonly ticketTypeId: number;
  /** The one that it had when the order was last written: a reissue leads on from it. */
  readonly barcode: string;
  readonly priceMinor: number;
  /** S of product.md section 7, as it was at the last sale or exchange. */
  readonly subtotalMinor: number;
  /** The platform's flat fee within the subtotal: charged and not returned. */
  readonly flatMinor: number;
  readonly end?: LineEnd;
  /** Only on imported tickets: what the import says was paid elsewhere; its transaction stands on no ledger item. */
  readonly importedMinor?: number;
  /** Of the ticket's last exchange: digests of what was asked for and of the Idempotency-Key. */
  readonly exchange?: { readonly digest: string; readonly requestKey?: string };
}

export const LEDGER_KINDS = ['PAYMENT', 'REFUND', 'WAIVER', 'HOST_SETTLES'] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** What a refund stands on its way: PENDING and FAILED ones count as refunded, the money is owed to the buyer. */
export const ENTRY_STATUSES = ['DONE', 'PENDING', 'FAILED'] as const;
export type EntryStatus = (typeof ENTRY_STATUSES)[number];

/** `manual`: the money moved outside, the ledger says so. */
export const PROVIDERS = ['manual', 'stripe'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Only `refund` (outside exchanges) makes an order REFUNDED; `excess` gives back what was paid beyond what was due. */
export const REFUND_CAUSES = ['refund', 'exchange', 'excess'] as const;
export type RefundCause = (typeof REFUND_CAUSES)[number];

export interface Allocation {
  readonly eventTicketId: number;
  readonly subtotalMinor: number;
  readonly cardFeeMinor: number;
}

/** One transaction of the ledger; append-only but for the status of a refund. */
export interface LedgerEntry {
  readonly transactionId: string;
  readonly kind: LedgerKind;
  readonly paymentType: string;
  /** The money that moved (a waiver: that need not move), card fee and excess included; never negative. */
  readonly amountMinor: number;
  readonly cardFeeMinor: number;
  /** The part of a payment beyond what was due, or of a refund that gives it back; on no ticket. */
  readonly excessMinor?: number;
  /** In ticket-id order. amount = Σ subtotals + card fee + excess, and card fee = Σ card fees. */
  readonly allocations: readonly Allocation[];
  readonly atMs: number;
  readonly status: EntryStatus;
  /** REFUND, HOST_SETTLES: the payment that it takes from. */
  readonly of?: string;
  readonly cause?: RefundCause;
  /** The tickets were canceled with this refund; a provider may void instead of refund. */
  readonly withCancel?: true;
  /** Paid to somebody else (IMPORT, TicketSwap, a marketplace): counts as paid, never refunded by us. */
  readonly external?: true;
  readonly provider?: Provider;
  /** The provider's own id of a payment: the same payment is recorded once. */
  readonly providerPaymentId?: string;
  /** The host's own words and reference of a payment that it recorded. */
  readonly note?: string;
  readonly reference?: string;
  readonly paidOn?: string;
  readonly documentLink?: string;
  /** The host's own id of who recorded it. */
  readonly createdBy?: number;
  /** Which request made it (digest of its Idempotency-Key): a repeat finds it and does nothing. */
  readonly requestKey?: string;
  /** How often a refund was tried again after the provider had refused it for good, and by which request last. */
  readonly retries?: number;
  readonly retryKey?: string;
}

export interface Buyer {
  readonly firstName?: string;
  readonly lastName?: string;
}

export interface Order {
  readonly organizationId: string;
  readonly orderId: number;
  readonly eventId: string;
  readonly currency: string;
  /** Where the e-mail address is. */
  readonly contactId?: string;
  readonly buyer: Buyer;
  /** Sold as such: prices are 0 whatever the types cost. */
  readonly complimentary: boolean;
  /** As a whole, by the host. */
  readonly canceled: boolean;
  readonly createdAtMs: number;
  /** In ticket-id order. */
  readonly lines: readonly OrderLine[];
  /** An import brought more tickets than an order can show: it can't be changed as a whole. */
  readonly isCut?: true;
  /** In the order in which it was written. */
  readonly ledger: readonly LedgerEntry[];
  /** Grows with every change; 0 for an imported order that has no item of its own yet. */
  readonly version: number;
}

/** Tickets of one sale (product.md section 3: a transaction takes at most 40). */
export const ORDER_TICKETS_MAX = 40;
/** Lines of an order that came of an import: its item stays below 400 KB (DynamoDB). A larger one is shown cut. */
export const ORDER_LINES_MAX = 1_000;

/** Payment type of what an import says was paid. */
export const IMPORT_PAYMENT_TYPE = 'IMPORT';
/** Payment type of a sale that costs nothing by the host's will. */
export const COMPLIMENTARY_PAYMENT_TYPE = 'COMPLIMENTARY';
/** Entries of one change: with its tickets, their types and the rest they fit in a transaction. */
export const LEDGER_CHANGE_MAX = 25;
/** Items of a transaction (DynamoDB): the order, its new entries, tickets with their history, counters, messages. */
export const CHANGE_ITEMS_MAX = 100;
/** Transactions of one order: it is read whole at every change. Reached, it takes only what a provider was paid. */
export const LEDGER_MAX = 1_000;

/** Tells a retry from the first attempt at a refund, which has no name. */
export const toAttemptName = ({ retries }: Pick<LedgerEntry, 'retries'>): string | undefined =>
  retries === undefined ? undefined : `-${retries}`;
