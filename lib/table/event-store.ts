// Events, ticket types and their place in the organization. The numbers of tickets lie apart, in stock items, because
// sales and imports write them all the time while settings are read and cached.
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { EventStore, EventWithStock, TicketTypeWithStock } from '../app/event-ports.ts';
import {
  EMPTY_STOCK,
  type Event,
  type Stock,
  TICKET_TYPES_MAX,
  type TicketType,
} from '../domain/event.ts';
import { ok, refuse } from '../domain/result.ts';
import { $EventItem, $StockItem, $TicketTypeItem } from './items.ts';
import {
  eventKey,
  eventPartition,
  eventStockKey,
  eventUrlKey,
  eventsList,
  stockPartition,
  TICKET_TYPE_PREFIX,
  ticketTypeClaimKey,
  ticketTypeKey,
  typeStockKey,
} from './keys.ts';
import { type TableAccess, loadItem, queryAll } from './table-access.ts';
import { transact } from './transact.ts';

export function createEventStore(access: TableAccess): EventStore {
  const { client, tableName: TableName } = access;
  const loadEvent = async (organizationId: string, eventId: string) => {
    const item = await loadItem(access, eventKey(organizationId, eventId), $EventItem);
    return item && toEvent(item);
  };
  const loadStock = async (organizationId: string, eventId: string) => {
    const stocks = await queryAll(client, {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': stockPartition(organizationId, eventId) },
    });
    return new Map(stocks.map((item) => [String(item['sk']), toStock(item)]));
  };

  return {
    async create(event, capacity) {
      const { organizationId, eventId } = event;
      const result = await transact(client, [
        {
          as: 'event',
          Put: { TableName, Item: toEventItem(event), ...ABSENT },
        },
        {
          as: 'url',
          Put: {
            TableName,
            Item: { ...eventUrlKey(organizationId, event.eventUrl), kind: 'eventUrl', eventId },
            ...ABSENT,
          },
        },
        {
          as: 'stock',
          Put: {
            TableName,
            Item: toStockItem(eventStockKey(organizationId, eventId), capacity),
            ...ABSENT,
          },
        },
      ]);
      if (result.committed) return ok(event);
      return refuse(result.failed === 'url' ? 'event_url_taken' : 'already_exists');
    },

    async update(before, after, capacity) {
      const { organizationId, eventId } = before;
      const moved = before.eventUrl !== after.eventUrl;
      const result = await transact<'event' | 'url' | 'oldUrl' | 'stock'>(client, [
        {
          as: 'event',
          Put: {
            TableName,
            Item: toEventItem(after),
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': before.version },
          },
        },
        ...(moved
          ? [
              {
                as: 'url' as const,
                Put: {
                  TableName,
                  Item: {
                    ...eventUrlKey(organizationId, after.eventUrl),
                    kind: 'eventUrl',
                    eventId,
                  },
                  ...ABSENT,
                },
              },
              {
                as: 'oldUrl' as const,
                Delete: { TableName, Key: eventUrlKey(organizationId, before.eventUrl) },
              },
            ]
          : []),
        ...(capacity === undefined
          ? []
          : [
              {
                as: 'stock' as const,
                Update: toCapacityUpdate(
                  TableName,
                  eventStockKey(organizationId, eventId),
                  capacity,
                ),
              },
            ]),
      ]);
      if (result.committed) return ok(after);
      return refuse(result.failed === 'url' ? 'event_url_taken' : 'precondition_failed');
    },

    async find(organizationId, eventId) {
      const [event, stock] = await Promise.all([
        loadEvent(organizationId, eventId),
        loadItem(access, eventStockKey(organizationId, eventId), $StockItem),
      ]);
      return event && { event, stock: stock ?? EMPTY_STOCK };
    },

    async findByUrl(organizationId, eventUrl) {
      const { Item } = await client.send(
        new GetCommand({
          TableName,
          Key: eventUrlKey(organizationId, eventUrl),
          ConsistentRead: true,
        }),
      );
      return Item && loadEvent(organizationId, String(Item['eventId']));
    },

    async list(organizationId, page) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byList',
          KeyConditionExpression:
            page.after === undefined ? 'g2 = :list' : 'g2 = :list AND srt < :after',
          ExpressionAttributeValues: {
            ':list': eventsList(organizationId),
            ...(page.after === undefined ? {} : { ':after': page.after }),
          },
          ScanIndexForward: false,
          Limit: page.limit,
        }),
      );
      const found = await Promise.all(
        Items.map(async (item): Promise<EventWithStock | undefined> =>
          this.find(organizationId, String(item['srt'])),
        ),
      );
      const last = Items.at(-1);
      return {
        items: found.filter((entry) => entry !== undefined),
        ...(LastEvaluatedKey && last ? { next: String(last['srt']) } : {}),
      };
    },

    async createTicketType(type, capacity) {
      const { organizationId, eventId, ticketTypeId } = type;
      const result = await transact(client, [
        {
          as: 'event',
          ConditionCheck: {
            TableName,
            Key: eventKey(organizationId, eventId),
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
        {
          as: 'claim',
          Put: {
            TableName,
            Item: {
              ...ticketTypeClaimKey(organizationId, ticketTypeId),
              kind: 'ticketTypeClaim',
              eventId,
            },
            ...ABSENT,
          },
        },
        { as: 'type', Put: { TableName, Item: toTypeItem(type), ...ABSENT } },
        {
          as: 'stock',
          Put: {
            TableName,
            Item: toStockItem(typeStockKey(organizationId, eventId, ticketTypeId), capacity),
            ...ABSENT,
          },
        },
      ]);
      if (result.committed) return ok(type);
      return refuse(result.failed === 'event' ? 'not_found' : 'already_exists');
    },

    async updateTicketType(before, after, capacity) {
      const { organizationId, eventId, ticketTypeId } = before;
      const result = await transact<'type' | 'stock'>(client, [
        {
          as: 'type',
          Put: {
            TableName,
            Item: toTypeItem(after),
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': before.version },
          },
        },
        ...(capacity === undefined
          ? []
          : [
              {
                as: 'stock' as const,
                Update: toCapacityUpdate(
                  TableName,
                  typeStockKey(organizationId, eventId, ticketTypeId),
                  capacity,
                ),
              },
            ]),
      ]);
      return result.committed ? ok(after) : refuse('precondition_failed');
    },

    async findTicketType(organizationId, ticketTypeId) {
      const { Item } = await client.send(
        new GetCommand({
          TableName,
          Key: ticketTypeClaimKey(organizationId, ticketTypeId),
          ConsistentRead: true,
        }),
      );
      if (Item === undefined) return undefined;
      const eventId = String(Item['eventId']);
      const [type, stock] = await Promise.all([
        loadItem(access, ticketTypeKey(organizationId, eventId, ticketTypeId), $TicketTypeItem),
        loadItem(access, typeStockKey(organizationId, eventId, ticketTypeId), $StockItem),
      ]);
      return type && { type: toType(type), stock: stock ?? EMPTY_STOCK };
    },

    async listTicketTypes(organizationId, eventId) {
      const [items, stocks] = await Promise.all([
        queryAll(client, {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :type)',
          ExpressionAttributeValues: {
            ':pk': eventPartition(organizationId, eventId),
            ':type': TICKET_TYPE_PREFIX,
          },
          Limit: TICKET_TYPES_MAX,
        }),
        loadStock(organizationId, eventId),
      ]);
      return items.map((item): TicketTypeWithStock => {
        const type = toType($TicketTypeItem.parse(item));
        return { type, stock: stocks.get(String(item['sk'])) ?? EMPTY_STOCK };
      });
    },
  };
}

