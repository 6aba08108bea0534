// Entries of a ticket's history as they lie in the table: each is an item of its own that is put in the transaction of
// the change that it tells of, and never changed.
import { monotonicFactory } from 'ulid';
import * as z from 'zod';
import { HISTORY_ACTIONS, type HistoryEntry } from '../domain/history.ts';
import { historyKey, historyPartition } from './keys.ts';

const $HistoryItem = z.object({
  entry: z.object({
    atMs: z.number(),
    action: z.enum(HISTORY_ACTIONS),
    by: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  }),
});

/** Entries of one millisecond stay in the order in which they were made. */
const toPosition = monotonicFactory();

/** An item to put in the transaction of the change. */
export const toHistoryItem = (
  organizationId: string,
  eventTicketId: number,
  entry: Omit<HistoryEntry, 'atMs'>,
  nowMs: number,
) => ({
  ...historyKey(organizationId, eventTicketId, toPosition(nowMs)),
  kind: 'history',
  entry: { ...entry, atMs: nowMs },
});

export const fromHistoryItem = (item: unknown): HistoryEntry => $HistoryItem.parse(item).entry;

export const toHistoryQuery = (organizationId: string, eventTicketId: number) => ({
  ConsistentRead: true,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': historyPartition(organizationId, eventTicketId) },
  ScanIndexForward: false,
});
