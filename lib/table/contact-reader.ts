// Contacts as the organizer looks at them: one by its id, and all of an organization merged from the shards over which
// they are spread.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ContactReader, ContactStore } from '../app/contact-ports.ts';
import { contactsLists } from './keys.ts';
import type { TableAccess } from './table-access.ts';

export function createContactReader(
  { client, tableName: TableName }: TableAccess,
  { findAll }: Pick<ContactStore, 'findAll'>,
): ContactReader {
  const queryShard = async (list: string, after: string, limit: number): Promise<string[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byList',
        KeyConditionExpression: 'g2 = :list AND srt > :after',
        ExpressionAttributeValues: { ':list': list, ':after': after },
        Limit: limit,
      }),
    );
    return Items.map((item) => String(item['srt']));
  };

  return {
    find: async (organizationId, contactId) =>
      (await findAll(organizationId, [contactId])).get(contactId),

    async list(organizationId, { after = FIRST, limit }) {
      const shards = await Promise.all(
        contactsLists(organizationId).map(async (list) => queryShard(list, after, limit)),
      );
      const contactIds = shards.flat().toSorted().slice(0, limit);
      const contacts = await findAll(organizationId, contactIds);
      // One that went a moment ago is still in the index: the page is shorter for it.
      const items = contactIds.flatMap((contactId) => contacts.get(contactId) ?? []);
      const last = contactIds.at(-1);
      return contactIds.length < limit || last === undefined ? { items } : { items, next: last };
    },
  };
}

/** Below every id: all begin alike. */
const FIRST = 'con_';
