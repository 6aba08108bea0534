// A listing: stock that marketplaces may sell. Which of its tickets are free is never stored, it follows from the
// tickets themselves.
import type { Marketplace } from '../access.ts';
import type { TicketChange } from '../attendance.ts';
import type { Order } from '../orders/order.ts';
import type { Ticket } from '../ticket.ts';

/** `noSingleLeft`: nobody may leave one ticket that can't be sold in company; numbers: only these quantities. */
export type Splits = 'any' | 'noSingleLeft' | readonly number[];

export const LISTING_STATUSES = ['OPEN', 'CLOSED'] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];

/** A ticket as it was when it was listed: under another order it is no longer the host's. */
export interface ListedTicket {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}

export interface Listing {
  readonly organizationId: string;
  readonly listingId: string;
  /** Its id where a format has numbers, unique in the organization. */
  readonly number: number;
  readonly eventId: string;
  readonly currency: string;
  readonly tickets: readonly ListedTicket[];
  readonly unitPriceMinor: number;
  readonly channels: readonly Marketplace[];
  readonly splits: Splits;
  readonly status: ListingStatus;
  readonly createdAtMs: number;
  readonly version: number;
}

/** Product.md section 8. */
export const LISTING_TICKETS_MAX = 40;

const AFTER_HOLDS = Number.POSITIVE_INFINITY;

export type SaleBar =
  | 'admitted'
  | 'blocked'
  | 'canceled'
  | 'swapped'
  | 'held'
  | 'locked'
  | 'unpaid';

/** Why a ticket can't be sold at this moment, whoever owns it. */
export function findSaleBar(ticket: Ticket, nowMs: number): SaleBar | undefined {
  if (ticket.admissions > 0 || ticket.admittedElsewhereMs !== undefined) return 'admitted';
  if (ticket.standing === 'BLOCKED') return 'blocked';
  if (ticket.standing === 'SWAPPED') return 'swapped';
  if (ticket.standing !== 'ACTIVE') return 'canceled';
  if ((ticket.heldUntilMs ?? 0) > nowMs) return 'held';
  if (ticket.lockedBy !== undefined) return 'locked';
  return ticket.payment === 'SETTLED' ? undefined : 'unpaid';
}

/**
 * Whether a write changed what may be sold. Not the holds and their sales, which tell it themselves, and not a reissue: a
 * ticket stays in its listing under its next barcode.
 */
export function changesOffer({ before, after }: Pick<TicketChange, 'before' | 'after'>): boolean {
  if (before === undefined || before.isSold === true || after?.isSold === true) return false;
  return after?.standing !== 'REPLACED' && toOffer(before) !== toOffer(after);
}

/** The order under which a ticket may be sold once no hold is on it. */
const toOffer = (ticket: Ticket | undefined): number | undefined =>
  ticket && findSaleBar(ticket, AFTER_HOLDS) === undefined ? ticket.orderId : undefined;

/**
 * Stock: what an import brought and no marketplace has sold since, or tickets that the host keeps in an order of its
 * own, which names no buyer.
 */
export function isStock(ticket: Pick<Ticket, 'origin'>, order: Order): boolean {
  if (ticket.origin === 'SWAP') return false;
  const isSoldOn = order.ledger.some(({ kind, external }) => kind === 'PAYMENT' && external);
  if (ticket.origin === 'IMPORTED') return !isSoldOn;
  const hasBuyer = order.contactId !== undefined || Object.keys(order.buyer).length > 0;
  return !hasBuyer && !isSoldOn;
}

/** The tickets of a listing that may be sold now, in the order of their seats. */
export function toFree(
  { tickets: listed }: Pick<Listing, 'tickets'>,
  tickets: readonly Ticket[],
  nowMs: number,
): Ticket[] {
  const orderOf = new Map(listed.map(({ eventTicketId, orderId }) => [eventTicketId, orderId]));
  return tickets
    .filter(
      (ticket) =>
        ticket.orderId === orderOf.get(ticket.eventTicketId) &&
        findSaleBar(ticket, nowMs) === undefined,
    )
    .toSorted(bySeat);
}

/** How many of so many free tickets may be bought at once. */
export function toPurchasableQuantities(available: number, splits: Splits): number[] {
  const all = Array.from({ length: available }, (_, at) => at + 1);
  if (splits === 'any') return all;
  if (splits === 'noSingleLeft') return all.filter((quantity) => available - quantity !== 1);
  return all.filter((quantity) => splits.includes(quantity));
}

const byText = new Intl.Collator('en', { numeric: true });
const toParts = ({ section = '', row = '', seat = '' }: Ticket) => [section, row, seat] as const;

function bySeat(a: Ticket, b: Ticket): number {
  for (const [at, part] of toParts(a).entries()) {
    const order = byText.compare(part, toParts(b)[at] ?? '');
    if (order !== 0) return order;
  }
  return a.eventTicketId - b.eventTicketId;
}

/**
 * Tickets of neighbouring seats if there are enough: the smallest group that holds them, so that large groups stay
 * whole. Otherwise the largest groups first. `free` is in the order of seats and holds at least so many.
 */
export function chooseTickets(free: readonly Ticket[], quantity: number): readonly Ticket[] {
  const groups = toGroups(free).toSorted((a, b) => a.length - b.length);
  const fitting = groups.find((group) => group.length >= quantity);
  return (fitting ?? groups.toReversed().flat()).slice(0, quantity);
}

/** Runs of seats next to each other; tickets without a seat are together by section and row. */
function toGroups(free: readonly Ticket[]): Ticket[][] {
  const groups: Ticket[][] = [];
  for (const ticket of free) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && areNeighbours(before, ticket)) {
      group.push(ticket);
    } else {
      groups.push([ticket]);
    }
  }
  return groups;
}

const areNeighbours = (a: Ticket, b: Ticket): boolean =>
  a.section === b.section &&
  a.row === b.row &&
  (a.seat === b.seat || Number(b.seat) - Number(a.seat) === 1);
