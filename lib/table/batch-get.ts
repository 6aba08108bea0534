// Many items by their keys, strongly consistent; in the order in which they come.
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { assert } from '../domain/assert.ts';
import { backoff } from './backoff.ts';
import type { Key } from './keys.ts';
import type { TableAccess } from './table-access.ts';

/** Keys of one BatchGetItem (DynamoDB quota). */
const BATCH_KEYS = 100;

export async function batchGet(
  access: TableAccess,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const unique = [...new Map(keys.map((key) => [toText(key), key])).values()];
  const batches = Array.from({ length: Math.ceil(unique.length / BATCH_KEYS) }, (_, index) =>
    unique.slice(index * BATCH_KEYS, (index + 1) * BATCH_KEYS),
  );
  return (await Promise.all(batches.map(async (batch) => getBatch(access, batch)))).flat();
}

async function getBatch(
  { client, tableName }: TableAccess,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let left: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (const wait of backoff()) {
    if (left.length === 0) break;
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[tableName] ?? []));
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length > 0) assert(await wait(), 'the table answers no reads');
  }
  return found;
}

const toText = (key: Key): string => JSON.stringify([key.pk, key.sk]);
