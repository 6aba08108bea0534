// Stock items: how many tickets of an event or a type are taken, and how many there may be.
import { EMPTY_STOCK, type Stock } from '../domain/event.ts';
import { $StockItem } from './items.ts';
import type { Key } from './keys.ts';

export const toStockItem = (key: Key, capacity: number | null | undefined) => ({
  ...key,
  kind: 'stock',
  ...EMPTY_STOCK,
  ...(typeof capacity === 'number' ? { capacity } : {}),
});
export const toStock = (item: unknown): Stock => {
  const { kind: _kind, importedMinor: _paid, ...stock } = $StockItem.parse(item);
  return stock;
};

/** `null` takes the limit away. */
export const toCapacityUpdate = (TableName: string, Key: Key, capacity: number | null) => ({
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
