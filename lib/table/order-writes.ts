// The parts of a transaction that make or change an order: the order itself under its version, new ledger entries,
// tickets, and what the payment report adds up. Swaps, sales and exchanges put theirs together from these.
import type { PlaceCount, TicketWrite } from '../app/order-ports.ts';
import { assert } from '../domain/assert.ts';
import type { LedgerEntry, Order } from '../domain/orders/order.ts';
import type { EventStocks } from '../domain/imports/capacity.ts';
import { toHistoryItem } from './history-item.ts';
import { toBookedChecks } from './import-booked.ts';
import { barcodeKey, ledgerKey, orderKey, paymentReportKey } from './keys.ts';
import { toLedgerItem, toOrderItem } from './order-item.ts';
import { toPlaceUpdates } from './stock-store.ts';
import { ABSENT } from './table-access.ts';
import { toTicketItem } from './ticket-item.ts';
import type { LabelledItem } from './transact.ts';

export type OrderLabel = 'import' | 'order' | 'ledger' | 'ticket' | 'history' | 'stock' | 'report';
type OrderWrite = LabelledItem<OrderLabel>;

/** An order that has an item is changed under its version; an imported one gets its item now. */
export function toOrderChange(TableName: string, before: Order, after: Order): OrderWrite[] {
  assert(after.version === before.version + 1, 'a change counts the version up');
  const order: OrderWrite =
    before.version === 0
      ? { as: 'order', Put: { TableName, Item: toOrderItem(after, { imported: true }), ...ABSENT } }
      : {
          as: 'order',
          Update: {
            TableName,
            Key: orderKey(after.organizationId, after.orderId),
            UpdateExpression: 'SET #lines = :lines, canceled = :canceled, version = :after',
            ConditionExpression: 'version = :before',
            ExpressionAttributeNames: { '#lines': 'lines' },
            ExpressionAttributeValues: {
              ':lines': after.lines,
              ':canceled': after.canceled,
              ':before': before.version,
              ':after': after.version,
            },
          },
        };
  return [order, ...toLedgerWrites(TableName, after, before.ledger.length)];
}

/** The entries from this position on, and what they add to the event's payment report. */
export function toLedgerWrites(TableName: string, order: Order, from: number): OrderWrite[] {
  const added = order.ledger.slice(from);
  const entries = added.map((entry, at): OrderWrite => ({
    as: 'ledger',
    Put: { TableName, Item: toLedgerItem(order, entry, from + at), ...ABSENT },
  }));
  return [...entries, ...toReportUpdates(TableName, order, added)];
}

function toReportUpdates(
  TableName: string,
  order: Order,
  added: readonly LedgerEntry[],
): OrderWrite[] {
  const groups = Map.groupBy(added, ({ kind, paymentType }) => JSON.stringify([kind, paymentType]));
  return [...groups.values()].map((entries): OrderWrite => {
    const [first] = entries;
    assert(first !== undefined, 'a group has an entry');
    const add = (of: (entry: LedgerEntry) => number): number =>
      entries.reduce((total, entry) => total + of(entry), 0);
    return {
      as: 'report',
      Update: {
        TableName,
        Key: paymentReportKey(order, first.kind, first.paymentType),
        UpdateExpression:
          'SET kind = :kind ADD amountMinor :amount, cardFeeMinor :cardFee, transactions :count',
        ExpressionAttributeValues: {
          ':kind': 'paymentReport',
          ':amount': add((entry) => entry.amountMinor),
          ':cardFee': add((entry) => entry.cardFeeMinor),
          ':count': entries.length,
        },
      },
    };
  });
}

/** Which entry stands where in the ledger. */
export const toEntryKey = (order: Order, transactionId: string) => {
  const sequence = order.ledger.findIndex((entry) => entry.transactionId === transactionId);
  assert(sequence >= 0, 'the entry is in the ledger');
  return ledgerKey(order.organizationId, order.orderId, sequence);
};

export const toNewTickets = (
  TableName: string,
  tickets: readonly TicketWrite['after'][],
): OrderWrite[] =>
  tickets.map((ticket) => ({
    as: 'ticket',
    Put: { TableName, Item: toTicketItem(ticket), ...ABSENT },
  }));

/** Writes what differs, on a ticket that in all that an order cares for is still the one that was read. */
export function toTicketChanges(
  TableName: string,
  writes: readonly TicketWrite[],
  nowMs: number,
): OrderWrite[] {
  return writes.flatMap((write) => {
    const { before, history } = write;
    const change: OrderWrite = { as: 'ticket', ...toTicketWrite(TableName, write, nowMs) };
    const isMovedType = write.after.ticketTypeId !== before.ticketTypeId;
    const changes = [change, ...(isMovedType ? toBookedChecks(TableName, before) : [])];
    if (history === undefined) return changes;
    const Item = toHistoryItem(before.organizationId, before.eventTicketId, history, nowMs);
    return [...changes, { as: 'history', Put: { TableName, Item } }];
  });
}

function toTicketWrite(TableName: string, write: TicketWrite, nowMs: number) {
  const before = Object.entries(toTicketItem(write.before));
  const after = new Map(Object.entries(toTicketItem(write.after)));
  const set = [...after].filter(
    ([name, value]) => !before.some(([n, v]) => n === name && v === value),
  );
  const remove = before.map(([name]) => name).filter((name) => !after.has(name));
  const { eventTicketId, standing, ticketTypeId, payment, orderId } = write.before;
  const isHoldBar = write.barredBy.includes('hold');
  const values: Record<string, unknown> = {
    ':ticketBefore': eventTicketId,
    ':standingBefore': standing,
    ':typeBefore': ticketTypeId,
    ':paymentBefore': payment,
    ...(orderId === undefined ? {} : { ':orderBefore': orderId }),
    ...(isHoldBar ? { ':now': nowMs } : {}),
    ...(write.isAdmissionStated === true
      ? { ':admBefore': write.before.admissions, ':chkBefore': Number(write.before.checkedIn) }
      : {}),
  };
  const condition = {
    TableName,
    Key: barcodeKey(write.before.organizationId, write.before.barcode),
    ConditionExpression: [
      'tid = :ticketBefore',
      'std = :standingBefore',
      'typ = :typeBefore',
      'pay = :paymentBefore',
      orderId === undefined ? 'attribute_not_exists(oid)' : 'oid = :orderBefore',
      ...(isHoldBar ? ['(attribute_not_exists(hld) OR hld <= :now)'] : []),
      ...(write.barredBy.includes('lock') ? ['attribute_not_exists(lck)'] : []),
      ...(write.isAdmissionStated === true ? ['adm = :admBefore', 'chk = :chkBefore'] : []),
    ].join(' AND '),
  };
  if (set.length === 0 && remove.length === 0) {
    return { ConditionCheck: { ...condition, ExpressionAttributeValues: values } };
  }
  const UpdateExpression = [
    ...(set.length === 0 ? [] : [`SET ${set.map(([name]) => `${name} = :${name}`).join(', ')}`]),
    ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(', ')}`]),
  ].join(' ');
  for (const [name, value] of set) values[`:${name}`] = value;
  return { Update: { ...condition, UpdateExpression, ExpressionAttributeValues: values } };
}

export const toStockWrites = (
  TableName: string,
  order: Order,
  change: { readonly types: ReadonlyMap<number, PlaceCount>; readonly expected: EventStocks },
): OrderWrite[] => toPlaceUpdates(TableName, order, change);
