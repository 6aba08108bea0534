// What of a listing a marketplace may sell right now.
import type { Marketplace } from '../../domain/access.ts';
import {
  type Listing,
  toFree,
  toPurchasableQuantities,
} from '../../domain/marketplaces/listing.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { EventStore } from '../event-ports.ts';
import type { ListingStore } from '../marketplace-ports.ts';

export interface AvailabilityDeps {
  readonly listings: Pick<ListingStore, 'find' | 'loadTickets'>;
  readonly events: Pick<EventStore, 'findBare'>;
}

export interface AvailabilityRequest {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly listingId: string;
  readonly quantity?: number | undefined;
  readonly nowMs: number;
}

export interface Availability {
  /** Of the quantity that was asked for, else of any ticket. */
  readonly available: boolean;
  readonly availableQuantity: number;
  readonly purchasableQuantities: readonly number[];
  readonly unitPrice: { readonly amountMinor: number; readonly currency: string };
}

/** Refuses `not_found` for a listing that isn't offered there, or was closed. */
export async function checkAvailability(
  deps: AvailabilityDeps,
  { organizationId, marketplace, listingId, quantity, nowMs }: AvailabilityRequest,
): Promise<Result<Availability>> {
  const listing = await deps.listings.find({ organizationId, listingId });
  if (listing === undefined || !isOffered(listing, marketplace)) return refuse('not_found');
  return ok(await toAvailability(deps, listing, { quantity, nowMs }));
}

export const isOffered = ({ status, channels }: Listing, marketplace: Marketplace): boolean =>
  status === 'OPEN' && channels.includes(marketplace);

export async function toAvailability(
  deps: AvailabilityDeps,
  listing: Listing,
  { quantity, nowMs }: { readonly quantity?: number | undefined; readonly nowMs: number },
): Promise<Availability> {
  const free = await loadFree(deps, listing, nowMs);
  const purchasableQuantities = toPurchasableQuantities(free.length, listing.splits);
  return {
    available:
      quantity === undefined
        ? purchasableQuantities.length > 0
        : purchasableQuantities.includes(quantity),
    availableQuantity: free.length,
    purchasableQuantities,
    unitPrice: { amountMinor: listing.unitPriceMinor, currency: listing.currency },
  };
}

/** In the order of their seats; none after the event or once the listing was closed. */
export async function loadFree(
  { listings, events }: AvailabilityDeps,
  listing: Listing,
  nowMs: number,
): Promise<readonly Ticket[]> {
  if (listing.status !== 'OPEN') return [];
  const [event, tickets] = await Promise.all([
    events.findBare(listing.organizationId, listing.eventId),
    listings.loadTickets(listing),
  ]);
  const isOver = event === undefined || Date.parse(event.endsAt) < nowMs;
  return isOver ? [] : toFree(listing, tickets, nowMs);
}
