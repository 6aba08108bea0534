// Addresses that mail must not be sent to. Known by a keyed hash, so that the list holds no address and outlives an
// erased contact.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SuppressionStore } from '../app/mail-ports.ts';
import { createExistence } from './existence.ts';
import { suppressionKey } from './keys.ts';
import type { TableAccess } from './table-access.ts';

export function createSuppressionStore(access: TableAccess): SuppressionStore {
  const { client, tableName: TableName } = access;
  return {
    isSuppressed: async (organizationId, contactId) =>
      createExistence(access)(suppressionKey(organizationId, contactId)),

    async findSuppressed(organizationId, contactIds) {
      // One for each call: a batch must not hold the same key twice.
      const exists = createExistence(access);
      const ids = [...new Set(contactIds)];
      const known = await Promise.all(
        ids.map(async (contactId) => exists(suppressionKey(organizationId, contactId))),
      );
      return new Set(ids.filter((_id, index) => known[index]));
    },

    async suppress({ organizationId, contactId, cause, nowMs }) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: suppressionKey(organizationId, contactId),
          UpdateExpression: [
            'SET kind = :kind',
            'cause = if_not_exists(cause, :cause)',
            'atMs = if_not_exists(atMs, :now)',
          ].join(', '),
          ExpressionAttributeValues: { ':kind': 'suppression', ':cause': cause, ':now': nowMs },
        }),
      );
    },
  };
}