const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' } as const;

const toEventItem = (event: Event) => ({
  ...eventKey(event.organizationId, event.eventId),
  kind: 'event',
  g2: eventsList(event.organizationId),
  srt: event.eventId,
  ...event,
});
const toEvent = ({ kind: _kind, ...event }: ReturnType<typeof $EventItem.parse>): Event => event;

const toTypeItem = ({ kind, ...type }: TicketType) => ({
  ...ticketTypeKey(type.organizationId, type.eventId, type.ticketTypeId),
  kind: 'ticketType',
  ticketTypeKind: kind,
  ...type,
});
const toType = ({
  kind: _kind,
  ticketTypeKind,
  ...type
}: ReturnType<typeof $TicketTypeItem.parse>): TicketType => ({
  ...type,
  kind: ticketTypeKind,
});

const toStockItem = (key: { pk: string; sk: string }, capacity: number | null | undefined) => ({
  ...key,
  kind: 'stock',
  ...EMPTY_STOCK,
  ...(typeof capacity === 'number' ? { capacity } : {}),
});
export const toStock = (item: unknown): Stock => {
  const { kind: _kind, ...stock } = $StockItem.parse(item);
  return stock;
};

/** `null` takes the limit away. */
const toCapacityUpdate = (
  TableName: string,
  Key: { pk: string; sk: string },
  capacity: number | null,
) => ({
  TableName,
  Key,
  ...(capacity === null
    ? { UpdateExpression: 'REMOVE #capacity' }
    : {
        UpdateExpression: 'SET #capacity = :capacity',
        ExpressionAttributeValues: { ':capacity': capacity },
      }),
  ExpressionAttributeNames: { '#capacity': 'capacity' },
});
