// How many unknown barcodes a device asked for, in the running minute and the running ten. Fixed windows: a device never
// has fewer misses within a minute than its minute says.
import type { DeviceMisses } from '../app/door/attendance-ports.ts';
import type { ScanMessage } from '../app/door/ports.ts';
import { isMiss, LOCK_WINDOW_MS, MISSES_WINDOW_MS, toMissMs } from '../domain/guessing.ts';
import { batchGet } from './batch-get.ts';
import { missesKey } from './door-keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import type { TableAccess } from './table-access.ts';
import type { LabelledItem } from './transact.ts';

/** Far longer than a message may be late. */
const KEPT_SECONDS = 7 * 24 * 3_600;

const toTtl = (nowMs: number): number => Math.floor(nowMs / 1_000) + KEPT_SECONDS;

type DeviceIds = Pick<DeviceMisses, 'organizationId' | 'deviceId'>;

const toKeys = (ids: DeviceIds, atMs: number) => [
  missesKey(ids, 'MINUTE', Math.floor(atMs / MISSES_WINDOW_MS)),
  missesKey(ids, 'TEN', Math.floor(atMs / LOCK_WINDOW_MS)),
];

/** Counted when they happened. */
export function toMissCounts(
  TableName: string,
  messages: readonly ScanMessage[],
  nowMs: number,
): LabelledItem<string>[] {
  const counts = new Map<string, { readonly key: ReturnType<typeof missesKey>; count: number }>();
  for (const message of messages) {
    if (!isMiss(message.reason)) continue;
    for (const key of toKeys(message, toMissMs(message, nowMs))) {
      const name = `${key.pk} ${key.sk}`;
      const counted = counts.get(name) ?? { key, count: 0 };
      counted.count += 1;
      counts.set(name, counted);
    }
  }
  return [...counts.values()].map(({ key, count }) => ({
    as: 'misses',
    Update: {
      TableName,
      Key: key,
      UpdateExpression: 'SET kind = :kind, #ttl = :ttl ADD misses :count',
      ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
      ExpressionAttributeValues: { ':kind': 'misses', ':ttl': toTtl(nowMs), ':count': count },
    },
  }));
}

/** The busiest of the windows in which these misses of one device were counted. */
export async function loadMisses(
  access: TableAccess,
  ids: DeviceIds,
  timesMs: readonly number[],
): Promise<DeviceMisses> {
  const keys = timesMs.map((atMs) => toKeys(ids, atMs));
  const items = await batchGet(access, keys.flat());
  const count = (window: 0 | 1): number => {
    const names = new Set(keys.map((pair) => pair[window]?.sk));
    const counted = items.filter(({ sk }) => names.has(String(sk)));
    return Math.max(0, ...counted.map(({ misses }) => Number(misses)));
  };
  const { organizationId, deviceId } = ids;
  return { organizationId, deviceId, inMinute: count(0), inTenMinutes: count(1) };
}
