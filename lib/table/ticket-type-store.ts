// Ticket types of an event: an id is unique in the organization, so each claims it beside its own item.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventStore, TicketTypeWithStock } from '../app/event-ports.ts';
import { EMPTY_STOCK, TICKET_TYPES_MAX, type TicketType } from '../domain/event.ts';
import { ok, refuse } from '../domain/result.ts';
import { $StockItem, $TicketTypeItem } from './items.ts';
import {
  eventKey,
  eventPartition,
  stockPartition,
  TICKET_TYPE_PREFIX,
  ticketTypeClaimKey,
  ticketTypeKey,
  typeStockKey,
} from './keys.ts';
import { toCapacityUpdate, toStock, toStockItem } from './stock-item.ts';
import { ABSENT, type TableAccess, loadItem, queryAll } from './table-access.ts';
import { transact } from './transact.ts';

type TicketTypeStore = Pick<
  EventStore,
  'createTicketType' | 'updateTicketType' | 'findTicketType' | 'listTicketTypes'
>;

export function createTicketTypeStore(access: TableAccess): TicketTypeStore {
  const { client, tableName: TableName } = access;
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
