// Resale at TicketSwap in the table: locks, and what the new holder answered.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SwapStore } from '../app/swap-ports.ts';
import { backoff } from './backoff.ts';
import { barcodeKey, personalizationKey } from './keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';
import { commitSwap } from './swap-commit.ts';
import { transact } from './transact.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

const $PersonalizationItem = z.object({
  kind: z.literal('personalization'),
  answers: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  ),
});

export function createSwapStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): SwapStore {
  const { client, tableName: TableName } = access;
  return {
    async find(organizationId, barcode) {
      const Key = barcodeKey(organizationId, barcode);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && fromTicketItem(Item as TicketItem);
    },

    lock: async ({ organizationId, barcode, eventTicketId, standing }, { lockedBy, nowMs }) =>
      updateIf(access, {
        TableName,
        Key: barcodeKey(organizationId, barcode),
        UpdateExpression: 'SET lck = :locked',
        ConditionExpression: [
          'tid = :ticket',
          'std = :standing',
          'adm = :zero',
          'attribute_not_exists(lck)',
          '(attribute_not_exists(hld) OR hld <= :now)',
        ].join(' AND '),
        ExpressionAttributeValues: {
          ':locked': lockedBy,
          ':ticket': eventTicketId,
          ':standing': standing,
          ':zero': 0,
          ':now': nowMs,
        },
      }),

    async unlock({ organizationId, barcode, eventTicketId }, lockedBy) {
      await updateIf(access, {
        TableName,
        Key: barcodeKey(organizationId, barcode),
        UpdateExpression: 'REMOVE lck',
        ConditionExpression: 'tid = :ticket AND lck = :locked',
        ExpressionAttributeValues: { ':ticket': eventTicketId, ':locked': lockedBy },
      });
    },

    commit: async (swap) => commitSwap(access, swap, toOutboxId),

    async loadAnswers(organizationId, eventTicketId) {
      const key = personalizationKey(organizationId, eventTicketId);
      return (await loadItem(access, key, $PersonalizationItem))?.answers;
    },

    async saveAnswers({ organizationId, barcode, eventTicketId }, answers) {
      const { committed } = await transact(client, [
        {
          as: 'ticket',
          ConditionCheck: {
            TableName,
            Key: barcodeKey(organizationId, barcode),
            ConditionExpression:
              'tid = :ticket AND std = :active AND adm = :zero AND attribute_exists(nam)',
            ExpressionAttributeValues: {
              ':ticket': eventTicketId,
              ':active': 'ACTIVE',
              ':zero': 0,
            },
          },
        },
        {
          as: 'answers',
          Put: {
            TableName,
            Item: {
              ...personalizationKey(organizationId, eventTicketId),
              kind: 'personalization',
              answers,
            },
          },
        },
      ]);
      return committed;
    },
  };
}

/** A transaction that holds the item is over in milliseconds. */
async function updateIf({ client }: TableAccess, update: UpdateCommandInput): Promise<boolean> {
  for (const wait of backoff()) {
    try {
      await client.send(new UpdateCommand(update));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      const isConflict = error instanceof Error && error.name === 'TransactionConflictException';
      if (!isConflict || !(await wait())) throw error;
    }
  }
  return false;
}
