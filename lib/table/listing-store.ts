// Listings. A ticket is in one open listing at most: its mark names the listing in which it was put last, and moves on
// only from a listing that no longer has it. Neither a closed listing nor one that lost the ticket ever gets it back,
// so that fact needs no condition of its own.
import * as z from 'zod';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ListingIds, ListingStore } from '../app/marketplace-ports.ts';
import type { Listing } from '../domain/marketplaces/listing.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { batchGet } from './batch-get.ts';
import { barcodeKey, ticketLookup } from './keys.ts';
import {
  fromListingItem,
  fromMarkItem,
  toListedEventItem,
  toListingItem,
  toListingNumberItem,
} from './listing-item.ts';
import { toMarkPut, toOwnedCheck } from './listing-writes.ts';
import { loadTickets } from './load-tickets.ts';
import {
  FROM_THE_START,
  eventListingsList,
  listingKey,
  listingMarkKey,
  listingNumberKey,
} from './marketplace-keys.ts';
import { toOutboxItem } from './outbox.ts';
import { ABSENT, loadItem, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const $NumberItem = z.object({ listingId: z.string() });

/** An index follows its table within milliseconds; a ticket that isn't found is looked for this long. */
const INDEX_LAG_MS_MAX = 150;

export function createListingStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): ListingStore {
  const { client, tableName: TableName } = access;
  const toEvent = ({ organizationId, listingId }: Listing, nowMs: number) => ({
    as: 'outbox' as const,
    Put: {
      TableName,
      Item: toOutboxItem(
        toOutboxId(nowMs),
        { type: 'listing.changed', organizationId, listingId },
        nowMs,
      ),
    },
  });
  return {
    find: async (ids) => findListing(access, ids),

    async findByNumber(organizationId, number) {
      const found = await loadItem(access, listingNumberKey(organizationId, number), $NumberItem);
      return found && findListing(access, { organizationId, listingId: found.listingId });
    },

    findTickets: async (organizationId, ids) => findTickets(access, organizationId, ids),

    async loadTickets({ organizationId, tickets }) {
      const keys = tickets.map(({ barcode }) => barcodeKey(organizationId, barcode));
      const found = await loadTickets(access, keys);
      return tickets.flatMap(({ eventTicketId, barcode }) => {
        const ticket = found.get(barcodeKey(organizationId, barcode).pk);
        return ticket?.eventTicketId === eventTicketId ? [ticket] : [];
      });
    },

    findTaken: async (organizationId, ids) =>
      (await loadMarks(access, organizationId, ids))
        .filter(({ isTaken }) => isTaken)
        .map(({ eventTicketId }) => eventTicketId),

    async create(listing, nowMs) {
      const { organizationId, tickets } = listing;
      const marks = await loadMarks(
        access,
        organizationId,
        tickets.map(({ eventTicketId }) => eventTicketId),
      );
      if (marks.some(({ isTaken }) => isTaken)) return 'taken';
      await markEvent(access, listing);
      const before = new Map(marks.map((mark) => [mark.eventTicketId, mark.listingId]));
      const { committed } = await transact<'listing' | 'mark' | 'ticket' | 'outbox'>(client, [
        { as: 'listing', Put: { TableName, Item: toListingItem(listing), ...ABSENT } },
        { as: 'listing', Put: { TableName, Item: toListingNumberItem(listing), ...ABSENT } },
        ...tickets.map((ticket) =>
          toMarkPut(TableName, listing, { ticket, before: before.get(ticket.eventTicketId) }),
        ),
        ...tickets.map((ticket) => toOwnedCheck(TableName, listing, ticket)),
        toEvent(listing, nowMs),
      ]);
      return committed ? 'created' : 'changed';
    },

    async change(before, after, nowMs) {
      const { committed } = await transact<'listing' | 'outbox'>(client, [
        {
          as: 'listing',
          Put: {
            TableName,
            Item: toListingItem(after),
            ConditionExpression: 'version = :before',
            ExpressionAttributeValues: { ':before': before.version },
          },
        },
        toEvent(after, nowMs),
      ]);
      return committed;
    },

    async listByEvent({ organizationId, eventId }, { after = FROM_THE_START, limit }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byList',
          KeyConditionExpression: 'g2 = :list AND srt > :after',
          ExpressionAttributeValues: {
            ':list': eventListingsList(organizationId, eventId),
            ':after': after,
          },
          Limit: limit,
        }),
      );
      const ids = Items.map((item) => String(item['srt']));
      const found = await batchGet(
        access,
        ids.map((listingId) => listingKey(organizationId, listingId)),
      );
      const items = found
        .map(fromListingItem)
        .toSorted((a, b) => (a.listingId < b.listingId ? -1 : 1));
      const next = ids.length === limit ? ids.at(-1) : undefined;
      return { items, ...(next === undefined ? {} : { next }) };
    },
  };
}

