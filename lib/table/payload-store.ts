// What marketplaces told, as it came in: sealed, found by its digest, and gone by itself.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ContactIds } from '../app/erasure-ports.ts';
import type { PayloadStore } from '../app/notice-ports.ts';
import { contactPayloadsList, payloadBuyerKey, payloadKey } from './channel-keys.ts';
import { readOwned } from './owned-entries.ts';
import { ABSENT, type TableAccess } from './table-access.ts';

const KEPT_SECONDS = 30 * 24 * 3_600;

export const createPayloadStore = ({
  client,
  tableName: TableName,
}: TableAccess): PayloadStore => ({
  async keep({ organizationId, payloadDigest, sealed, receivedAtMs, contactIds }) {
    const ttl = Math.ceil(receivedAtMs / 1_000) + KEPT_SECONDS;
    // First what leads to it: dying in between leaves nothing that an erasure doesn't find.
    for (const contactId of contactIds) {
      const buyer = {
        ...payloadBuyerKey(organizationId, payloadDigest, contactId),
        g3: contactPayloadsList(organizationId, contactId),
        srt: payloadDigest,
        kind: 'payloadBuyer',
        ttl,
      };
      await client.send(new PutCommand({ TableName, Item: buyer }));
    }
    const Item = {
      ...payloadKey(organizationId, payloadDigest),
      kind: 'payload',
      sealed,
      receivedAtMs,
      ttl,
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

/** Whole deliveries: of others who stand in one, the marketplace still knows. */
export async function erasePayloads(
  access: TableAccess,
  { organizationId, contactId }: ContactIds,
): Promise<void> {
  const { client, tableName: TableName } = access;
  const list = contactPayloadsList(organizationId, contactId);
  for await (const entries of readOwned(access, list)) {
    for (const { pk, sk } of entries) {
      const { sk: payload } = payloadKey(organizationId, '');
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk: payload } }));
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
    }
  }
}
