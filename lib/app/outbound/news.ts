// What there is to tell of a thing at this moment.
import type { LaneIds, OutboundMessage } from '../outbound-ports.ts';
import type { FindListed } from './spread-listing.ts';

export interface NewsDeps {
  readonly findListed: FindListed;
}

export async function findNews(
  deps: NewsDeps,
  ids: LaneIds,
  nowMs: number,
): Promise<OutboundMessage> {
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
): Promise<OutboundMessage> {
  const listingId = subject.id;
  const listed = await findListed({ organizationId, listingId }, nowMs);
  const isListed = listed?.channels.includes(marketplace) === true;
  return { type: 'listing.updated', data: { listingId, quantity: isListed ? listed.quantity : 0 } };
}
