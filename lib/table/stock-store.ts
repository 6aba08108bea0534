// The numbers of tickets of an event and its types: reading them, and the parts of a transaction that change them.
import { EMPTY_STOCK, type Stock } from '../domain/event.ts';
import type { EventStocks } from '../domain/imports/capacity.ts';
import { eventStockKey, type Key, stockPartition, typeStockKey } from './keys.ts';
import { toStock } from './stock-item.ts';
import { queryAll, type TableAccess } from './table-access.ts';

export interface StockChange {
  readonly imported: number;
  readonly reserved: number;
}

interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

/** All of them in one strongly consistent query. */
export async function loadStocks(
  { client, tableName: TableName }: TableAccess,
  { organizationId, eventId }: EventIds,
): Promise<EventStocks> {
  const items = await queryAll(client, {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': stockPartition(organizationId, eventId) },
  });
  const eventSk = eventStockKey(organizationId, eventId).sk;
  const types = new Map<number, Stock>();
  let event: Stock = EMPTY_STOCK;
  for (const item of items) {
    const sk = String(item['sk']);
    if (sk === eventSk) event = toStock(item);
    else types.set(Number(sk.slice(sk.indexOf('#') + 1)), toStock(item));
  }
  return { event, types };
}

/** Adds to the counters of the event and of each type; `expected` states the stock that the decision was made on. */
export function toStockUpdates(
  TableName: string,
  { organizationId, eventId }: EventIds,
  change: {
    readonly event: StockChange;
    readonly types: ReadonlyMap<number, StockChange>;
    readonly expected?: EventStocks;
  },
) {
  const { expected } = change;
  const updates = [
    toUpdate(TableName, eventStockKey(organizationId, eventId), change.event, expected?.event),
    ...[...change.types].map(([typeId, ofType]) =>
      toUpdate(
        TableName,
        typeStockKey(organizationId, eventId, typeId),
        ofType,
        expected?.types.get(typeId),
      ),
    ),
  ];
  return updates.filter((update) => update !== undefined);
}

function toUpdate(TableName: string, Key: Key, change: StockChange, expected: Stock | undefined) {
  if (change.imported === 0 && change.reserved === 0) return undefined;
  return {
    as: 'stock' as const,
    Update: {
      TableName,
      Key,
      UpdateExpression: 'ADD #imported :imported, #reserved :reserved',
      ...(expected === undefined
        ? { ConditionExpression: 'attribute_exists(pk)' }
        : {
            ConditionExpression: [
              '#sold = :soldBefore',
              '#imported = :importedBefore',
              '#reserved = :reservedBefore',
              expected.capacity === undefined
                ? 'attribute_not_exists(#capacity)'
                : '#capacity = :capacity',
            ].join(' AND '),
          }),
      ExpressionAttributeNames: {
        '#imported': 'imported',
        '#reserved': 'reserved',
        ...(expected === undefined ? {} : { '#sold': 'sold', '#capacity': 'capacity' }),
      },
      ExpressionAttributeValues: {
        ':imported': change.imported,
        ':reserved': change.reserved,
        ...(expected === undefined
          ? {}
          : {
              ':soldBefore': expected.sold,
              ':importedBefore': expected.imported,
              ':reservedBefore': expected.reserved,
              ...(expected.capacity === undefined ? {} : { ':capacity': expected.capacity }),
            }),
      },
    },
  };
}
