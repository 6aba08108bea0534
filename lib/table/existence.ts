// Whether items exist, asked one by one and read many at once.
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { assert } from '../domain/assert.ts';
import { backoff } from './backoff.ts';
import type { Key } from './keys.ts';
import type { TableAccess } from './table-access.ts';

/** Keys of one read (DynamoDB quota). */
export const READ_KEYS_MAX = 100;

interface Question {
  readonly key: Key;
  readonly answer: (exists: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** Questions of the same moment are one read; no two of them may be the same. */
export function createExistence(access: TableAccess): (key: Key) => Promise<boolean> {
  let waiting: Question[] = [];
  const ask = (): void => {
    const questions = waiting;
    waiting = [];
    if (questions.length === 0) return;
    const keys = questions.map(({ key }) => key);
    findExisting(access, keys).then(
      (existing) => {
        for (const { key, answer } of questions) answer(existing.has(key.pk));
      },
      (error: unknown) => {
        for (const { fail } of questions) fail(error);
      },
    );
  };
  return async (key) =>
    new Promise((answer, fail) => {
      if (waiting.length === 0) setImmediate(ask);
      waiting.push({ key, answer, fail });
      if (waiting.length === READ_KEYS_MAX) ask();
    });
}

/** Partition keys of those that exist. */
async function findExisting(
  { client, tableName }: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlySet<string>> {
  const existing = new Set<string>();
  let left: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (const wait of backoff()) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({
        RequestItems: {
          [tableName]: { Keys: left, ConsistentRead: true, ProjectionExpression: 'pk' },
        },
      }),
    );
    for (const { pk } of Responses?.[tableName] ?? []) existing.add(String(pk));
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length === 0) break;
    assert(await wait(), 'the table answers no reads');
  }
  return existing;
}
