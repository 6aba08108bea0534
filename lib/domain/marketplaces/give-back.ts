// A sale that its marketplace canceled: what nobody was admitted with returns to stock, in an order of the host's that names
// no buyer, and what was paid for it is taken back. Whoever was admitted keeps the ticket.
import type { LedgerEntry, Order, OrderLine } from '../orders/order.ts';
import type { Ticket } from '../ticket.ts';
import type { Listing } from './listing.ts';
import type { MarketplaceSale, SaleAttention } from './sale.ts';

/** A ticket of the buyer's and the barcode under which it returns. */
export interface ReturnedTicket {
  readonly ticket: Ticket;
  readonly barcode: string;
}

export interface GiveBack {
  readonly saleBefore: MarketplaceSale;
  readonly sale: MarketplaceSale;
  readonly order: { readonly before: Order; readonly after: Order };
  /** Undefined when nothing returns. */
  readonly stock: Order | undefined;
  readonly tickets: readonly ReturnedTicket[];
  /** The open listing that offers the tickets again. */
  readonly listing: { readonly before: Listing; readonly after: Listing } | undefined;
}

/** Returns to stock: nobody was let in with it, and it is still the buyer's. */
export const isReturnable = (
  { orderId, admissions, admittedElsewhereMs, standing }: Ticket,
  order: Order,
): boolean =>
  orderId === order.orderId &&
  admissions === 0 &&
  admittedElsewhereMs === undefined &&
  (standing === 'ACTIVE' || standing === 'BLOCKED');

/** Of tickets that stay sold although the sale was canceled. */
export function findStaying(
  order: Order,
  tickets: readonly Ticket[],
): Extract<SaleAttention, 'ADMITTED' | 'RESOLD'> | undefined {
  const isAdmitted = tickets.some(
    ({ orderId, admissions, admittedElsewhereMs }) =>
      orderId === order.orderId && (admissions > 0 || admittedElsewhereMs !== undefined),
  );
  if (isAdmitted) return 'ADMITTED';
  return order.lines.some(({ end }) => end === 'SWAPPED') ? 'RESOLD' : undefined;
}

/** Without the tickets that return; with nobody left in it, it is canceled. */
export function toOrderLeft(
  before: Order,
  returned: readonly ReturnedTicket[],
  entries: readonly LedgerEntry[],
): Order {
  const gone = new Set(returned.map(({ ticket }) => ticket.eventTicketId));
  const lines = before.lines.map((line) =>
    line.end === undefined && gone.has(line.eventTicketId)
      ? { ...line, end: 'MOVED' as const }
      : line,
  );
  const isEmpty = lines.every(({ end }) => end === 'MOVED' || end === 'CANCELED');
  return {
    ...before,
    lines,
    canceled: before.canceled || isEmpty,
    ledger: [...before.ledger, ...entries],
    version: before.version + 1,
  };
}

/** Costs nothing and names nobody: by that it is stock. */
export function toStockOrder(
  { organizationId, eventId, currency }: Order,
  returned: readonly ReturnedTicket[],
  { orderId, nowMs }: { readonly orderId: number; readonly nowMs: number },
): Order {
  const lines = returned
    .map(({ ticket: { eventTicketId, ticketTypeId }, barcode }): OrderLine => ({
      eventTicketId,
      ticketTypeId,
      barcode,
      priceMinor: 0,
      subtotalMinor: 0,
      flatMinor: 0,
    }))
    .toSorted((a, b) => a.eventTicketId - b.eventTicketId);
  return {
    organizationId,
    orderId,
    eventId,
    currency,
    buyer: {},
    complimentary: false,
    canceled: false,
    createdAtMs: nowMs,
    lines,
    ledger: [],
    version: 1,
  };
}

/** The listing with its own tickets as they are now. */
export function toRelisted(
  before: Listing,
  returned: readonly ReturnedTicket[],
  orderId: number,
): Listing {
  const barcodes = new Map(
    returned.map(({ ticket, barcode }) => [ticket.eventTicketId, barcode] as const),
  );
  const tickets = before.tickets.map((listed) => {
    const barcode = barcodes.get(listed.eventTicketId);
    return barcode === undefined ? listed : { ...listed, barcode, orderId };
  });
  return { ...before, tickets, version: before.version + 1 };
}
