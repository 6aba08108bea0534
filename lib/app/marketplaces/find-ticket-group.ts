// A listing by the id that a format with numbers has for it, or by ours.
import type { Marketplace } from '../../domain/access.ts';
import type { Listing } from '../../domain/marketplaces/listing.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ListingStore } from '../marketplace-ports.ts';
import { isOffered } from './availability.ts';

export interface TicketGroupDeps {
  readonly listings: Pick<ListingStore, 'find' | 'findByNumber'>;
}

/** Refuses `not_found` for a listing that isn't offered there, or was closed. */
export async function findTicketGroup(
  { listings }: TicketGroupDeps,
  asked: {
    readonly organizationId: string;
    readonly marketplace: Marketplace;
    readonly ticketGroupId: string;
  },
): Promise<Result<Listing>> {
  const { organizationId, marketplace, ticketGroupId } = asked;
  const number = Number(ticketGroupId);
  const listing = Number.isSafeInteger(number)
    ? await listings.findByNumber(organizationId, number)
    : await listings.find({ organizationId, listingId: ticketGroupId });
  return listing !== undefined && isOffered(listing, marketplace)
    ? ok(listing)
    : refuse('not_found');
}
