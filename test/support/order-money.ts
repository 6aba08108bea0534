// Orders for tests of their money: a sale, and the steps that change what was paid, as the use cases make them.
import { type Fees, toCardFee, toFees, toSubtotal } from '../../lib/domain/orders/fees.ts';
import type { LedgerEntry, Order, OrderLine } from '../../lib/domain/orders/order.ts';
import { sum } from '../../lib/domain/money.ts';
import {
  type Charged,
  fillDues,
  toDues,
  toExcessRefund,
  toPaymentEntry,
  toTaken,
  toWaiverEntry,
} from '../../lib/domain/orders/payments.ts';
import { planRefund } from '../../lib/domain/orders/refunds.ts';
import { toOrderMoney } from '../../lib/domain/orders/totals.ts';

let made = 0;
const newTransactionId = (): string => `txn_${(made += 1)}`;

export const GOLDEN: Fees = toFees(
  {
    flats: { EUR: { platformMinor: 150, cardMinor: 30 } },
    platformBp: 350,
    cardBp: 290,
    internationalCardBp: 150,
    mode: 'passed_on',
    cardFeeRefundable: true,
  },
  'EUR',
);
const FREE = toFees(undefined, 'EUR');

export const anOrder = (
  prices: readonly number[],
  fees = FREE,
  more: Partial<Order> = {},
): Order => ({
  organizationId: 'org_1',
  orderId: 1,
  eventId: 'event',
  currency: 'EUR',
  buyer: {},
  complimentary: false,
  canceled: false,
  createdAtMs: 0,
  lines: prices.map((priceMinor, at): OrderLine => ({
    eventTicketId: at + 1,
    ticketTypeId: 7,
    barcode: `B${at + 1}`,
    priceMinor,
    ...toSubtotal(priceMinor, fees),
  })),
  ledger: [],
  version: 1,
  ...more,
});

export const withEntries = (order: Order, ...entries: readonly LedgerEntry[]): Order => ({
  ...order,
  ledger: [...order.ledger, ...entries],
});

const toFacts = (paymentType: string) => ({
  transactionId: newTransactionId(),
  paymentType,
  atMs: 0,
});

/** Pays a part of what is due, by card or not, with what is beyond it as excess that goes straight back. */
export function pay(
  order: Order,
  amountMinor: number,
  { fees = FREE, isCard = false }: { readonly fees?: Fees; readonly isCard?: boolean } = {},
): Order {
  const { parts, restMinor } = fillDues(toDues(order), amountMinor);
  const subtotalMinor = amountMinor - restMinor;
  const cardFeeMinor = isCard ? toCardFee(subtotalMinor, fees, { isInternational: false }) : 0;
  const more = { cardFeeMinor, excessMinor: restMinor };
  const entry = toPaymentEntry(toFacts(isCard ? 'CARD' : 'CASH'), parts, more);
  if (restMinor === 0) return withEntries(order, entry);
  const back = toExcessRefund(entry, { transactionId: newTransactionId(), atMs: 0 });
  return withEntries(order, entry, back);
}

/** Books what a provider charged for a page, whatever is due by now, and gives the rest straight back. */
export function book(order: Order, charged: Charged, fees = FREE): Order {
  const dues = toDues(order);
  const { subtotalMinor, cardFeeMinor } = toTaken(charged, sum(dues.values()), fees);
  const { parts } = fillDues(dues, subtotalMinor);
  const excessMinor = charged.amountMinor - subtotalMinor - cardFeeMinor;
  const entry = toPaymentEntry(toFacts('CARD'), parts, { cardFeeMinor, excessMinor });
  if (excessMinor === 0) return withEntries(order, entry);
  const back = toExcessRefund(entry, { transactionId: newTransactionId(), atMs: 0 });
  return withEntries(order, entry, back);
}

export function waive(order: Order, amountMinor: number): Order {
  const { parts } = fillDues(toDues(order), amountMinor);
  return parts.size === 0 ? order : withEntries(order, toWaiverEntry(toFacts('ADJUST'), parts));
}

interface RefundStep {
  readonly ids?: readonly number[];
  readonly limitMinor?: number;
  readonly cause?: 'refund' | 'exchange';
  readonly cardFeeRefundable?: boolean;
}

export function refund(order: Order, step: RefundStep = {}): Order {
  const ids = step.ids ?? order.lines.map((line) => line.eventTicketId);
  return withEntries(
    order,
    ...planRefund({
      order,
      wanted: new Map(ids.map((id) => [id, Infinity])),
      ...(step.limitMinor === undefined ? {} : { limitMinor: step.limitMinor }),
      cause: step.cause ?? 'refund',
      cardFeeRefundable: step.cardFeeRefundable ?? true,
      atMs: 0,
      toTransactionId: newTransactionId,
    }),
  );
}

/** As product.md section 7 has it: another price, and what was paid beyond it goes back. */
export function exchange(
  order: Order,
  eventTicketId: number,
  priceMinor: number,
  fees = FREE,
): Order {
  const { netPaidMinor = 0 } = toOrderMoney(order).lines.get(eventTicketId) ?? {};
  const lines = order.lines.map((line) =>
    line.eventTicketId === eventTicketId
      ? { ...line, priceMinor, ...toSubtotal(priceMinor, fees, line.flatMinor) }
      : line,
  );
  const after = { ...order, lines };
  const { subtotalMinor = 0 } = lines.find((line) => line.eventTicketId === eventTicketId) ?? {};
  const limitMinor = Math.max(0, netPaidMinor - subtotalMinor);
  return limitMinor === 0
    ? after
    : refund(after, { ids: [eventTicketId], limitMinor, cause: 'exchange' });
}

export const end = (order: Order, eventTicketId: number, to: 'CANCELED' | 'SWAPPED'): Order => ({
  ...order,
  lines: order.lines.map((line) =>
    line.eventTicketId === eventTicketId ? { ...line, end: to } : line,
  ),
});
