// How many tickets of a listing are left, for those who are told of it.
import { type AvailabilityDeps, loadFree } from './availability.ts';
import type { FindListed } from '../outbound/spread-listing.ts';

/** A closed listing is listed nowhere; its channels stay those that have to hear it. */
export const createFindListed =
  (deps: AvailabilityDeps): FindListed =>
  async (ids, nowMs) => {
    const listing = await deps.listings.find(ids);
    if (listing === undefined) return undefined;
    const free = await loadFree(deps, listing, nowMs);
    return { channels: listing.channels, quantity: free.length, number: listing.number };
  };
