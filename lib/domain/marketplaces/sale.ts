// A sale at a marketplace: its tickets move to a new order, whose money the marketplace has; in the orders that they
// leave stays a line that is over. Barcodes stay, they are what the buyer is sent.
import { present } from '../assert.ts';
import type { Marketplace } from '../access.ts';
import type { HistoryEntry } from '../history.ts';
import type { LedgerEntry, Order, OrderLine } from '../orders/order.ts';
import { toPaymentEntry } from '../orders/payments.ts';
import { type Person, toPersonName } from '../orders/sale.ts';
import { findOpenLine } from '../swaps/swap.ts';
import { type Ticket, toHolderName } from '../ticket.ts';
import type { Hold } from './hold.ts';

export const SALE_STATUSES = ['CONFIRMED'] as const;
export type SaleStatus = (typeof SALE_STATUSES)[number];

export interface MarketplaceSale {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
  readonly saleId: string;
  readonly listingId: string;
  readonly quantity: number;
  readonly status: SaleStatus;
  readonly orderId: number;
  readonly createdAtMs: number;
}

/** A ticket before and after it moved. */
export interface MovedTicket {
  readonly before: Ticket;
  readonly after: Ticket;
}

export interface Move {
  readonly hold: Hold;
  readonly sale: MarketplaceSale;
  readonly newOrder: Order;
  readonly tickets: readonly MovedTicket[];
  /** The orders that tickets leave, as they were and as they become. */
  readonly leftOrders: readonly { readonly before: Order; readonly after: Order }[];
  readonly history: Pick<HistoryEntry, 'by'>;
}

export interface MoveFacts {
  readonly hold: Hold;
  readonly tickets: readonly Ticket[];
  /** Those of the tickets, each once. */
  readonly orders: readonly Order[];
  readonly sale: MarketplaceSale;
  readonly paymentType: string;
  readonly buyer: Person & { readonly contactId?: string };
  readonly transactionId: string;
  readonly by: string;
  readonly nowMs: number;
}

export function toMove(facts: MoveFacts): Move {
  const { hold, sale, tickets, orders, nowMs } = facts;
  const lines = tickets
    .map((ticket) => toLine(ticket, hold.unitPriceMinor))
    .toSorted((a, b) => a.eventTicketId - b.eventTicketId);
  const { contactId } = facts.buyer;
  return {
    hold,
    sale,
    newOrder: {
      organizationId: hold.organizationId,
      orderId: sale.orderId,
      eventId: hold.eventId,
      currency: hold.currency,
      ...(contactId === undefined ? {} : { contactId }),
      buyer: toBuyer(facts.buyer),
      complimentary: false,
      canceled: false,
      createdAtMs: nowMs,
      lines,
      ledger: [toPayment(lines, facts)],
      version: 1,
    },
    tickets: tickets.map((before) => ({ before, after: toMoved(before, facts) })),
    leftOrders: orders.filter(({ isCut }) => isCut !== true).map((order) => toLeft(order, tickets)),
    history: { by: facts.by },
  };
}

const toLine = (
  { eventTicketId, ticketTypeId, barcode }: Ticket,
  unitPriceMinor: number,
): OrderLine => ({
  eventTicketId,
  ticketTypeId,
  barcode,
  priceMinor: unitPriceMinor,
  subtotalMinor: unitPriceMinor,
  flatMinor: 0,
});

const toPayment = (
  lines: readonly OrderLine[],
  { transactionId, paymentType, nowMs }: MoveFacts,
): LedgerEntry =>
  toPaymentEntry(
    { transactionId, paymentType, atMs: nowMs, external: true },
    new Map(lines.map(({ eventTicketId, subtotalMinor }) => [eventTicketId, subtotalMinor])),
    { cardFeeMinor: 0 },
  );

/** Who it was imported for goes; where it was imported from stays. */
function toMoved(ticket: Ticket, { sale, buyer, hold }: MoveFacts): Ticket {
  const { holderName: _seller, contactId: _of, heldUntilMs: _held, ...rest } = ticket;
  const holderName = toHolderName(toPersonName(buyer));
  return {
    ...rest,
    orderId: sale.orderId,
    ...(holderName === '' ? {} : { holderName }),
    priceMinor: hold.unitPriceMinor,
  };
}

function toLeft(before: Order, tickets: readonly Ticket[]) {
  const gone = new Set(
    tickets
      .filter(({ orderId }) => orderId === before.orderId)
      .map(({ eventTicketId }) =>
        present(findOpenLine(before, eventTicketId), 'a ticket has a line to end'),
      ),
  );
  const lines = before.lines.map((line) =>
    gone.has(line) ? { ...line, end: 'MOVED' as const } : line,
  );
  return { before, after: { ...before, lines, version: before.version + 1 } };
}

/** A name in one piece is kept as imports keep it. */
const toBuyer = ({ name, firstName, lastName = name }: Person) => ({
  ...(firstName === undefined ? {} : { firstName }),
  ...(lastName === undefined ? {} : { lastName }),
});
