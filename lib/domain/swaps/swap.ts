// A swap: the ticket and the order of the new holder, and what becomes of those of the seller. Who paid what to whom is
// TicketSwap's affair: the new order says that the original price was paid there, and nobody is refunded here.
import { present } from '../assert.ts';
import type { HistoryEntry } from '../history.ts';
import type { LedgerEntry, Order, OrderLine } from '../orders/order.ts';
import { toPaymentEntry } from '../orders/payments.ts';
import { type Person, toPersonName } from '../orders/sale.ts';
import { type Ticket, toHolderName } from '../ticket.ts';
import type { OriginalPrice } from './price-cap.ts';

const SWAP_PAYMENT_TYPE = 'TicketSwap';

export interface Swap {
  readonly ticket: Ticket;
  readonly order: Order;
  readonly newTicket: Ticket;
  readonly newOrder: Order;
  /** The seller's order with its line ended. */
  readonly endedOrder: Order;
  readonly history: Pick<HistoryEntry, 'by'> & { readonly resalePriceMinor?: number };
}

export interface SwapFacts {
  readonly ticket: Ticket;
  readonly order: Order;
  readonly buyer: Person & { readonly contactId: string };
  readonly ids: {
    readonly orderId: number;
    readonly eventTicketId: number;
    readonly barcode: string;
    readonly transactionId: string;
  };
  readonly history: Swap['history'];
  readonly nowMs: number;
}

/** The line of a ticket that is still the order's. */
export const findOpenLine = (order: Order, eventTicketId: number): OrderLine | undefined =>
  order.lines.find((line) => line.eventTicketId === eventTicketId && line.end === undefined);

/** What was paid for the ticket at its sale or last exchange; a swap hands it on as it is. */
export const toOriginalPrice = ({ priceMinor, subtotalMinor }: OrderLine): OriginalPrice => ({
  priceMinor,
  feeMinor: subtotalMinor - priceMinor,
});

export function toSwap({ ticket, order, buyer, ids, history, nowMs }: SwapFacts): Swap {
  const old = present(findOpenLine(order, ticket.eventTicketId), 'a swap has a line to end');
  const { eventTicketId, barcode } = ids;
  const line: OrderLine = {
    eventTicketId,
    ticketTypeId: ticket.ticketTypeId,
    barcode,
    priceMinor: old.priceMinor,
    subtotalMinor: old.subtotalMinor,
    flatMinor: old.flatMinor,
  };
  return {
    ticket,
    order,
    newTicket: toNewTicket(ticket, { line, orderId: ids.orderId, buyer, nowMs }),
    newOrder: {
      organizationId: order.organizationId,
      orderId: ids.orderId,
      eventId: order.eventId,
      currency: order.currency,
      contactId: buyer.contactId,
      buyer: toBuyer(buyer),
      complimentary: false,
      canceled: false,
      createdAtMs: nowMs,
      lines: [line],
      ledger: [toPayment(line, { transactionId: ids.transactionId, nowMs })],
      version: 1,
    },
    endedOrder: {
      ...order,
      lines: order.lines.map((each) => (each === old ? { ...each, end: 'SWAPPED' } : each)),
      version: order.version + 1,
    },
    history,
  };
}

const toBuyer = ({ firstName, lastName }: Person) => ({
  ...(firstName === undefined ? {} : { firstName }),
  ...(lastName === undefined ? {} : { lastName }),
});

/** Free tickets have one of nothing, so that reports name TicketSwap for every resold ticket. */
const toPayment = (
  { eventTicketId, subtotalMinor }: OrderLine,
  { transactionId, nowMs }: { readonly transactionId: string; readonly nowMs: number },
): LedgerEntry =>
  toPaymentEntry(
    { transactionId, paymentType: SWAP_PAYMENT_TYPE, atMs: nowMs, external: true },
    new Map([[eventTicketId, subtotalMinor]]),
    { cardFeeMinor: 0 },
  );

interface NewTicketFacts {
  readonly line: OrderLine;
  readonly orderId: number;
  readonly buyer: Person;
  readonly nowMs: number;
}

/** The place goes with the ticket; everything that the door or the seller left on it doesn't. */
function toNewTicket(ticket: Ticket, { line, orderId, buyer, nowMs }: NewTicketFacts): Ticket {
  const holderName = toHolderName(toPersonName(buyer));
  const { organizationId, eventId, section, row, seat } = ticket;
  return {
    organizationId,
    eventId,
    barcode: line.barcode,
    eventTicketId: line.eventTicketId,
    ticketTypeId: line.ticketTypeId,
    orderId,
    origin: 'SWAP',
    standing: 'ACTIVE',
    payment: 'SETTLED',
    ...(holderName === '' ? {} : { holderName }),
    checkedIn: false,
    inside: false,
    admissions: 0,
    predecessorId: ticket.eventTicketId,
    scanMarks: [],
    priceMinor: line.priceMinor,
    ...(section === undefined ? {} : { section }),
    ...(row === undefined ? {} : { row }),
    ...(seat === undefined ? {} : { seat }),
    createdAtMs: nowMs,
  };
}