async function findListing(
  { client, tableName: TableName }: TableAccess,
  { organizationId, listingId }: ListingIds,
): Promise<Listing | undefined> {
  const Key = listingKey(organizationId, listingId);
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item && fromListingItem(Item);
}

async function findTickets(
  access: TableAccess,
  organizationId: string,
  eventTicketIds: readonly number[],
): Promise<readonly Ticket[]> {
  const found = await Promise.all(
    eventTicketIds.map(async (id) => findTicket(access, organizationId, id)),
  );
  return found.filter((ticket) => ticket !== undefined);
}

async function findTicket(
  access: TableAccess,
  organizationId: string,
  eventTicketId: number,
): Promise<Ticket | undefined> {
  for (const wait of backoff(INDEX_LAG_MS_MAX)) {
    const { Items = [] } = await access.client.send(
      new QueryCommand({
        TableName: access.tableName,
        IndexName: 'byId',
        KeyConditionExpression: 'g1 = :id',
        ExpressionAttributeValues: { ':id': ticketLookup(organizationId, eventTicketId) },
        Limit: 1,
      }),
    );
    const pk = Items[0]?.['pk'];
    if (pk !== undefined) {
      const tickets = await loadTickets(access, [{ pk: String(pk), sk: String(Items[0]?.['sk']) }]);
      const ticket = tickets.get(String(pk));
      return ticket?.eventTicketId === eventTicketId ? ticket : undefined;
    }
    if (!(await wait())) return undefined;
  }
  return undefined;
}

/** Before the listing: from then on changes of its tickets are told. */
async function markEvent(
  { client, tableName: TableName }: TableAccess,
  listing: Listing,
): Promise<void> {
  await client.send(new PutCommand({ TableName, Item: toListedEventItem(listing) }));
}

interface Mark {
  readonly eventTicketId: number;
  readonly listingId: string;
  /** That listing is open and still has the ticket. */
  readonly isTaken: boolean;
}

async function loadMarks(
  access: TableAccess,
  organizationId: string,
  eventTicketIds: readonly number[],
): Promise<readonly Mark[]> {
  const marks = (
    await batchGet(
      access,
      eventTicketIds.map((id) => listingMarkKey(organizationId, id)),
    )
  ).map(fromMarkItem);
  const listings = new Map(
    (
      await batchGet(
        access,
        marks.map(({ listingId }) => listingKey(organizationId, listingId)),
      )
    )
      .map(fromListingItem)
      .map((listing) => [listing.listingId, listing]),
  );
  const tickets = new Map(
    (
      await findTickets(
        access,
        organizationId,
        marks.map(({ eventTicketId }) => eventTicketId),
      )
    ).map((ticket) => [ticket.eventTicketId, ticket]),
  );
  return marks.map(({ eventTicketId, listingId }) => {
    const listing = listings.get(listingId);
    const listed = listing?.tickets.find((ticket) => ticket.eventTicketId === eventTicketId);
    const isTaken =
      listing?.status === 'OPEN' && tickets.get(eventTicketId)?.orderId === listed?.orderId;
    return { eventTicketId, listingId, isTaken };
  });
}
