// One imported ticket at a time: made, or deleted again, in one transaction with the numbers of tickets.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ImportedTicketStore } from '../app/import-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import { decideReservation } from '../domain/imports/capacity.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { toBuyerUpdate } from './contact-store.ts';
import { toBlockClaim } from './id-store.ts';
import { toNoteKey, toTicketWrite } from './imported-ticket-item.ts';
import { barcodeKey, importDeletedKey, importKey } from './keys.ts';
import { loadStocks, toStockUpdates } from './stock-store.ts';
import type { TableAccess } from './table-access.ts';
import { toBuyerMarks, toTicketRemoval } from './ticket-removal.ts';
import { transact } from './transact.ts';

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
      const { organizationId, importId, importRow } = ticket;
      const result = await transact<'ticket' | 'import' | 'deleted' | 'stock' | 'note' | 'buyer'>(
        client,
        [
          { as: 'ticket', ...toTicketRemoval(TableName, ticket, nowMs) },
          // A row whose chunk isn't booked yet would be made again by a repeat of the chunk.
          ...(importId === undefined || importRow === undefined
            ? []
            : [
                {
                  as: 'import' as const,
                  ConditionCheck: {
                    TableName,
                    Key: importKey(organizationId, importId),
                    ConditionExpression: 'rowsProcessed >= :row',
                    ExpressionAttributeValues: { ':row': importRow },
                  },
                },
                { as: 'note' as const, Delete: { TableName, Key: toNoteKey(ticket) } },
                ...toBuyerMarks(TableName, [ticket]),
                {
                  as: 'deleted' as const,
                  Update: {
                    TableName,
                    Key: importDeletedKey(organizationId, importId),
                    UpdateExpression: 'SET kind = :kind ADD deleted :one',
                    ExpressionAttributeValues: { ':kind': 'importDeleted', ':one': 1 },
                  },
                },
              ]),
          ...toOneTicket(TableName, ticket, -1, undefined),
        ],
      );
      return result.committed ? 'removed' : 'not_deletable';
    },
  };
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
