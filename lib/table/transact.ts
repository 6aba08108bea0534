// A transaction whose items carry labels, so that a refusal names the item whose condition failed instead of a
// position. Conflicts with other writers are retried here with jitter until they are decided or the time is over.
import {
  TransactWriteCommand,
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { assert, present } from '../domain/assert.ts';
import { backoff } from './backoff.ts';
import { TRANSACTION_ITEMS_MAX } from './schema.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
export type LabelledItem<L extends string> = TransactItem & { readonly as: L };

export type TransactResult<L extends string> =
  | { readonly committed: true }
  | {
      readonly committed: false;
      /** The first item, in the order given, whose condition did not hold. */
      readonly failed: L;
      /** That item as it stood, if it exists and its write asked for ALL_OLD. */
      readonly existing?: Readonly<Record<string, unknown>>;
    };

/**
 * Commits all items or none. Answers which condition failed; throws after `deadlineMs` of conflicts or throttling.
 * The caller's conditions must make a repeat harmless: a lost reply is sent again.
 */
export async function transact<L extends string>(
  client: DynamoDBDocumentClient,
  items: readonly LabelledItem<L>[],
): Promise<TransactResult<L>> {
  assert(
    items.length > 0 && items.length <= TRANSACTION_ITEMS_MAX,
    'a transaction has 1 to 100 items',
  );
  const command = new TransactWriteCommand({
    TransactItems: items.map(({ as: _label, ...item }) => item),
  });
  for (const wait of backoff()) {
    try {
      await client.send(command);
      return { committed: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const failed = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
      if (failed >= 0) {
        const existing = reasons[failed]?.Item;
        return {
          committed: false,
          failed: present(items[failed], 'a reason for each item').as,
          ...(existing ? { existing: unmarshall(existing) } : {}),
        };
      }
      if (!reasons.every((reason) => RETRYABLE.has(reason.Code ?? 'None'))) throw error;
      if (!(await wait())) throw error;
    }
  }
  throw new Error('unreachable: backoff ends by its own answer');
}

const RETRYABLE = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'TransactionInProgressException',
]);
