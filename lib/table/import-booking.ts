// Bookings of a running import: transactions that state its sequence, so that each chunk is booked once. A booking
// carries a mark of its own, by which a repeat after a lost reply knows that it was there before.
import { randomUUID } from 'node:crypto';
import type { ImportRunStore } from '../app/import-ports.ts';
import { decideReservation, type EventStocks } from '../domain/imports/capacity.ts';
import { type Import, type Reservation, TRANSITIONS } from '../domain/imports/import.ts';
import { backoff } from './backoff.ts';
import { toImportItem, toReservationItem } from './import-item.ts';
import { importKey } from './keys.ts';
import { toOutboxItem } from './outbox.ts';
import { loadStocks, type StockChange, toStockUpdates } from './stock-store.ts';
import type { TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

type BookingItem = LabelledItem<'import' | 'stock' | 'dryChunk' | 'outbox'>;

export async function reserve(
  access: TableAccess,
  running: Import,
  wanted: readonly number[],
): ReturnType<ImportRunStore['reserve']> {
  for (const wait of backoff()) {
    const stocks = await loadStocks(access, running);
    const decision = decideReservation(stocks, wanted);
    if (decision.as === 'unlimited' || decision.as === 'soldOut') return decision;
    if (decision.as === 'reserve') {
      const { reservation } = decision;
      const result = await setAside(access, running, { reservation, stocks });
      if (result === 'booked') return { as: 'reserved', reservation };
      if (result === 'lost') return { as: 'lost' };
    }
    if (!(await wait())) return { as: 'busy' };
  }
  return { as: 'busy' };
}

async function setAside(
  access: TableAccess,
  running: Import,
  { reservation, stocks }: { readonly reservation: Reservation; readonly stocks: EventStocks },
) {
  const { tableName: TableName } = access;
  const booking = randomUUID();
  return book(access, booking, [
    {
      as: 'import',
      Update: {
        TableName,
        Key: importKey(running.organizationId, running.importId),
        UpdateExpression: 'SET reservation = :reservation, booking = :booking',
        ConditionExpression: `${IS_NEXT} AND attribute_not_exists(reservation)`,
        ExpressionAttributeNames: IS_NEXT_NAMES,
        ExpressionAttributeValues: {
          ...toNextValues(running),
          ':reservation': toReservationItem(reservation),
          ':booking': booking,
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    ...toStockUpdates(TableName, running, {
      event: { imported: 0, reserved: reservation.event },
      types: mapValues(reservation.types, (reserved) => ({ imported: 0, reserved })),
      expected: stocks,
    }),
  ]);
}

export async function commitChunk(
  access: TableAccess,
  before: Import,
  after: Import,
  { created, paidMinor = 0, nowMs }: Parameters<ImportRunStore['commitChunk']>[2],
): Promise<boolean> {
  const { tableName: TableName } = access;
  const reserved = before.reservation;
  const made = created.values().reduce((sum, count) => sum + count, 0);
  const typeIds = new Set([...created.keys(), ...(reserved?.types.keys() ?? [])]);
  const toChange = (imported: number, places: number): StockChange => ({
    imported,
    reserved: -places,
  });
  const booking = randomUUID();
  const result = await book(access, booking, [
    {
      as: 'import',
      Put: {
        TableName,
        Item: { ...toImportItem(after, nowMs), booking },
        // Without this a run that saw no capacity could book over the places of one that did.
        ConditionExpression: `${IS_NEXT} AND ${
          reserved === undefined
            ? 'attribute_not_exists(reservation)'
            : 'attribute_exists(reservation)'
        }`,
        ExpressionAttributeNames: IS_NEXT_NAMES,
        ExpressionAttributeValues: toNextValues(before),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    ...toStockUpdates(TableName, before, {
      event: { ...toChange(made, reserved?.event ?? 0), paidMinor },
      types: new Map(
        [...typeIds].map((typeId) => [
          typeId,
          toChange(created.get(typeId) ?? 0, reserved?.types.get(typeId) ?? 0),
        ]),
      ),
    }),
    ...toEndMessage(TableName, after, nowMs),
  ]);
  return result === 'booked';
}

/** Tells of the end of a run, with the booking that ends it: once for each. */
export function toEndMessage(
  TableName: string,
  { organizationId, importId, status, sequence, startedAtMs = 0 }: Import,
  nowMs: number,
): readonly BookingItem[] {
  if (status === 'RUNNING') return [];
  const message = {
    type: 'mail.importFinished',
    organizationId,
    importId,
    startedAtMs,
  } as const;
  const Item = toOutboxItem(`${importId}-${sequence}`, message, nowMs);
  return [{ as: 'outbox', Put: { TableName, Item } }];
}

/** `lost` when the import was booked by another run; `contested` when the stock has moved. */
export async function book(
  { client }: TableAccess,
  booking: string,
  items: readonly BookingItem[],
): Promise<'booked' | 'lost' | 'contested'> {
  const result = await transact(client, items);
  if (result.committed) return 'booked';
  if (result.failed !== 'import') return 'contested';
  return result.existing?.['booking'] === booking ? 'booked' : 'lost';
}

export const IS_NEXT = '#status = :running AND #sequence = :sequence';
export const IS_NEXT_NAMES = { '#status': 'status', '#sequence': 'sequence' };
export const toNextValues = ({ sequence }: Import) => ({
  ':running': TRANSITIONS.progress.from[0],
  ':sequence': sequence,
});

const mapValues = <K, A, B>(map: ReadonlyMap<K, A>, change: (value: A) => B): ReadonlyMap<K, B> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
