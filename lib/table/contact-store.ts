// Contacts. An address has one item, found by a keyed hash of it; what each import brought for it stands on the item
// as an attribute with the import's name, so that making the contact and claiming its order is one write.
import { BatchGetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Buyer, ContactStore } from '../app/contact-ports.ts';
import { assert } from '../domain/assert.ts';
import { backoff } from './backoff.ts';
import { contactKey, contactShard, contactsList } from './keys.ts';
import { loadSecret } from './organization-secret.ts';
import type { TableAccess } from './table-access.ts';

const $ContactItem = z.object({
  /** All that is known of the person, set once and as a whole. */
  contact: z.object({
    organizationId: z.string(),
    contactId: z.string(),
    email: z.string(),
    name: z.string().exactOptional(),
    createdAtMs: z.number(),
    madeBy: z.object({ source: z.string(), row: z.number() }),
  }),
});

export function createContactStore(access: TableAccess): ContactStore {
  const { client, tableName: TableName } = access;
  return {
    async registerBuyer(buyer) {
      const { Attributes } = await client.send(
        new UpdateCommand({ ...toBuyerUpdate(TableName, buyer), ReturnValues: 'ALL_NEW' }),
      );
      const { contact } = $ContactItem.parse(Attributes);
      return { orderId: Number(Attributes?.[buyer.source]), madeBy: contact.madeBy };
    },

    loadSecret: async (organizationId) => loadSecret(access, organizationId),

    async findAll(organizationId, contactIds) {
      const found = new Map<string, z.output<typeof $ContactItem>['contact']>();
      let left: Record<string, unknown>[] = [...new Set(contactIds)].map((contactId) => ({
        ...contactKey(organizationId, contactId),
      }));
      for (const wait of backoff()) {
        if (left.length === 0) break;
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetCommand({
            RequestItems: { [TableName]: { Keys: left, ConsistentRead: true } },
          }),
        );
        for (const item of Responses?.[TableName] ?? []) {
          const contact = fromContactItem(item);
          if (contact !== undefined) found.set(contact.contactId, contact);
        }
        left = UnprocessedKeys?.[TableName]?.Keys ?? [];
        if (left.length > 0) assert(await wait(), 'the table answers no reads');
      }
      return found;
    },
  };
}

/** Undefined when the person was erased: then only what led to it is left. */
export const fromContactItem = (item: Readonly<Record<string, unknown>>) =>
  item['contact'] === undefined ? undefined : $ContactItem.parse(item).contact;

/**
 * The first source that names a contact makes it; every later one leaves it as it is. What refers to a contact leaves
 * its own attribute here, and whoever takes a contact away states the version by which it saw that there is none.
 */
export function toBuyerUpdate(TableName: string, buyer: Buyer) {
  const { organizationId, contactId, email, name, source, row, orderId, nowMs } = buyer;
  const contact = {
    organizationId,
    contactId,
    email,
    ...(name === undefined ? {} : { name }),
    createdAtMs: nowMs,
    madeBy: { source, row },
  };
  return {
    TableName,
    Key: contactKey(organizationId, contactId),
    UpdateExpression: [
      'SET kind = :kind',
      'g2 = :list',
      'srt = :id',
      'contact = if_not_exists(contact, :contact)',
      '#source = if_not_exists(#source, :order) ADD version :one',
    ].join(', '),
    ExpressionAttributeNames: { '#source': source },
    ExpressionAttributeValues: {
      ':kind': 'contact',
      ':list': contactsList(organizationId, contactShard(contactId)),
      ':id': contactId,
      ':contact': contact,
      ':order': orderId,
      ':one': 1,
    },
  };
}
