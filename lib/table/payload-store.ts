// What marketplaces told, as it came in: sealed, found by its digest, and gone by itself.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PayloadStore } from '../app/notice-ports.ts';
import { payloadKey } from './channel-keys.ts';
import { ABSENT, type TableAccess } from './table-access.ts';

const KEPT_SECONDS = 30 * 24 * 3_600;

export const createPayloadStore = ({
  client,
  tableName: TableName,
}: TableAccess): PayloadStore => ({
  async keep({ organizationId, payloadDigest, sealed, receivedAtMs }) {
    const Item = {
      ...payloadKey(organizationId, payloadDigest),
      kind: 'payload',
      sealed,
      receivedAtMs,
      ttl: Math.ceil(receivedAtMs / 1_000) + KEPT_SECONDS,
    };
    try {
      await client.send(new PutCommand({ TableName, Item, ...ABSENT }));
    } catch (error) {
      // A repeat: the first one counts the days.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },

  async find(organizationId, payloadDigest) {
    const Key = payloadKey(organizationId, payloadDigest);
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item && String(Item['sealed']);
  },
});
