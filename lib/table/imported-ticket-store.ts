// One imported ticket at a time: made, or deleted again, in one transaction with the numbers of tickets.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ImportedTicketStore } from '../app/import-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import { toTicketSource } from '../domain/contact.ts';
import { decideReservation } from '../domain/imports/capacity.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { toBuyerUpdate } from './contact-store.ts';
import { toBlockClaim } from './id-store.ts';
import { toNoteKey, toTicketWrite } from './imported-ticket-item.ts';
import { toBookedChecks } from './import-booked.ts';
import { barcodeKey, importDeletedKey } from './keys.ts';
import { hasOrder, loadLeft, toContactChange } from './left-contact.ts';
import { loadStocks, toStockUpdates } from './stock-store.ts';
import type { TableAccess } from './table-access.ts';
import { toBuyerMarks, toTicketRemoval } from './ticket-removal.ts';
import { type LabelledItem, transact } from './transact.ts';

export function createImportedTicketStore(access: TableAccess): ImportedTicketStore {
  const { client, tableName: TableName } = access;
  return {
    loadStocks: async (organizationId, eventId) => loadStocks(access, { organizationId, eventId }),

    async create(ticket, { beyondCapacity, buyer }) {
      for (const wait of backoff()) {
        const stocks = beyondCapacity ? undefined : await loadStocks(access, ticket);
        const decision = stocks && decideReservation(stocks, [ticket.ticketTypeId]);
        if (decision?.as === 'soldOut') {
          return (await exists(access, ticket)) ? 'barcode_exists' : 'sold_out';
        }
        if (decision?.as !== 'busy') {
          const result = await transact<'ticket' | 'block' | 'stock' | 'contact'>(client, [
            {
              as: 'ticket',
              Put: {
                TableName,
                Item: toTicketWrite(ticket).item,
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
            {
              as: 'block',
              ...toBlockClaim(
                TableName,
                ticket.organizationId,
                Math.floor(ticket.eventTicketId / ID_BLOCK_SIZE),
              ),
            },
            ...(buyer === undefined
              ? []
              : [{ as: 'contact' as const, Update: toBuyerUpdate(TableName, buyer) }]),
            ...toOneTicket(TableName, ticket, 1, decision?.as === 'reserve' ? stocks : undefined),
          ]);
          if (result.committed) return 'created';
          if (result.failed === 'ticket') return 'barcode_exists';
          if (result.failed === 'block') return 'id_taken';
        }
        if (!(await wait())) return 'busy';
      }
      return 'busy';
    },

    async remove(ticket, nowMs) {
      for (const wait of backoff()) {
        const result = await transact<RemovalLabel>(client, [
          { as: 'ticket', ...toTicketRemoval(TableName, ticket, nowMs) },
          ...(isOfImport(ticket)
            ? toRowRemoval(TableName, ticket)
            : await toBuyerRemoval(access, ticket)),
          ...toOneTicket(TableName, ticket, -1, undefined),
        ]);
        if (result.committed) return 'removed';
        // The contact got something else that refers to it, or lost it: it is judged again as it is now.
        if (result.failed !== 'contact') return 'not_deletable';
        if (!(await wait())) return 'busy';
      }
      return 'busy';
    },
  };
}

type RemovalLabel = 'ticket' | 'import' | 'deleted' | 'stock' | 'note' | 'buyer' | 'contact';
type RowTicket = Ticket & Required<Pick<Ticket, 'importId' | 'importRow'>>;

const isOfImport = (ticket: Ticket): ticket is RowTicket =>
  ticket.importId !== undefined && ticket.importRow !== undefined;

const toRowRemoval = (
  TableName: string,
  ticket: RowTicket,
): readonly LabelledItem<RemovalLabel>[] => {
  const { organizationId, importId } = ticket;
  return [
    ...toBookedChecks(TableName, ticket),
    { as: 'note', Delete: { TableName, Key: toNoteKey(ticket) } },
    ...toBuyerMarks(TableName, [ticket]),
    {
      as: 'deleted',
      Update: {
        TableName,
        Key: importDeletedKey(organizationId, importId),
        UpdateExpression: 'SET kind = :kind ADD deleted :one',
        ExpressionAttributeValues: { ':kind': 'importDeleted', ':one': 1 },
      },
    },
  ];
};

/** The contact that a single ticket brought goes with it if nothing else refers to it, as after an undo. */
async function toBuyerRemoval(
  access: TableAccess,
  { organizationId, contactId, eventTicketId, orderId }: Ticket,
): Promise<readonly LabelledItem<RemovalLabel>[]> {
  if (contactId === undefined || orderId === undefined) return [];
  const source = { organizationId, source: toTicketSource(eventTicketId) };
  const contact = await loadLeft(access, source, contactId);
  if (contact === undefined) return [];
  const isKept = await hasOrder(access, organizationId, orderId);
  return toContactChange(access.tableName, source, { contactId, contact, isKept });
}

const toOneTicket = (
  TableName: string,
  ticket: Ticket,
  imported: number,
  expected: Awaited<ReturnType<typeof loadStocks>> | undefined,
) =>
  toStockUpdates(TableName, ticket, {
    // The price of a ticket that is made is booked, and taken back with it.
    event: { imported, reserved: 0, paidMinor: imported * (ticket.priceMinor ?? 0) },
    types: new Map([[ticket.ticketTypeId, { imported, reserved: 0 }]]),
    ...(expected === undefined ? {} : { expected }),
  });

async function exists({ client, tableName: TableName }: TableAccess, ticket: Ticket) {
  const Key = barcodeKey(ticket.organizationId, ticket.barcode);
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item !== undefined;
}
