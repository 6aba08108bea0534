// The log of scans, and what is counted with it. Passed scans come by the stream, in batches that may come again: a line
// written twice is the same line. Refusals come by the queue: a line and what it counts are one transaction, in which
// the line must be new.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { parse } from 'zod/v4/core';
import type { DeviceMisses, LoggedScan, ScanLogStore } from '../app/door/attendance-ports.ts';
import type { ScanMessage } from '../app/door/ports.ts';
import { isMiss, toMissMs } from '../domain/guessing.ts';
import { SCAN_REASONS } from '../domain/scan.ts';
import { batchPut } from './batch-write.ts';
import { missesKey, SCAN_LOG_SHARDS, scanLogPartition, scanLogPosition } from './door-keys.ts';
import { toMissCounts, loadMisses } from './miss-counts.ts';
import { toRefusalCounts } from './refusal-counts.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

/** How long a line is kept; a million of them cost 0.09 USD a month. The counters stay. */
const SCAN_LOG_DAYS = 90;
/** Refusals of one transaction: two items for each and at most three counters make 100. */
const REFUSALS_TOGETHER = 20;

const $LogItem = z.object({
  kind: z.literal('scan'),
  organizationId: z.string(),
  eventId: z.string(),
  atMs: z.number(),
  deviceId: z.string(),
  gateId: z.exactOptional(z.string()),
  direction: z.enum(['entry', 'exit']),
  outcome: z.enum(['ADMITTED', 'EXITED', 'ANNULLED', 'ADMITTED_OFFLINE_CLASH', 'REFUSED']),
  reason: z.exactOptional(z.enum(SCAN_REASONS)),
  scanId: z.exactOptional(z.string()),
  isOffline: z.boolean(),
  eventTicketId: z.exactOptional(z.number()),
  ticketTypeId: z.exactOptional(z.number()),
  logId: z.string(),
});

export function createScanLogStore(access: TableAccess): ScanLogStore {
  return {
    append: async (lines, nowMs) =>
      batchPut(access, unique(lines.map((line) => toItem(line, nowMs)))),

    async appendRefusals(messages, nowMs) {
      const counted: ScanMessage[] = [];
      for (let start = 0; start < messages.length; start += REFUSALS_TOGETHER) {
        const together = messages.slice(start, start + REFUSALS_TOGETHER);
        counted.push(...(await commitRefusals(access, together, nowMs)));
      }
      const devices = Map.groupBy(
        counted.filter(({ reason }) => isMiss(reason)),
        ({ organizationId, deviceId }) => `${organizationId} ${deviceId}`,
      );
      const misses: DeviceMisses[] = [];
      for (const own of devices.values()) {
        const [ids] = own;
        const times = own.map((message) => toMissMs(message, nowMs));
        if (ids !== undefined) misses.push(await loadMisses(access, ids, times));
      }
      return misses;
    },

    async list(ids, { after, limit }) {
      const shards = await Promise.all(
        Array.from({ length: SCAN_LOG_SHARDS }, (_, shard) =>
          queryShard(access, scanLogPartition(ids, shard), { after, limit }),
        ),
      );
      const entries = shards
        .flat()
        .toSorted((a, b) => (String(a['sk']) > String(b['sk']) ? -1 : 1))
        .slice(0, limit);
      const last = entries.length < limit ? undefined : entries.at(-1);
      return {
        items: entries.map((entry) => fromItem(entry)),
        ...(last === undefined ? {} : { next: String(last['sk']) }),
      };
    },
  };
}

async function queryShard(
  { client, tableName: TableName }: TableAccess,
  pk: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: `pk = :pk${after === undefined ? '' : ' AND sk < :after'}`,
      ExpressionAttributeValues: { ':pk': pk, ...(after === undefined ? {} : { ':after': after }) },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return Items;
}

function fromItem(item: Readonly<Record<string, unknown>>): LoggedScan {
  const { kind: _kind, ...line } = parse($LogItem, item);
  return line;
}

const toShard = (logId: string): number =>
  [...logId].reduce((sum, character) => sum + character.charCodeAt(0), 0) % SCAN_LOG_SHARDS;

function toItem(line: LoggedScan, nowMs: number): Record<string, unknown> {
  const { atMs, deviceId, logId } = line;
  return {
    pk: scanLogPartition(line, toShard(logId)),
    sk: scanLogPosition(atMs, deviceId, logId),
    kind: 'scan',
    ...line,
    [TTL_ATTRIBUTE]: toTtl(nowMs),
  };
}

/** DynamoDB refuses a batch in which a key comes twice. */
const unique = (items: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] => [
  ...new Map(items.map((item) => [JSON.stringify([item['pk'], item['sk']]), item])).values(),
];

/** Answers the messages that were new. */
async function commitRefusals(
  access: TableAccess,
  messages: readonly ScanMessage[],
  nowMs: number,
): Promise<readonly ScanMessage[]> {
  const { client, tableName: TableName } = access;
  let left = [...new Map(messages.map((message) => [message.messageId, message])).values()];
  while (left.length > 0) {
    const items: LabelledItem<string>[] = left.flatMap((message) =>
      toItems(message, nowMs).map((Item) => ({
        as: message.messageId,
        Put: { TableName, Item, ...ABSENT },
      })),
    );
    const result = await transact(client, [
      ...items,
      ...toRefusalCounts(TableName, left),
      ...toMissCounts(TableName, left, nowMs),
    ]);
    if (result.committed) return left;
    left = left.filter(({ messageId }) => messageId !== result.failed);
  }
  return [];
}

/**
 * What a message is known by when it comes again. A check isn't logged, and an offline scan's time is corrected anew each
 * time that it is sent: both have an item that their id alone names.
 */
function toItems(message: ScanMessage, nowMs: number): readonly Record<string, unknown>[] {
  const line = message.isCheck ? [] : [toItem(toLine(message), nowMs)];
  if (!message.isCheck && !message.isOffline) return line;
  const kind = message.isCheck ? 'CHECK' : 'OFFLINE';
  const marker = {
    ...missesKey(message, kind, message.messageId),
    kind: 'misses',
    [TTL_ATTRIBUTE]: toTtl(nowMs),
  };
  return [marker, ...line];
}

const toTtl = (nowMs: number): number => Math.floor(nowMs / 1_000) + SCAN_LOG_DAYS * 24 * 3_600;

const toLine = ({ messageId, isCheck: _check, ...line }: ScanMessage): LoggedScan => ({
  ...line,
  logId: messageId,
});
