// Tickets by id and by event. An index finds the barcode, the barcode's own item is then read strongly, so that a
// ticket by id is exact.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { TicketFilter, TicketStore } from '../app/ticket-ports.ts';
import { type Ticket, toTicketStatus } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { fromHistoryItem, toHistoryQuery } from './history-item.ts';
import {
  barcodeKey,
  eventTicketsList,
  type Key,
  orderTicketsList,
  padId,
  TICKET_SHARDS,
  ticketLookup,
  parseBarcodeKey,
} from './keys.ts';
import { loadTickets } from './load-tickets.ts';
import type { TableAccess } from './table-access.ts';

/** Index entries that a filtered page looks at before it answers with what it has and a cursor. */
const EXAMINED_MAX = 1_000;
/** An index follows its table within milliseconds; a ticket that isn't found is looked for this long. */
const INDEX_LAG_MS_MAX = 150;

interface Entry extends Key {
  readonly srt: string;
}

export function createTicketStore(access: TableAccess): TicketStore {
  const { client, tableName: TableName } = access;

  const queryShard = async (list: string, after: string, limit: number): Promise<Entry[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byList',
        KeyConditionExpression: 'g2 = :list AND srt > :after',
        ExpressionAttributeValues: { ':list': list, ':after': after },
        Limit: limit,
      }),
    );
    return Items as Entry[];
  };

  const queryOrder = async (list: string, after: string, limit: number): Promise<Entry[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byOwner',
        KeyConditionExpression: 'g3 = :list AND srt > :after',
        ExpressionAttributeValues: { ':list': list, ':after': after },
        Limit: limit,
      }),
    );
    return Items as Entry[];
  };

  /** The next entries of an event in ticket-id order, merged from all shards. */
  const queryEntries = async (
    ids: { readonly organizationId: string; readonly eventId: string },
    after: string,
    limit: number,
  ): Promise<Entry[]> => {
    const shards = await Promise.all(
      Array.from({ length: TICKET_SHARDS }, (_, shard) =>
        queryShard(eventTicketsList(ids.organizationId, ids.eventId, shard), after, limit),
      ),
    );
    return shards
      .flat()
      .toSorted((a, b) => (a.srt < b.srt ? -1 : 1))
      .slice(0, limit);
  };

  const findBarcode = async (organizationId: string, eventTicketId: number) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byId',
        KeyConditionExpression: 'g1 = :id',
        ExpressionAttributeValues: { ':id': ticketLookup(organizationId, eventTicketId) },
        Limit: 1,
      }),
    );
    return Items[0] && parseBarcodeKey(String(Items[0]['pk'])).barcode;
  };

  return {
    async find(organizationId, eventTicketId) {
      for (const wait of backoff(INDEX_LAG_MS_MAX)) {
        const barcode = await findBarcode(organizationId, eventTicketId);
        if (barcode !== undefined) {
          const key = barcodeKey(organizationId, barcode);
          const ticket = (await loadTickets(access, [key])).get(key.pk);
          return ticket?.eventTicketId === eventTicketId ? ticket : undefined;
        }
        if (!(await wait())) return undefined;
      }
      return undefined;
    },

    async listByEvent(ids, filter, page) {
      const items: Ticket[] = [];
      let after = page.after ?? padId(0);
      for (let examined = 0; examined < EXAMINED_MAX;) {
        const { orderId } = filter;
        const entries =
          orderId === undefined
            ? await queryEntries(ids, after, page.limit)
            : await queryOrder(orderTicketsList(ids.organizationId, orderId), after, page.limit);
        const tickets = await loadTickets(access, entries);
        for (const entry of entries) {
          examined += 1;
          // A ticket that gets another barcode right now stands here twice.
          if (entry.srt === after) continue;
          after = entry.srt;
          const ticket = tickets.get(entry.pk);
          // An index that lags may lead to a barcode that was deleted and imported anew, for another event even.
          const isListed =
            ticket?.eventId === ids.eventId && padId(ticket.eventTicketId) === entry.srt;
          if (isListed && matches(ticket, filter)) items.push(ticket);
          if (items.length === page.limit) return { items, next: after };
        }
        if (entries.length < page.limit) return { items };
      }
      return { items, next: after };
    },

    async loadHistory(organizationId, eventTicketId, limit) {
      const query = { ...toHistoryQuery(organizationId, eventTicketId), Limit: limit };
      const { Items = [] } = await client.send(new QueryCommand({ TableName, ...query }));
      return Items.map(fromHistoryItem);
    },
  };
}

const matches = (ticket: Ticket, filter: TicketFilter): boolean =>
  (filter.status === undefined || toTicketStatus(ticket) === filter.status) &&
  (filter.origin === undefined || ticket.origin === filter.origin) &&
  (filter.orderId === undefined || ticket.orderId === filter.orderId) &&
  (filter.ticketTypeId === undefined || ticket.ticketTypeId === filter.ticketTypeId);
