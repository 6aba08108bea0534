// Reads what a scan pack is made of: an event's tickets shard by shard, and the feed of those that changed.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { PackReader } from '../app/door/read-scan-pack.ts';
import type { EventIds } from '../app/door/ports.ts';
import {
  PACK_LANES,
  packFeedPartition,
  packFeedPosition,
  replacedBarcodesList,
} from './door-keys.ts';
import { barcodeKey, eventTicketsList, TICKET_SHARDS } from './keys.ts';
import { loadBarcodes, type TicketEntry } from './load-tickets.ts';
import { PACK_FEED_KEPT_MS } from './pack-feed.ts';
import type { TableAccess } from './table-access.ts';

/** Items of the feed looked at for one page; each names up to 200 barcodes. */
const FEED_ITEMS = 50;

export function createPackReader(access: TableAccess): PackReader {
  const { client, tableName: TableName } = access;
  return {
    // First the tickets, then the barcodes that they had before.
    shards: 2 * TICKET_SHARDS,
    keptMs: PACK_FEED_KEPT_MS,
    toPosition: (atMs) => packFeedPosition(atMs, ''),

    async readTickets({ organizationId, eventId }, { shard, after }, limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byList',
          KeyConditionExpression: 'g2 = :list AND srt > :after',
          ExpressionAttributeValues: {
            ':list':
              shard < TICKET_SHARDS
                ? eventTicketsList(organizationId, eventId, shard)
                : replacedBarcodesList(organizationId, eventId, shard - TICKET_SHARDS),
            ':after': after,
          },
          Limit: limit,
        }),
      );
      const entries = Items as TicketEntry[];
      const tickets = await loadBarcodes(access, entries);
      const last = LastEvaluatedKey === undefined ? undefined : entries.at(-1)?.srt;
      return {
        // An index that lags may lead to a barcode that is another event's by now.
        tickets: tickets.filter((ticket) => ticket.eventId === eventId),
        ...(last === undefined ? {} : { after: last }),
      };
    },

    readChanges: async (ids, after, limit) => readFeed(access, ids, { after, limit }),

    async findAll(organizationId, barcodes) {
      const keys = barcodes.map((barcode) => barcodeKey(organizationId, barcode));
      const tickets = await loadBarcodes(access, keys);
      return new Map(tickets.map((ticket) => [ticket.barcode, ticket]));
    },
  };
}

async function readFeed(
  access: TableAccess,
  ids: EventIds,
  { after, limit }: { readonly after: string; readonly limit: number },
): ReturnType<PackReader['readChanges']> {
  const lanes = await Promise.all(
    Array.from({ length: PACK_LANES }, (_, lane) => queryLane(access, ids, { lane, after })),
  );
  // Of a lane that has more, nothing is known beyond its last item.
  const known = lanes
    .filter(({ hasMore }) => hasMore)
    .map(({ items }) => items.at(-1)?.sk ?? '')
    .toSorted()[0];
  const items = lanes
    .flatMap((lane) => lane.items)
    .filter(({ sk }) => known === undefined || sk <= known)
    .toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
  const barcodes: string[] = [];
  let position = after;
  for (const item of items) {
    if (barcodes.length >= limit) return { barcodes, after: position, isEnd: false };
    barcodes.push(...item.barcodes);
    position = item.sk;
  }
  return { barcodes, after: position, isEnd: known === undefined };
}

interface FeedItem {
  readonly sk: string;
  readonly barcodes: readonly string[];
}

async function queryLane(
  { client, tableName: TableName }: TableAccess,
  ids: EventIds,
  { lane, after }: { readonly lane: number; readonly after: string },
): Promise<{ readonly items: readonly FeedItem[]; readonly hasMore: boolean }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND sk > :after',
      ExpressionAttributeValues: { ':pk': packFeedPartition(ids, lane), ':after': after },
      ConsistentRead: true,
      Limit: FEED_ITEMS,
    }),
  );
  const items = Items.map((item) => ({
    sk: String(item['sk']),
    barcodes: item['barcodes'] as string[],
  }));
  return { items, hasMore: LastEvaluatedKey !== undefined };
}
