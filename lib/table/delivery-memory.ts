// Deliveries that came in by channels, for as long as they might come again.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DeliveryMemory } from '../app/channel-ports.ts';
import { deliveryKey } from './channel-keys.ts';
import type { TableAccess } from './table-access.ts';

/** Product.md section 2. */
const REMEMBERED_SECONDS = 30 * 24 * 3_600;

export const createDeliveryMemory = ({
  client,
  tableName: TableName,
}: TableAccess): DeliveryMemory => ({
  async remember({ channelId, id, attempt, fingerprint, claimant }, nowMs) {
    const Item = {
      ...deliveryKey(channelId, id),
      kind: 'delivery',
      fingerprint,
      attempt,
      claimant,
      ttl: Math.ceil(nowMs / 1_000) + REMEMBERED_SECONDS,
    };
    try {
      await client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression:
            'attribute_not_exists(pk) OR claimant = :claimant' +
            ' OR (fingerprint = :fingerprint AND attempt < :attempt)',
          ExpressionAttributeValues: {
            ':claimant': claimant,
            ':fingerprint': fingerprint,
            ':attempt': attempt,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});
