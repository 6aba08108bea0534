// What a sale at a marketplace does to tickets and orders: its tickets move to a new order, whose money the marketplace
// has; in the orders that they leave stays a line that is over. Barcodes stay, they are what the buyer is sent.
import { present } from '../assert.ts';
import type { HistoryEntry } from '../history.ts';
import type { LedgerEntry, Order, OrderLine } from '../orders/order.ts';
import { toPaymentEntry } from '../orders/payments.ts';
import { type Person, toPersonName } from '../orders/sale.ts';
import { findOpenLine } from '../swaps/swap.ts';
import { type Ticket, toHolderName } from '../ticket.ts';
import type { Hold } from './hold.ts';
import type { MarketplaceSale, StoredSale } from './sale.ts';

/** A ticket before and after it moved. */
export interface MovedTicket {
  readonly before: Ticket;
  readonly after: Ticket;
}

export interface Move {
  /** Whose tickets they are; without one they are free. */
  readonly hold: Hold | undefined;
  /** What was known of the sale before. */
  readonly saleBefore: StoredSale | undefined;
  readonly sale: MarketplaceSale;
  readonly newOrder: Order;
  readonly tickets: readonly MovedTicket[];
  /** The orders that tickets leave, as they were and as they become. */
  readonly leftOrders: readonly { readonly before: Order; readonly after: Order }[];
  readonly history: Pick<HistoryEntry, 'by'>;
}

export interface MoveFacts {
  readonly hold: Hold | undefined;
  readonly offer: {
    readonly eventId: string;
    readonly currency: string;
    readonly unitPriceMinor: number;
  };
  readonly tickets: readonly Ticket[];
  /** Those of the tickets, each once. */
  readonly orders: readonly Order[];
  readonly saleBefore: StoredSale | undefined;
  readonly sale: MarketplaceSale;
  readonly orderId: number;
  readonly paymentType: string;
  readonly buyer: Person & { readonly contactId?: string };
  readonly transactionId: string;
  readonly by: string;
  readonly nowMs: number;
}

export function toMove(facts: MoveFacts): Move {
  const { hold, offer, saleBefore, sale, tickets, orders, orderId, nowMs } = facts;
  const lines = tickets
    .map((ticket) => toLine(ticket, offer.unitPriceMinor))
    .toSorted((a, b) => a.eventTicketId - b.eventTicketId);
  const { contactId } = facts.buyer;
  return {
    hold,
    saleBefore,
    sale,
    newOrder: {
      organizationId: sale.organizationId,
      orderId,
      eventId: offer.eventId,
      currency: offer.currency,
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
function toMoved(ticket: Ticket, { orderId, buyer, offer }: MoveFacts): Ticket {
  const { holderName: _seller, contactId: _of, heldUntilMs: _held, ...rest } = ticket;
  const holderName = toHolderName(toPersonName(buyer));
  return {
    ...rest,
    orderId,
    ...(holderName === '' ? {} : { holderName }),
    priceMinor: offer.unitPriceMinor,
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
