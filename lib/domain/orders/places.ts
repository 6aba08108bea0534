// Whether tickets of some types may be taken right now: all of them or none, over the stock as it was read.
import type { Stock } from '../event.ts';
import type { EventStocks } from '../imports/capacity.ts';
import { sum } from '../money.ts';

export type PlaceDecision =
  | 'free'
  /** Fewer are left than wanted, whatever the reservations come to. */
  | 'sold_out'
  /** What is left is reserved by imports, which may give some back. */
  | 'busy';

/** `taken` are tickets by type; a negative number gives places back. */
export function decidePlaces(
  { event, types }: EventStocks,
  taken: ReadonlyMap<number, number>,
): PlaceDecision {
  const decisions = [
    decideOne(event, sum(taken.values())),
    ...[...taken].map(([typeId, count]) => decideOne(types.get(typeId), count)),
  ];
  if (decisions.includes('sold_out')) return 'sold_out';
  return decisions.includes('busy') ? 'busy' : 'free';
}

function decideOne(stock: Stock | undefined, count: number): PlaceDecision {
  if (stock?.capacity === undefined || count <= 0) return 'free';
  const left = stock.capacity - stock.sold - stock.imported;
  if (count > left) return 'sold_out';
  return count > left - stock.reserved ? 'busy' : 'free';
}
