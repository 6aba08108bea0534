// How many places an import may take right now: pure decisions over the stock as it was read.
import type { Stock } from '../event.ts';
import type { Reservation } from './import.ts';

export interface EventStocks {
  readonly event: Stock;
  readonly types: ReadonlyMap<number, Stock>;
}

export type ReservationDecision =
  /** Neither the event nor any wanted type has a capacity. */
  | { readonly as: 'unlimited' }
  | { readonly as: 'reserve'; readonly reservation: Reservation }
  /** No place is left for the first ticket. */
  | { readonly as: 'soldOut' }
  /** The places that are left are reserved by others, who may give some back. */
  | { readonly as: 'busy' };

const toLeft = ({ capacity, sold, imported }: Stock): number =>
  capacity === undefined ? Infinity : capacity - sold - imported;
const toFree = (stock: Stock): number => toLeft(stock) - stock.reserved;

/** Places for as many of the wanted tickets, in their order, as there are. `wanted` are ticket types. */
export function decideReservation(
  stocks: EventStocks,
  wanted: readonly number[],
): ReservationDecision {
  const [first] = wanted;
  const ofType = (typeId: number): Stock | undefined => stocks.types.get(typeId);
  const limited = [stocks.event, ...new Set(wanted.map(ofType))].some(
    (stock) => stock?.capacity !== undefined,
  );
  if (first === undefined || !limited) return { as: 'unlimited' };
  const types = new Map<number, number>();
  let event = 0;
  for (const typeId of wanted) {
    const taken = types.get(typeId) ?? 0;
    const stock = ofType(typeId);
    if (event >= toFree(stocks.event) || (stock !== undefined && taken >= toFree(stock))) break;
    event += 1;
    types.set(typeId, taken + 1);
  }
  if (event > 0) return { as: 'reserve', reservation: { event, types } };
  const firstType = ofType(first);
  const isSoldOut =
    toLeft(stocks.event) <= 0 || (firstType !== undefined && toLeft(firstType) <= 0);
  return { as: isSoldOut ? 'soldOut' : 'busy' };
}

/** The stock as it would be with more imported tickets, by type. */
export function withImported(
  { event, types }: EventStocks,
  imported: ReadonlyMap<number, number>,
): EventStocks {
  const add = (stock: Stock, count: number): Stock => ({
    ...stock,
    imported: stock.imported + count,
  });
  return {
    event: add(
      event,
      imported.values().reduce((sum, count) => sum + count, 0),
    ),
    types: new Map(
      [...types].map(([typeId, stock]) => [typeId, add(stock, imported.get(typeId) ?? 0)]),
    ),
  };
}

/** Hands out reserved places one by one. */
export function createPlaces(reservation: Reservation) {
  let { event } = reservation;
  const types = new Map(reservation.types);
  return {
    take(typeId: number): boolean {
      const left = types.get(typeId) ?? 0;
      if (event <= 0 || left <= 0) return false;
      event -= 1;
      types.set(typeId, left - 1);
      return true;
    },
    giveBack(typeId: number): void {
      event += 1;
      types.set(typeId, (types.get(typeId) ?? 0) + 1);
    },
  };
}
