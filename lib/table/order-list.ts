// Lists of orders, by id. Orders with an item of their own come from their index; those that an import made stand at
// their first ticket, so the tickets of the event are walked along and the two are merged.
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { EventIds } from '../app/order-ports.ts';
import type { Page, PageRequest } from '../app/event-ports.ts';
import type { Order } from '../domain/orders/order.ts';
import type { Ticket } from '../domain/ticket.ts';
import {
  contactKey,
  contactOrdersList,
  eventOrdersList,
  eventTicketsList,
  ORDER_SHARDS,
  orderTicketsList,
  padId,
  TICKET_SHARDS,
} from './keys.ts';
import { loadBareTickets, type TicketEntry } from './load-tickets.ts';
import { IMPORTED_ORIGINS } from './ticket-item.ts';
import { findOrder } from './order-reader.ts';
import type { TableAccess } from './table-access.ts';

/** Ticket entries looked at in one round, and rounds of one page: then it ends short, with a cursor. */
const ROUND = 500;
const ROUNDS_MAX = 4;
/** Orders read at once. */
const READS_PARALLEL = 16;

/** Attributes of a contact that name an order: an import, a single imported ticket, a sale. */
const NAMES_ORDER = /^(?:imp_|ticket_|ord)/;

interface IndexEntry {
  readonly srt: string;
  readonly ori?: string;
  readonly pk: string;
  readonly sk: string;
}
/** An order and where it stands in the list. */
interface Place {
  readonly at: string;
  readonly orderId: number;
}

export async function listEventOrders(
  access: TableAccess,
  ids: EventIds,
  page: PageRequest,
): Promise<Page<Order>> {
  const after = page.after ?? padId(0);
  const own = await listOwn(access, ids, after, page.limit);
  const places: Place[] = [];
  let reached = after;
  for (let round = 0; round < ROUNDS_MAX && places.length < page.limit; round += 1) {
    const entries = await mergeShards(access, toTicketLists(ids), reached, ROUND);
    const isLast = entries.length < ROUND;
    const until = isLast ? undefined : entries.at(-1)?.srt;
    const heads = await findHeads(access, ids, entries);
    places.push(...merge(own, heads, { after: reached, until }));
    if (until === undefined) {
      return finish(access, ids, {
        places,
        limit: page.limit,
        isComplete: own.length < page.limit,
      });
    }
    reached = until;
  }
  return finish(access, ids, { places, limit: page.limit, reached });
}

async function listOwn(access: TableAccess, ids: EventIds, after: string, limit: number) {
  const lists = Array.from({ length: ORDER_SHARDS }, (_, shard) =>
    eventOrdersList(ids.organizationId, ids.eventId, shard),
  );
  const entries = await mergeShards(access, lists, after, limit);
  return entries.map(({ srt }): Place => ({ at: srt, orderId: Number(srt) }));
}

const toTicketLists = ({ organizationId, eventId }: EventIds): string[] =>
  Array.from({ length: TICKET_SHARDS }, (_, shard) =>
    eventTicketsList(organizationId, eventId, shard),
  );

/** The next entries of several lists, merged by their position. */
async function mergeShards(
  { client, tableName: TableName }: TableAccess,
  lists: readonly string[],
  after: string,
  limit: number,
): Promise<IndexEntry[]> {
  const shards = await Promise.all(
    lists.map(async (list) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byList',
          KeyConditionExpression: 'g2 = :list AND srt > :after',
          ExpressionAttributeValues: { ':list': list, ':after': after },
          Limit: limit,
        }),
      );
      return Items as unknown as IndexEntry[];
    }),
  );
  return shards
    .flat()
    .toSorted((a, b) => (a.srt < b.srt ? -1 : 1))
    .slice(0, limit);
}

