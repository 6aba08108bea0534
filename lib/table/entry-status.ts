// The status of a refund, the one thing of a ledger item that changes. Whoever changes it states the attempt that it knows
// of: what an earlier attempt came to says nothing about a later one.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EntryRetry } from '../app/order-ports.ts';
import type { EntryStatus, Order } from '../domain/orders/order.ts';
import { toEntryKey } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

interface StatusChange {
  readonly transactionId: string;
  readonly from: readonly EntryStatus[];
  readonly to: EntryStatus;
}

/** Answers false when it is no longer in that attempt, or in a state from which it may come there. */
export async function setEntryStatus(
  { client, tableName: TableName }: TableAccess,
  order: Order,
  { transactionId, from, to }: StatusChange,
): Promise<boolean> {
  const attempt = toAttempt(order, transactionId);
  const states = from.map((_one, at) => `:from${at}`);
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key: toEntryKey(order, transactionId),
        UpdateExpression: 'SET entry.#status = :to',
        ConditionExpression: `entry.#status IN (${states.join(', ')}) AND ${attempt.condition}`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':to': to,
          ...attempt.values,
          ...Object.fromEntries(from.map((status, at) => [`:from${at}`, status])),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Answers false when it isn't FAILED any more. */
export async function retryEntry(
  { client, tableName: TableName }: TableAccess,
  order: Order,
  retry: EntryRetry & { readonly toOutboxId: (nowMs: number) => string },
): Promise<boolean> {
  const { transactionId, retries, retryKey, message, nowMs, toOutboxId } = retry;
  const attempt = toAttempt(order, transactionId);
  const keySet = retryKey === undefined ? ' REMOVE entry.retryKey' : ', entry.retryKey = :key';
  const result = await transact<'entry' | 'outbox'>(client, [
    {
      as: 'entry',
      Update: {
        TableName,
        Key: toEntryKey(order, transactionId),
        UpdateExpression: `SET entry.#status = :pending, entry.retries = :retries${keySet}`,
        ConditionExpression: `entry.#status = :failed AND ${attempt.condition}`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':pending': 'PENDING',
          ':failed': 'FAILED',
          ':retries': retries,
          ...attempt.values,
          ...(retryKey === undefined ? {} : { ':key': retryKey }),
        },
      },
    },
    {
      as: 'outbox',
      Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) },
    },
  ]);
  return result.committed;
}

function toAttempt({ ledger }: Order, transactionId: string) {
  const retries = ledger.find((entry) => entry.transactionId === transactionId)?.retries;
  return retries === undefined
    ? { condition: 'attribute_not_exists(entry.retries)', values: {} }
    : { condition: 'entry.retries = :known', values: { ':known': retries } };
}
