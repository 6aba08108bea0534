// A quote: everything that an exchange would do, line by line, and an id that is the same as long as nothing of it
// changed. Nothing is stored; the commit makes the quote again and compares.
import { createHash } from 'node:crypto';
import { present } from '../assert.ts';
import type { TicketType } from '../event.ts';
import { sum } from '../money.ts';
import { type Fees, toCardFee } from '../orders/fees.ts';
import type { LedgerEntry, LedgerKind, OrderLine, OrderStatus } from '../orders/order.ts';
import type { OrderMoney } from '../orders/totals.ts';
import type { ExchangeCase, ExchangeMail, ExchangePlan } from './exchange.ts';

/** What a ticket costs, part by part; all in minor units. */
export interface Pricing {
  readonly ticketTypeId: number;
  readonly name: string;
  readonly priceMinor: number;
  /** The platform's fees, where the buyer pays them. */
  readonly flatFeeMinor: number;
  readonly percentageFeeMinor: number;
  readonly subtotalMinor: number;
}

export interface QuotedTransaction {
  readonly kind: LedgerKind;
  readonly paymentType: string;
  readonly amountMinor: number;
  readonly subtotalMinor: number;
  readonly cardFeeMinor: number;
  /** The payment from which it goes back. */
  readonly of?: string;
}

export interface OrderSums {
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly balanceMinor: number;
  readonly cardFeesMinor: number;
}

export interface Quote {
  readonly quoteId: string;
  readonly orderId: number;
  readonly eventTicketId: number;
  readonly currency: string;
  readonly exchangeCase: ExchangeCase;
  readonly from: Pricing;
  readonly to: Pricing;
  /** Payments − refunds + waivers of this ticket before. */
  readonly paidMinor: number;
  readonly transactions: readonly QuotedTransaction[];
  /** Sums of the transactions by what they do; refunds with the card fees that go back. */
  readonly payMinor: number;
  readonly refundMinor: number;
  readonly waivedMinor: number;
  readonly hostSettlesMinor: number;
  /** Of this ticket afterwards, and what a card is charged for it. */
  readonly dueMinor: number;
  readonly dueCardFeeMinor: number;
  readonly order: { readonly before: OrderSums; readonly after: OrderSums };
  readonly reentryGranted: boolean;
  readonly mails: readonly ExchangeMail[];
}

export interface QuoteFacts {
  readonly from: TicketType;
  readonly to: TicketType;
  readonly fees: Fees;
  readonly isInternational: boolean;
  readonly digest: string;
}

/** 132 bits. */
const QUOTE_ID_CHARACTERS = 22;

export function toQuote(plan: ExchangePlan, facts: QuoteFacts): Quote {
  const quote = toContent(plan, facts);
  const bound = [plan.before.organizationId, plan.before.version, facts.digest, quote];
  const digest = createHash('sha256').update(JSON.stringify(bound)).digest('base64url');
  return { quoteId: `qte_${digest.slice(0, QUOTE_ID_CHARACTERS)}`, ...quote };
}

/** Whether two plans do the same: the ids that they would make apart. */
export const isSamePlan = (one: ExchangePlan, other: ExchangePlan): boolean =>
  toFigures(one) === toFigures(other);

const toFigures = ({ line, entries, exchangeCase }: ExchangePlan): string =>
  JSON.stringify([exchangeCase, line, entries.map(toTransaction)]);

function toContent(plan: ExchangePlan, { from, to, fees, isInternational }: QuoteFacts) {
  const { before, line, entries, money, ticket } = plan;
  const { eventTicketId } = line.before;
  const ofTicket = (sums: OrderMoney) => present(sums.lines.get(eventTicketId), 'has money');
  const { dueMinor } = ofTicket(money.after);
  const toSum = (kind: LedgerKind): number =>
    sum(entries.filter((entry) => entry.kind === kind).map(({ amountMinor }) => amountMinor));
  return {
    orderId: before.orderId,
    eventTicketId,
    currency: before.currency,
    exchangeCase: plan.exchangeCase,
    from: toPricing(line.before, from),
    to: toPricing(line.after, to),
    paidMinor: ofTicket(money.before).netPaidMinor,
    transactions: entries.map(toTransaction),
    payMinor: toSum('PAYMENT'),
    refundMinor: toSum('REFUND'),
    waivedMinor: toSum('WAIVER'),
    hostSettlesMinor: toSum('HOST_SETTLES'),
    dueMinor,
    dueCardFeeMinor: toCardFee(dueMinor, fees, { isInternational }),
    order: { before: toSums(money.before), after: toSums(money.after) },
    reentryGranted: ticket.after.reentryGranted === true,
    mails: plan.mails,
  };
}

const toPricing = (line: OrderLine, { ticketTypeId, name }: TicketType): Pricing => ({
  ticketTypeId,
  name,
  priceMinor: line.priceMinor,
  flatFeeMinor: line.flatMinor,
  percentageFeeMinor: line.subtotalMinor - line.priceMinor - line.flatMinor,
  subtotalMinor: line.subtotalMinor,
});

const toTransaction = (entry: LedgerEntry): QuotedTransaction => ({
  kind: entry.kind,
  paymentType: entry.paymentType,
  amountMinor: entry.amountMinor,
  subtotalMinor: entry.amountMinor - entry.cardFeeMinor,
  cardFeeMinor: entry.cardFeeMinor,
  ...(entry.of === undefined ? {} : { of: entry.of }),
});

const toSums = ({ lines: _lines, ...sums }: OrderMoney): OrderSums => sums;
