// Holds that bind nobody. They lie where binding ones do, and each step writes that one item and nothing else: no ticket,
// no count, no message knows of them.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, type PutCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldIds, LooseHoldStore } from '../app/marketplace-ports.ts';
import type { HoldSale } from '../domain/marketplaces/hold.ts';
import { toHoldItem, toReleasedItem } from './hold-item.ts';
import { holdKey, holdsList } from './marketplace-keys.ts';
import { ABSENT, type TableAccess } from './table-access.ts';

export const createLooseHoldStore = (access: TableAccess): LooseHoldStore => ({
  place: async (hold, ahead) =>
    put(access, {
      Item: toHoldItem(hold),
      ...(ahead === undefined
        ? ABSENT
        : {
            ConditionExpression: `kind = :ahead AND ${
              ahead.sale === undefined ? 'attribute_not_exists(sale)' : 'sale.saleId = :sale'
            }`,
            ExpressionAttributeValues: {
              ':ahead': 'releasedAhead',
              ...(ahead.sale === undefined ? {} : { ':sale': ahead.sale.saleId }),
            },
          }),
    }),

  async supersede(ids, sale, nowMs) {
    const isAhead = await put(access, {
      Item: toReleasedItem(ids, nowMs, sale),
      ConditionExpression:
        'attribute_not_exists(pk) OR (kind = :ahead AND attribute_not_exists(sale))',
      ExpressionAttributeValues: { ':ahead': 'releasedAhead' },
    });
    // Whatever is there is a hold or has a sale, and neither goes away again.
    if (!isAhead) await endBySale(access, { ids, sale, nowMs });
  },
});

async function endBySale(
  { client, tableName: TableName }: TableAccess,
  end: { readonly ids: HoldIds; readonly sale: HoldSale; readonly nowMs: number },
): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key: holdKey(end.ids),
        UpdateExpression: [
          'SET #status = :invoiced, sale = :sale, g2 = :list, resolvedAtMs = :now',
          'REMOVE g4, due',
        ].join(' '),
        ConditionExpression: 'kind = :hold AND binding = :no AND attribute_not_exists(sale)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':invoiced': 'INVOICED',
          ':sale': end.sale,
          ':list': holdsList(end.ids.organizationId, 'INVOICED'),
          ':now': end.nowMs,
          ':hold': 'hold',
          ':no': false,
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** False when the condition doesn't hold. */
async function put(
  { client, tableName: TableName }: TableAccess,
  input: Omit<PutCommandInput, 'TableName'>,
): Promise<boolean> {
  try {
    await client.send(new PutCommand({ TableName, ...input }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
