// Puts many items without a condition: only for such as are the same item when they are written again.
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { assert } from '../domain/assert.ts';
import { backoff } from './backoff.ts';
import type { TableAccess } from './table-access.ts';

/** Items of one BatchWriteItem (DynamoDB quota). */
const BATCH_ITEMS = 25;

export async function batchPut(
  { client, tableName }: TableAccess,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / BATCH_ITEMS) }, (_, index) =>
    items.slice(index * BATCH_ITEMS, (index + 1) * BATCH_ITEMS),
  );
  await Promise.all(batches.map(async (batch) => putBatch({ client, tableName }, batch)));
}

async function putBatch(
  { client, tableName }: TableAccess,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  let left: Parameters<typeof toInput>[1] = items.map((Item) => ({ PutRequest: { Item } }));
  for (const wait of backoff()) {
    const { UnprocessedItems } = await client.send(new BatchWriteCommand(toInput(tableName, left)));
    left = UnprocessedItems?.[tableName] ?? [];
    if (left.length === 0) return;
    assert(await wait(), 'the table takes no writes');
  }
}

const toInput = (
  tableName: string,
  requests: NonNullable<
    NonNullable<ConstructorParameters<typeof BatchWriteCommand>[0]['RequestItems']>[string]
  >,
) => ({ RequestItems: { [tableName]: requests } });