/** Imported tickets that are the first of their order: usually the one that gave the order its id. */
async function findHeads(
  access: TableAccess,
  { organizationId }: EventIds,
  entries: readonly IndexEntry[],
): Promise<readonly Place[]> {
  const imported = entries.filter(({ ori = '' }) => IMPORTED_ORIGINS.includes(ori));
  const tickets = [...(await loadBareTickets(access, imported)).values()];
  const heads = tickets.filter(isHead).map(toPlace);
  const known = new Set(heads.map(({ orderId }) => orderId));
  const others = Map.groupBy(
    tickets.filter((ticket) => !isHead(ticket) && !known.has(ticket.orderId ?? 0)),
    (ticket) => ticket.orderId ?? ticket.eventTicketId,
  );
  // A first ticket that was deleted leaves its place to the next one.
  const successors = await pMap(
    others,
    async ([orderId, ofOrder]) => {
      const first = await findFirst(access, organizationId, orderId);
      return ofOrder.filter(({ eventTicketId }) => padId(eventTicketId) === first).map(toPlace);
    },
    { concurrency: READS_PARALLEL },
  );
  return [...heads, ...successors.flat()];
}

const isHead = ({ orderId, eventTicketId }: Ticket): boolean => orderId === eventTicketId;
const toPlace = ({ orderId, eventTicketId }: Ticket): Place => ({
  at: padId(eventTicketId),
  orderId: orderId ?? eventTicketId,
});

async function findFirst(
  { client, tableName: TableName }: TableAccess,
  organizationId: string,
  orderId: number,
): Promise<string | undefined> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byOwner',
      KeyConditionExpression: 'g3 = :order',
      ExpressionAttributeValues: { ':order': orderTicketsList(organizationId, orderId) },
      Limit: 1,
    }),
  );
  return (Items[0] as TicketEntry | undefined)?.srt;
}

/** Both kinds up to a position; an imported order that got an item of its own is there twice and counts once. */
function merge(
  own: readonly Place[],
  heads: readonly Place[],
  { after, until }: { readonly after: string; readonly until: string | undefined },
): readonly Place[] {
  const within = own.filter(({ at }) => at > after && (until === undefined || at <= until));
  const places = new Map([...heads, ...within].map((place) => [place.at, place]));
  return [...places.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

async function finish(
  access: TableAccess,
  { organizationId, eventId }: EventIds,
  found: {
    readonly places: readonly Place[];
    readonly limit: number;
    readonly isComplete?: boolean;
    readonly reached?: string;
  },
): Promise<Page<Order>> {
  const places = found.places.slice(0, found.limit);
  const orders = await pMap(
    places,
    async ({ at, orderId }) => {
      const stored = await findOrder(access, organizationId, orderId);
      // Found by a ticket that isn't its first any more, an order with an item stands where its id says.
      const isElsewhere = stored?.item !== undefined && at !== padId(orderId);
      return isElsewhere || stored?.order.eventId !== eventId ? [] : [stored.order];
    },
    { concurrency: READS_PARALLEL },
  );
  const isFull = places.length === found.limit;
  const next = isFull ? places.at(-1)?.at : found.reached;
  const isEnd = found.isComplete === true && found.places.length <= found.limit;
  return { items: orders.flat(), ...(isEnd || next === undefined ? {} : { next }) };
}

export async function listContactOrders(
  access: TableAccess,
  { organizationId, contactId }: { readonly organizationId: string; readonly contactId: string },
  page: PageRequest,
): Promise<Page<Order>> {
  const after = page.after ?? padId(0);
  const { Items = [] } = await access.client.send(
    new QueryCommand({
      TableName: access.tableName,
      IndexName: 'byOwner',
      KeyConditionExpression: 'g3 = :contact AND srt > :after',
      ExpressionAttributeValues: {
        ':contact': contactOrdersList(organizationId, contactId),
        ':after': after,
      },
      Limit: page.limit,
    }),
  );
  const { Item: contact = {} } = await access.client.send(
    new GetCommand({
      TableName: access.tableName,
      Key: contactKey(organizationId, contactId),
      ConsistentRead: true,
    }),
  );
  const named = Object.entries(contact)
    .filter(([source]) => NAMES_ORDER.test(source))
    .map(([, orderId]) => padId(Number(orderId)))
    .filter((at) => at > after);
  const all = [...new Set([...Items.map(({ srt }) => String(srt)), ...named])].toSorted();
  const places = all.slice(0, page.limit);
  const orders = await pMap(
    places,
    async (at) => {
      const order = (await findOrder(access, organizationId, Number(at)))?.order;
      return order?.contactId === contactId ? [order] : [];
    },
    { concurrency: READS_PARALLEL },
  );
  const next = all.length > page.limit || Items.length === page.limit ? places.at(-1) : undefined;
  return { items: orders.flat(), ...(next === undefined ? {} : { next }) };
}
