// A hold of a marketplace: HELD, and resolved once. A binding one keeps its tickets from everybody else until it
// expires; the tickets say until when, and no two holds of one ticket can say the same. One that binds nobody has no
// tickets: it only tells what a marketplace is about to sell, and its sale ends it in any case.
import { createHash } from 'node:crypto';
import type { Marketplace } from '../access.ts';
import type { Ticket } from '../ticket.ts';

export const HOLD_STATUSES = ['HELD', 'INVOICED', 'RELEASED', 'EXPIRED'] as const;
export type HoldStatus = (typeof HOLD_STATUSES)[number];

export interface HeldTicket {
  readonly eventTicketId: number;
  readonly ticketTypeId: number;
  readonly barcode: string;
  readonly section?: string;
  readonly row?: string;
  readonly seat?: string;
}

interface HoldIds {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  /** The marketplace's own id of its request. */
  readonly holdRequestId: string;
}

export interface Hold extends HoldIds {
  readonly holdId: string;
  readonly listingId: string;
  readonly eventId: string;
  readonly binding: boolean;
  /** None of a hold that binds nobody. */
  readonly tickets: readonly HeldTicket[];
  /** As the marketplace named them, of a hold that binds nobody. */
  readonly seats?: readonly string[];
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly currency: string;
  /** As it is stored: HELD may be over, see `toHoldStatus`. */
  readonly status: HoldStatus;
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  /** The last time that it was. */
  readonly extendedAtMs?: number;
  readonly resolvedAtMs?: number;
  /** Of what was asked for, to tell a repeat from another request with the same id. */
  readonly digest: string;
  /** Of the sale that it became. */
  readonly sale?: HoldSale;
}

export interface HoldSale {
  readonly saleId: string;
  readonly marketplaceOrderId: string;
  /** Not of a hold that bound nobody: its sale may get none. */
  readonly orderId?: number;
}

/** All that is known of a hold whose release, or whose sale, came before it. */
export interface ReleasedAhead extends HoldIds {
  readonly status: 'RELEASED';
  readonly isAhead: true;
  readonly sale?: HoldSale;
}

export const isAhead = (hold: Hold | ReleasedAhead): hold is ReleasedAhead => 'isAhead' in hold;

/** What it is at a moment: over means over, whether a sweep has been there or not. */
export const toHoldStatus = ({ status, expiresAtMs }: Hold, nowMs: number): HoldStatus =>
  status === 'HELD' && expiresAtMs <= nowMs ? 'EXPIRED' : status;

export const toHeldTicket = (ticket: Ticket): HeldTicket => ({
  eventTicketId: ticket.eventTicketId,
  ticketTypeId: ticket.ticketTypeId,
  barcode: ticket.barcode,
  ...(ticket.section === undefined ? {} : { section: ticket.section }),
  ...(ticket.row === undefined ? {} : { row: ticket.row }),
  ...(ticket.seat === undefined ? {} : { seat: ticket.seat }),
});

/** Of what a hold asks for; when it expires isn't part of it, a repeat may come with another time. */
export const toHoldDigest = (asked: {
  readonly listingId: string;
  readonly quantity: number;
  readonly unitPrice?: { readonly amountMinor: number; readonly currency: string } | undefined;
}): string => {
  const { listingId, quantity, unitPrice } = asked;
  const price = unitPrice === undefined ? [null] : [unitPrice.amountMinor, unitPrice.currency];
  return createHash('sha256')
    .update(JSON.stringify([listingId, quantity, ...price]))
    .digest('base64url');
};
