// Tells that what is left of a listing has changed by what happened to its tickets. Asked for by the stream, whose batches
// come again: their messages are the same items then.
import { createHash } from 'node:crypto';
import type { ListingTeller, OfferChange } from '../app/marketplace-ports.ts';
import { ID_PREFIXES } from '../domain/ids.ts';
import { batchGet } from './batch-get.ts';
import { batchPut } from './batch-write.ts';
import { fromListedEventItem, fromMarkItem } from './listing-item.ts';
import { listedEventKey, listingMarkKey } from './marketplace-keys.ts';
import { toOutboxItem } from './outbox.ts';
import type { TableAccess } from './table-access.ts';

/**
 * One read for each event of a batch, and none for its tickets while none of them was ever listed. A "no" isn't kept: the
 * read comes after the change, so a listing that it doesn't see is made later and tells what is left by itself.
 */
export const createListingTeller = (access: TableAccess): ListingTeller => ({
  async tell(lane, changes, nowMs) {
    const news = await findNews(access, changes);
    const items = news.map(({ organizationId, listingId, sequence }) =>
      toOutboxItem(
        toRepeatableId([lane, sequence, listingId]),
        { type: 'listing.changed', organizationId, listingId },
        nowMs,
      ),
    );
    await batchPut(access, items);
  },
});

interface News {
  readonly organizationId: string;
  readonly listingId: string;
  readonly sequence: string;
}

/** Each listing once, by its last change. */
async function findNews(access: TableAccess, changes: readonly OfferChange[]): Promise<News[]> {
  const byOrganization = Map.groupBy(changes, ({ organizationId }) => organizationId);
  const news = [...byOrganization].map(async ([organizationId, own]) => {
    const sequences = new Map(own.map(({ eventTicketId, sequence }) => [eventTicketId, sequence]));
    const listed = new Map<string, News>();
    for (const { eventTicketId, listingId } of await findMarks(access, organizationId, own)) {
      const sequence = sequences.get(eventTicketId) ?? '';
      if (sequence > (listed.get(listingId)?.sequence ?? '')) {
        listed.set(listingId, { organizationId, listingId, sequence });
      }
    }
    return [...listed.values()];
  });
  return (await Promise.all(news)).flat();
}

async function findMarks(
  access: TableAccess,
  organizationId: string,
  changes: readonly OfferChange[],
) {
  const events = changes.map(({ eventId }) => listedEventKey(organizationId, eventId));
  const listed = new Set((await batchGet(access, events)).map(fromListedEventItem));
  const marks = changes
    .filter(({ eventId }) => listed.has(eventId))
    .map(({ eventTicketId }) => listingMarkKey(organizationId, eventTicketId));
  return (await batchGet(access, marks)).map(fromMarkItem);
}

const toRepeatableId = (parts: readonly string[]): string => {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${ID_PREFIXES.outbox}_${digest.slice(0, 32)}`;
};
