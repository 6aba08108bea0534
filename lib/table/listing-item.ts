// Listings as they lie in the table, and the mark that says in which listing a ticket was put last.
import * as z from 'zod';
import { MARKETPLACES } from '../domain/access.ts';
import {
  LISTING_STATUSES,
  type ListedTicket,
  type Listing,
} from '../domain/marketplaces/listing.ts';
import {
  eventListingsList,
  listedEventKey,
  listingKey,
  listingMarkKey,
  listingNumberKey,
} from './marketplace-keys.ts';

const $ListingItem = z.object({
  kind: z.literal('listing'),
  organizationId: z.string(),
  listingId: z.string(),
  number: z.number(),
  eventId: z.string(),
  currency: z.string(),
  tickets: z.array(
    z.object({ eventTicketId: z.number(), barcode: z.string(), orderId: z.number() }),
  ),
  unitPriceMinor: z.number(),
  channels: z.array(z.enum(MARKETPLACES)),
  splits: z.union([z.enum(['any', 'noSingleLeft']), z.array(z.number())]),
  status: z.enum(LISTING_STATUSES),
  createdAtMs: z.number(),
  version: z.number(),
});

export const toListingItem = (listing: Listing) => ({
  ...listingKey(listing.organizationId, listing.listingId),
  g2: eventListingsList(listing.organizationId, listing.eventId),
  srt: listing.listingId,
  kind: 'listing',
  ...listing,
});

export function fromListingItem(item: unknown): Listing {
  const { kind: _kind, ...listing } = $ListingItem.parse(item);
  return listing;
}

export const toListingNumberItem = ({ organizationId, number, listingId }: Listing) => ({
  ...listingNumberKey(organizationId, number),
  kind: 'listingNumber',
  listingId,
});

export const toMarkItem = (
  { organizationId, listingId }: Listing,
  { eventTicketId }: ListedTicket,
) => ({
  ...listingMarkKey(organizationId, eventTicketId),
  kind: 'listingMark',
  eventTicketId,
  listingId,
});

export const fromMarkItem = (item: unknown) =>
  z.object({ eventTicketId: z.number(), listingId: z.string() }).parse(item);

export const toListedEventItem = ({ organizationId, eventId }: Listing) => ({
  ...listedEventKey(organizationId, eventId),
  kind: 'listedEvent',
  eventId,
});

export const fromListedEventItem = (item: unknown): string =>
  z.object({ eventId: z.string() }).parse(item).eventId;
