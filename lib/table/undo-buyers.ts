// The buyers of tickets that an undo took away: what still refers to their contacts, and letting those go to which
// nothing does, in one transaction with the import's account.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { UndoStore } from '../app/undo-ports.ts';
import type { Import } from '../domain/imports/import.ts';
import type { LeftBuyer } from '../domain/imports/undo.ts';
import { IMPORT_BUYER_PREFIX, importBuyerKey, importPartition, orderTicketsList } from './keys.ts';
import { hasOrder, loadLeft, toContactChange } from './left-contact.ts';
import { loadBareTickets, type TicketEntry } from './load-tickets.ts';
import { queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';
import { toUndoBooking } from './undo-booking.ts';

/** Each is at most two parts of one transaction. */
const BUYERS_AT_ONCE = 40;

const $Mark = z.object({ contactId: z.string() });
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
  const contact = await loadLeft(access, toSource(found), contactId);
  if (contact === undefined) return { contactId, isKept: false };
  const { orderId } = contact;
  return { contactId, contact, isKept: await isKept(access, found, { contactId, orderId }) };
}

const toSource = ({ organizationId, importId }: Import) => ({ organizationId, source: importId });

/** The index is asked only about tickets that the import made long ago; what it tells is checked in the table. */
async function isKept(
  access: TableAccess,
  { organizationId, importId }: Import,
  { contactId, orderId }: { readonly contactId: string; readonly orderId: number },
): Promise<boolean> {
  if (await hasOrder(access, organizationId, orderId)) return true;
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
    ...buyers.flatMap((buyer) => toContactChange(TableName, toSource(before), buyer)),
    ...buyers.map(({ contactId }) => ({
      as: 'mark' as const,
      Delete: { TableName, Key: importBuyerKey(organizationId, importId, contactId) },
    })),
  ]);
  if (result.committed) return 'committed';
  return result.failed === 'import' ? 'lost' : 'changed';
}
