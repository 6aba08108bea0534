// Whether a device was found guessing: on the item of its key, which the door reads anyway.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { GuessStore } from '../app/door/attendance-ports.ts';
import { $KeyItem } from './items.ts';
import { keyKey } from './keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';

export const createGuessStore = (access: TableAccess): GuessStore => ({
  async find(organizationId, deviceId) {
    const key = await loadItem(access, keyKey(organizationId, deviceId), $KeyItem);
    return key && (key.guesses ?? {});
  },

  async put(organizationId, deviceId, state) {
    try {
      await access.client.send(
        new UpdateCommand({
          TableName: access.tableName,
          Key: keyKey(organizationId, deviceId),
          UpdateExpression: 'SET guesses = :state',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':state': state },
        }),
      );
    } catch (error) {
      // A key that is gone guesses no more.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },
});
