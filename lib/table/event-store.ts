// Events and their place in the organization. The numbers of tickets lie apart, in stock items, because sales and
// imports write them all the time while settings are read and cached.
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { EventStore, EventWithStock } from '../app/event-ports.ts';
import { EMPTY_STOCK, type Event } from '../domain/event.ts';
import { ok, refuse } from '../domain/result.ts';
import { countHeld } from './held-item.ts';
import { $EventItem, $StockItem } from './items.ts';
import {
  eventKey,
  eventPosition,
  eventStockKey,
  eventUrlKey,
  eventsList,
  fromEventPosition,
} from './keys.ts';
import { toCapacityUpdate, toStockItem } from './stock-item.ts';
import { ABSENT, type TableAccess, loadItem } from './table-access.ts';
import { createTicketTypeStore } from './ticket-type-store.ts';
import { transact } from './transact.ts';

export function createEventStore(access: TableAccess): EventStore {
  const { client, tableName: TableName } = access;
  const loadEvent = async (organizationId: string, eventId: string) => {
    const item = await loadItem(access, eventKey(organizationId, eventId), $EventItem);
    return item && toEvent(item);
  };

  return {
    ...createTicketTypeStore(access),

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

    findBare: loadEvent,

    async find(organizationId, eventId) {
      const [event, stock] = await Promise.all([
        loadEvent(organizationId, eventId),
        loadItem(access, eventStockKey(organizationId, eventId), $StockItem),
      ]);
      return event && { event, stock: stock ?? EMPTY_STOCK };
    },

    countHeld: async (organizationId, eventId, nowMs) =>
      countHeld(access, { organizationId, eventId }, nowMs),

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
          this.find(organizationId, fromEventPosition(String(item['srt']))),
        ),
      );
      const last = Items.at(-1);
      return {
        items: found.filter((entry) => entry !== undefined),
        ...(LastEvaluatedKey && last ? { next: String(last['srt']) } : {}),
      };
    },
  };
}

const toEventItem = (event: Event) => ({
  ...eventKey(event.organizationId, event.eventId),
  kind: 'event',
  g2: eventsList(event.organizationId),
  srt: eventPosition(event.createdAt, event.eventId),
  ...event,
});
const toEvent = ({ kind: _kind, ...event }: ReturnType<typeof $EventItem.parse>): Event => event;
