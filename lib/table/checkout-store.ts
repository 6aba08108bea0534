// Pages of a payment provider that are open for an order: noted before the buyer is led there, so that they can be closed
// when something else is due.
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CheckoutStore } from '../app/payment-ports.ts';
import { checkoutsPartition } from './keys.ts';
import { queryAll, type TableAccess } from './table-access.ts';
import { TTL_ATTRIBUTE } from './schema.ts';

const $CheckoutItem = z.object({
  kind: z.literal('checkout'),
  sk: z.string(),
  version: z.number(),
});

export function createCheckoutStore({ client, tableName: TableName }: TableAccess): CheckoutStore {
  const toKey = (organizationId: string, orderId: number, sessionId: string) => ({
    pk: checkoutsPartition(organizationId, orderId),
    sk: sessionId,
  });
  return {
    async note({ organizationId, orderId, sessionId, version, expiresAtMs }) {
      const Key = toKey(organizationId, orderId, sessionId);
      const Item = {
        ...Key,
        kind: 'checkout',
        organizationId,
        orderId,
        version,
        [TTL_ATTRIBUTE]: Math.ceil(expiresAtMs / 1_000),
      };
      await client.send(new PutCommand({ TableName, Item }));
    },
    async list({ organizationId, orderId }) {
      const items = await queryAll(client, {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': checkoutsPartition(organizationId, orderId) },
        ConsistentRead: true,
      });
      return items.map((item) => {
        const { sk: sessionId, version } = $CheckoutItem.parse(item);
        return { sessionId, version };
      });
    },
    async remove({ organizationId, orderId, sessionId }) {
      const Key = toKey(organizationId, orderId, sessionId);
      await client.send(new DeleteCommand({ TableName, Key }));
    },
  };
}
