// The buyers of tickets that an undo took away: what still refers to their contacts, and letting those go to which
// nothing does, in one transaction with the import's account.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { UndoStore } from '../app/undo-ports.ts';
import { present } from '../domain/assert.ts';
import type { Import } from '../domain/imports/import.ts';
import { decideBuyer, type LeftBuyer } from '../domain/imports/undo.ts';
import {
  contactKey,
  IMPORT_BUYER_PREFIX,
  importBuyerKey,
  importPartition,
  orderKey,
  orderTicketsList,
} from './keys.ts';
import { loadBareTickets, type TicketEntry } from './load-tickets.ts';
import { loadItem, queryAll, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';
import { toUndoBooking } from './undo-booking.ts';

/** Each is at most two parts of one transaction. */
const BUYERS_AT_ONCE = 40;

const $Mark = z.object({ contactId: z.string() });
const $Contact = z.looseObject({
  version: z.number(),
  /** Absent while the person is being erased: then the erasure lets go of the rest. */
  contact: z.object({ madeBy: z.object({ source: z.string() }) }).optional(),
});
/** Of a contact's item; every other attribute is something that refers to it. */
const OWN_ATTRIBUTES = new Set(['pk', 'sk', 'kind', 'g2', 'srt', 'contact', 'version']);

export async function listBuyers(
  access: TableAccess,
  found: Import,
): Promise<readonly LeftBuyer[]> {
  const { organizationId, importId } = found;
  const { Items = [] } = await access.client.send(
    new QueryCommand({
      TableName: access.tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :buyer)',
      ExpressionAttributeValues: {
        ':pk': importPartition(organizationId, importId),
        ':buyer': IMPORT_BUYER_PREFIX,
      },
      Limit: BUYERS_AT_ONCE,
    }),
  );
  return Promise.all(Items.map(async (item) => judge(access, found, $Mark.parse(item).contactId)));
}

async function judge(access: TableAccess, found: Import, contactId: string): Promise<LeftBuyer> {
  const { organizationId, importId } = found;
  const item = await loadItem(access, contactKey(organizationId, contactId), $Contact);
  const orderId = item?.[importId];
  if (item === undefined || typeof orderId !== 'number') return { contactId, isKept: false };
  const names = Object.keys(item).filter((name) => !OWN_ATTRIBUTES.has(name) && name !== importId);
  return {
    contactId,
    contact: {
      orderId,
      version: item.version,
      isOwn: item.contact?.madeBy.source === importId,
      hasOthers: names.length > 0,
    },
    isKept: await isKept(access, found, { contactId, orderId }),
  };
}

/** The index is asked only about tickets that the import made long ago; what it tells is checked in the table. */
async function isKept(
  access: TableAccess,
  { organizationId, importId }: Import,
  { contactId, orderId }: { readonly contactId: string; readonly orderId: number },
): Promise<boolean> {
  const order = await loadItem(access, orderKey(organizationId, orderId), z.object({}));
  if (order !== undefined) return true;
  const entries = await queryAll(access.client, {
    TableName: access.tableName,
    IndexName: 'byOwner',
    KeyConditionExpression: 'g3 = :list',
    ExpressionAttributeValues: { ':list': orderTicketsList(organizationId, orderId) },
  });
  const tickets = await loadBareTickets(access, entries as unknown as TicketEntry[]);
  return tickets
    .values()
    .some((ticket) => ticket.importId === importId && ticket.contactId === contactId);
}

/** `changed`: one of the contacts got something else that refers to it. */
export async function commitBuyers(
  { client, tableName: TableName }: TableAccess,
  before: Import,
  after: Import,
  { buyers, nowMs }: Parameters<UndoStore['commitBuyers']>[2],
): ReturnType<UndoStore['commitBuyers']> {
  const { organizationId, importId } = before;
  const result = await transact<'import' | 'contact' | 'mark'>(client, [
    toUndoBooking(TableName, before, after, nowMs),
    ...buyers.flatMap((buyer) => toContactChange(TableName, before, buyer)),
    ...buyers.map(({ contactId }) => ({
      as: 'mark' as const,
      Delete: { TableName, Key: importBuyerKey(organizationId, importId, contactId) },
    })),
  ]);
  if (result.committed) return 'committed';
  return result.failed === 'import' ? 'lost' : 'changed';
}

function toContactChange(
  TableName: string,
  { organizationId, importId }: Import,
  buyer: LeftBuyer,
): LabelledItem<'contact'>[] {
  const decision = decideBuyer(buyer);
  if (decision === 'leave') return [];
  const { version } = present(buyer.contact, 'what is let go of was there');
  const Key = contactKey(organizationId, buyer.contactId);
  // With the same version nothing else has come to refer to it.
  const ConditionExpression = 'version = :version';
  if (decision === 'remove') {
    const ExpressionAttributeValues = { ':version': version };
    return [
      {
        as: 'contact',
        Delete: { TableName, Key, ConditionExpression, ExpressionAttributeValues },
      },
    ];
  }
  return [
    {
      as: 'contact',
      Update: {
        TableName,
        Key,
        UpdateExpression: 'REMOVE #import ADD version :one',
        ConditionExpression,
        ExpressionAttributeNames: { '#import': importId },
        ExpressionAttributeValues: { ':version': version, ':one': 1 },
      },
    },
  ];
}
