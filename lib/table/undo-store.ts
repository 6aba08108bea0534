// What undoing an import writes: groups of tickets, each in one transaction with stock and account.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { UndoStore } from '../app/undo-ports.ts';
import { present } from '../domain/assert.ts';
import type { ImportIds } from '../domain/imports/import.ts';
import { sum } from '../domain/money.ts';
import type { Ticket } from '../domain/ticket.ts';
import { listTicketEntries } from './import-rows.ts';
import { isNoteApart, toNoteKey } from './imported-ticket-item.ts';
import { importDeletedKey } from './keys.ts';
import { inOrder, loadBareTickets } from './load-tickets.ts';
import { type StockChange, toStockUpdates } from './stock-store.ts';
import type { TableAccess } from './table-access.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';
import { toBuyerMarks, toTicketRemoval } from './ticket-removal.ts';
import { transact } from './transact.ts';
import { toUndoBooking } from './undo-booking.ts';
import { commitBuyers, listBuyers } from './undo-buyers.ts';

export function createUndoStore(
  access: TableAccess,
  loadBlocks: (ids: ImportIds) => Promise<ReadonlyMap<number, number>>,
): UndoStore {
  const { client, tableName: TableName } = access;
  return {
    async listTickets(found, page) {
      const blocks = await loadBlocks(found);
      const { entries, ...next } = await listTicketEntries(access, blocks, { found, ...page });
      return { tickets: inOrder(entries, await loadBareTickets(access, entries)), ...next };
    },

    async commit(before, after, { gone, nowMs }) {
      const result = await transact<'import' | 'stock' | 'note' | 'buyer' | TicketLabel>(client, [
        toUndoBooking(TableName, before, after, nowMs),
        ...gone.map((ticket, index) => ({
          as: toLabel(index),
          ...toTicketRemoval(TableName, ticket, nowMs),
        })),
        ...toBuyerMarks(TableName, gone),
        ...gone.filter(isNoteApart).map((ticket) => ({
          as: 'note' as const,
          Delete: { TableName, Key: toNoteKey(ticket) },
        })),
        ...toStockUpdates(TableName, before, toPlaces(gone)),
      ]);
      if (result.committed) return { as: 'committed' };
      if (result.failed === 'import') return { as: 'lost' };
      const index = gone.findIndex((_ticket, at) => toLabel(at) === result.failed);
      const ticket = present(
        gone[index],
        'an event with tickets has a stock, and the others have no condition',
      );
      const now = result.existing && fromTicketItem(result.existing as unknown as TicketItem);
      const isSame = now?.eventTicketId === ticket.eventTicketId;
      return { as: 'changed', ticket, now: isSame ? now : undefined };
    },

    listBuyers: async (found) => listBuyers(access, found),
    commitBuyers: async (before, after, done) => commitBuyers(access, before, after, done),

    async countDeleted({ organizationId, importId }) {
      const Key = importDeletedKey(organizationId, importId);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Number(Item?.['deleted'] ?? 0);
    },
  };
}

type TicketLabel = `ticket ${number}`;
const toLabel = (index: number): TicketLabel => `ticket ${index}`;

function toPlaces(gone: readonly Ticket[]) {
  const types = new Map<number, StockChange>();
  for (const { ticketTypeId } of gone) {
    const imported = (types.get(ticketTypeId)?.imported ?? 0) - 1;
    types.set(ticketTypeId, { imported, reserved: 0 });
  }
  const paidMinor = -sum(gone.map(({ priceMinor = 0 }) => priceMinor));
  return { event: { imported: -gone.length, reserved: 0, paidMinor }, types };
}
