// Facts of an exchange, valid as they are: one paid ticket of 10.00 euro; a test states what matters to it.
import type { TicketType } from '../../lib/domain/event.ts';
import type { ExchangeFacts } from '../../lib/domain/exchanges/decide-exchange.ts';
import type { ExchangePayment } from '../../lib/domain/exchanges/exchange.ts';
import { type Fees, toCardFee, toSubtotal } from '../../lib/domain/orders/fees.ts';
import type { LedgerEntry, Order, OrderLine } from '../../lib/domain/orders/order.ts';
import { toDues, toPaymentEntry } from '../../lib/domain/orders/payments.ts';
import { sum } from '../../lib/domain/money.ts';
import { aTicket } from './builders.ts';

export const NOW_MS = Date.UTC(2026, 5, 1, 20);
const ORGANIZATION = { organizationId: 'org_1', eventId: 'evt_1' };

/** The schedule of section 7's golden examples: platform 1.50 + 3.5 %, card 0.30 + 2.9 %, 1.5 % more from abroad. */
export const GOLDEN: Fees = {
  platformMinor: 150,
  platformBp: 350,
  cardMinor: 30,
  cardBp: 290,
  internationalCardBp: 150,
  mode: 'passed_on',
  cardFeeRefundable: true,
};
export const ABSORBED: Fees = { ...GOLDEN, mode: 'absorbed' };
export const NONE: Fees = {
  ...GOLDEN,
  platformMinor: 0,
  platformBp: 0,
  cardMinor: 0,
  cardBp: 0,
  internationalCardBp: 0,
};

export const aType = (priceMinor: number, overrides: Partial<TicketType> = {}): TicketType => ({
  ...ORGANIZATION,
  ticketTypeId: 1_000 + priceMinor,
  name: `Type of ${priceMinor}`,
  kind: 'single',
  priceMinor,
  createdAt: '2026-05-01T00:00:00.000Z',
  version: 1,
  ...overrides,
});

let transactions = 0;
export const toTransactionId = (): string => `txn_${(transactions += 1)}`;

/** An unpaid order with one ticket for each price; ticket ids count from 1. */
export const anOrder = (prices: readonly number[], fees: Fees = GOLDEN): Order => ({
  ...ORGANIZATION,
  orderId: 77,
  currency: 'EUR',
  contactId: 'con_1',
  buyer: {},
  complimentary: false,
  canceled: false,
  createdAtMs: NOW_MS,
  lines: prices.map((priceMinor, at): OrderLine => ({
    eventTicketId: at + 1,
    ticketTypeId: 1_000 + priceMinor,
    barcode: `B${at + 1}`,
    priceMinor,
    ...toSubtotal(priceMinor, fees),
  })),
  ledger: [],
  version: 1,
});

/** Pays what is due of all tickets or of one, with one charge. */
export function paid(
  order: Order,
  by: {
    readonly card?: Fees;
    readonly eventTicketId?: number;
    readonly partMinor?: number;
    readonly more?: Partial<LedgerEntry>;
  } = {},
): Order {
  const dues = toDues(order, by.eventTicketId);
  const [firstId] = dues.keys();
  const parts =
    by.partMinor === undefined || firstId === undefined ? dues : new Map([[firstId, by.partMinor]]);
  const card = { isInternational: false };
  const cardFeeMinor = by.card === undefined ? 0 : toCardFee(sum(parts.values()), by.card, card);
  const paymentType = by.card === undefined ? 'CASH' : 'CARD';
  const facts = { transactionId: toTransactionId(), paymentType, atMs: NOW_MS };
  const entry = toPaymentEntry({ ...facts, provider: 'manual' }, parts, { cardFeeMinor });
  return { ...order, ledger: [...order.ledger, { ...entry, ...by.more }] };
}

/** An exchange of the order's first ticket to a type of this price, unless told otherwise. */
export function toFacts(
  order: Order,
  newMinor: number,
  more: Partial<ExchangeFacts> & {
    readonly eventTicketId?: number;
    readonly payment?: Partial<ExchangePayment> & Pick<ExchangePayment, 'amountMinor'>;
    readonly refundWithCancel?: boolean;
  } = {},
): ExchangeFacts {
  const { eventTicketId = 1, payment, refundWithCancel = false, ...overrides } = more;
  const line = order.lines.find((one) => one.eventTicketId === eventTicketId);
  if (line === undefined) throw new Error('the order has no such ticket');
  // A type of its own, even at the same price.
  const to = aType(newMinor, { ticketTypeId: line.ticketTypeId + 5_000_000 + newMinor });
  return {
    order,
    ticket: aTicket({
      ...ORGANIZATION,
      eventTicketId,
      orderId: order.orderId,
      ticketTypeId: line.ticketTypeId,
      origin: 'SOLD',
    }),
    from: aType(line.priceMinor, { ticketTypeId: line.ticketTypeId }),
    to,
    fees: GOLDEN,
    keepUnpaid: false,
    wish: {
      eventTicketId,
      newTicketTypeId: (overrides.to ?? to).ticketTypeId,
      mailHolder: false,
      refundWithCancel,
      ...(payment === undefined
        ? {}
        : { payment: { paymentType: 'CARD', isInternational: false, ...payment } }),
    },
    mark: { digest: `d${(transactions += 1)}` },
    nowMs: NOW_MS,
    toTransactionId,
    ...overrides,
  };
}
