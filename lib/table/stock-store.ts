// The numbers of tickets of an event and its types: reading them, and the parts of a transaction that change them.
import { EMPTY_STOCK, type Stock } from '../domain/event.ts';
import type { EventStocks } from '../domain/imports/capacity.ts';
import { eventStockKey, type Key, stockPartition, typeStockKey } from './keys.ts';
import { toStock } from './stock-item.ts';
import { queryAll, type TableAccess } from './table-access.ts';

export interface StockChange {
  readonly imported: number;
  readonly reserved: number;
  /** Only of the event: what imported tickets say was paid for them, for the payment report. */
  readonly paidMinor?: number;
}

/** Tickets more or fewer of a type, in either counter. */
export interface StockCount {
  readonly sold: number;
  readonly imported: number;
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
  const { paidMinor = 0 } = change;
  return {
    as: 'stock' as const,
    Update: {
      TableName,
      Key,
      UpdateExpression: `ADD #imported :imported, #reserved :reserved${
        paidMinor === 0 ? '' : ', importedMinor :paid'
      }`,
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
        ...(paidMinor === 0 ? {} : { ':paid': paidMinor }),
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

/**
 * Adds sold and imported tickets. Where more are taken than given back and there is a capacity, the write states that
 * they fit; other sales at the same moment don't disturb it, whatever else moved does.
 */
export function toPlaceUpdates(
  TableName: string,
  { organizationId, eventId }: EventIds,
  {
    types,
    expected,
  }: { readonly types: ReadonlyMap<number, StockCount>; readonly expected: EventStocks },
) {
  const event = { sold: 0, imported: 0 };
  for (const { sold, imported } of types.values()) {
    event.sold += sold;
    event.imported += imported;
  }
  const updates = [
    toPlaceUpdate(TableName, eventStockKey(organizationId, eventId), event, expected.event),
    ...[...types].map(([typeId, count]) =>
      toPlaceUpdate(
        TableName,
        typeStockKey(organizationId, eventId, typeId),
        count,
        expected.types.get(typeId) ?? EMPTY_STOCK,
      ),
    ),
  ];
  return updates.filter((update) => update !== undefined);
}

function toPlaceUpdate(TableName: string, Key: Key, count: StockCount, expected: Stock) {
  if (count.sold === 0 && count.imported === 0) return undefined;
  const taken = count.sold + count.imported;
  const limit = taken > 0 ? toLimit(expected, taken) : NO_LIMIT;
  return {
    as: 'stock' as const,
    Update: {
      TableName,
      Key,
      UpdateExpression: 'ADD #sold :sold, #imported :imported',
      ConditionExpression: ['attribute_exists(pk)', ...limit.conditions].join(' AND '),
      ExpressionAttributeNames: { '#sold': 'sold', '#imported': 'imported', ...limit.names },
      ExpressionAttributeValues: {
        ':sold': count.sold,
        ':imported': count.imported,
        ...limit.values,
      },
    },
  };
}

interface Limit {
  readonly conditions: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}
const NO_LIMIT: Limit = { conditions: [], names: {}, values: {} };

function toLimit({ capacity, imported, reserved }: Stock, taken: number): Limit {
  if (capacity === undefined) {
    return {
      ...NO_LIMIT,
      conditions: ['attribute_not_exists(#capacity)'],
      names: { '#capacity': 'capacity' },
    };
  }
  return {
    conditions: [
      '#sold <= :soldMax',
      '#imported = :importedBefore',
      '#reserved = :reservedBefore',
      '#capacity = :capacity',
    ],
    names: { '#reserved': 'reserved', '#capacity': 'capacity' },
    values: {
      ':soldMax': capacity - imported - reserved - taken,
      ':importedBefore': imported,
      ':reservedBefore': reserved,
      ':capacity': capacity,
    },
  };
}
