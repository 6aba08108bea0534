// The timeline of a sale, in its sale's partition: each entry is an item that is put once and never changed, and stays as
// long as the sale.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SaleIds } from '../app/marketplace-ports.ts';
import type { TimelineStore } from '../app/timeline-ports.ts';
import { TIMELINE_KINDS, type TimelineEntry, toTimeline } from '../domain/marketplaces/timeline.ts';
import { saleKey, TIMELINE_PREFIX, timelineKey } from './marketplace-keys.ts';
import { ABSENT, queryAll, type TableAccess } from './table-access.ts';

const $EntryItem = z.object({
  entry: z.object({
    entryId: z.string(),
    kind: z.enum(TIMELINE_KINDS),
    what: z.string(),
    atMs: z.number(),
    payloadDigest: z.string().exactOptional(),
    detail: z.string().exactOptional(),
  }),
});

/** An item for the transaction of what it tells of; put again it is the same. */
export const toTimelineItem = (ids: SaleIds, entry: TimelineEntry) => ({
  ...timelineKey(ids, entry.entryId),
  kind: 'timeline',
  entry,
});

export const createTimelineStore = (access: TableAccess): TimelineStore => ({
  async add(ids, entries) {
    await Promise.all(entries.map(async (entry) => put(access, toTimelineItem(ids, entry))));
  },

  async list(ids) {
    const items = await queryAll(access.client, {
      TableName: access.tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entries)',
      ExpressionAttributeValues: { ':pk': saleKey(ids).pk, ':entries': TIMELINE_PREFIX },
    });
    return toTimeline(items.map((item) => $EntryItem.parse(item).entry));
  },
});

async function put(
  { client, tableName: TableName }: TableAccess,
  Item: ReturnType<typeof toTimelineItem>,
): Promise<void> {
  try {
    await client.send(new PutCommand({ TableName, Item, ...ABSENT }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
