// An exchange of a ticket's type (product.md section 7): what is asked for, and what comes of it.
import type { LedgerEntry, Order, OrderLine } from '../orders/order.ts';
import type { OrderMoney } from '../orders/totals.ts';
import type { Ticket } from '../ticket.ts';

/** The rows of section 7's table; a complimentary order has one of its own, whatever the types cost. */
export const EXCHANGE_CASES = [
  'FREE_TO_FREE',
  'FREE_TO_PAID',
  'PAID_TO_FREE',
  'SAME_PRICE',
  'HIGHER_PRICE',
  'LOWER_PRICE',
  'COMPLIMENTARY',
] as const;
export type ExchangeCase = (typeof EXCHANGE_CASES)[number];

/** Why a ticket can't be exchanged at all. */
export const EXCHANGE_BARS = [
  'bundle',
  'held',
  'locked',
  'swapped',
  'moved',
  'canceled',
  'blocked',
] as const;
export type ExchangeBar = (typeof EXCHANGE_BARS)[number];

export const EXCHANGE_MAILS = ['ORDER_CONFIRMATION', 'PAYMENT_LINK', 'REFUND'] as const;
export type ExchangeMail = (typeof EXCHANGE_MAILS)[number];

/** Money that the host took together with the exchange. */
export interface ExchangePayment {
  readonly paymentType: string;
  /** With CARD the total, its fee included; else what is paid of the ticket. Never 0. */
  readonly amountMinor: number;
  readonly isInternational: boolean;
  readonly reference?: string;
  readonly paidOn?: string;
  readonly documentLink?: string;
  readonly createdBy?: number;
}

export interface ExchangeWish {
  readonly eventTicketId: number;
  readonly newTicketTypeId: number;
  readonly mailHolder: boolean;
  readonly payment?: ExchangePayment;
  readonly note?: string;
  /** A provider may void instead of refund. */
  readonly refundWithCancel: boolean;
}

/** By which a repeat of a request is known. */
export interface ExchangeRequestMark {
  /** Digest of all that was asked for. */
  readonly digest: string;
  /** Digest of the Idempotency-Key, if there was one. */
  readonly requestKey?: string;
}

/** What an exchange does, in full: the same plan is quoted and committed. */
export interface ExchangePlan {
  readonly exchangeCase: ExchangeCase;
  readonly before: Order;
  readonly after: Order;
  readonly line: { readonly before: OrderLine; readonly after: OrderLine };
  readonly money: { readonly before: OrderMoney; readonly after: OrderMoney };
  readonly ticket: { readonly before: Ticket; readonly after: Ticket };
  /** What is appended to the ledger. */
  readonly entries: readonly LedgerEntry[];
  readonly mails: readonly ExchangeMail[];
}

/** The last exchange of this ticket was this very request: nothing to do, nothing to refuse. */
export const isRepeatedExchange = (
  { exchange }: OrderLine,
  { digest, requestKey }: ExchangeRequestMark,
): boolean =>
  exchange !== undefined &&
  (exchange.digest === digest || (requestKey !== undefined && exchange.requestKey === requestKey));

export function toExchangeCase(
  order: Pick<Order, 'complimentary'>,
  oldMinor: number,
  newMinor: number,
): ExchangeCase {
  if (order.complimentary) return 'COMPLIMENTARY';
  if (oldMinor === 0) return newMinor === 0 ? 'FREE_TO_FREE' : 'FREE_TO_PAID';
  if (newMinor === 0) return 'PAID_TO_FREE';
  if (newMinor === oldMinor) return 'SAME_PRICE';
  return newMinor > oldMinor ? 'HIGHER_PRICE' : 'LOWER_PRICE';
}

export const isDownward = (exchangeCase: ExchangeCase): boolean =>
  exchangeCase === 'PAID_TO_FREE' || exchangeCase === 'LOWER_PRICE';
