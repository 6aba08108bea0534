// What there is to tell of a thing at this moment.
import type { LaneIds, OutboundMessage, ToldNews } from '../outbound-ports.ts';
import type { FindListed } from './spread-listing.ts';

export interface NewsDeps {
  readonly findListed: FindListed;
}

/** The same in the canonical protocol, and for a marketplace's own calls. */
export interface News {
  readonly message: OutboundMessage;
  readonly told: ToldNews;
}

export async function findNews(deps: NewsDeps, ids: LaneIds, nowMs: number): Promise<News> {
  switch (ids.subject.kind) {
    case 'listing':
      return tellListing(deps, ids, nowMs);
  }
}

/** Where it is listed no longer, nothing is left of it. */
async function tellListing(
  { findListed }: NewsDeps,
  { organizationId, marketplace, subject }: LaneIds,
  nowMs: number,
): Promise<News> {
  const listingId = subject.id;
  const listed = await findListed({ organizationId, listingId }, nowMs);
  const isListed = listed?.channels.includes(marketplace) === true;
  const quantity = isListed ? listed.quantity : 0;
  return {
    message: { type: 'listing.updated', data: { listingId, quantity } },
    told: { type: 'listing.updated', listingId, quantity },
  };
}
