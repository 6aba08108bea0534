// Orders: made and changed in one transaction each, with tickets, stock, ledger, contacts and what has to be told.
import type { ChangeOutcome, OrderChange, OrderStore } from '../app/order-ports.ts';
import type { OutboxMessage } from '../app/outbox-ports.ts';
import { decidePlaces } from '../domain/orders/places.ts';
import { backoff } from './backoff.ts';
import { retryEntry, setEntryStatus } from './entry-status.ts';
import { createOrder, findMade } from './order-create.ts';
import { listContactOrders, listEventOrders } from './order-list.ts';
import { loadOrder, loadOrderTickets } from './order-reader.ts';
import { type OrderLabel, toOrderChange, toStockWrites, toTicketChanges } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { loadStocks } from './stock-store.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

export function createOrderStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): OrderStore {
  return {
    create: async (made) => createOrder(access, made, toOutboxId),
    findMade: async (made) => findMade(access, made),
    load: async (organizationId, orderId) => loadOrder(access, organizationId, orderId),
    loadTickets: async (order) => loadOrderTickets(access, order),
    commitChange: async (change) => commitChange(access, change, toOutboxId),

    setEntryStatus: async (order, transactionId, status) =>
      setEntryStatus(access, order, { transactionId, ...status }),
    retryEntry: async (order, retry) => retryEntry(access, order, { ...retry, toOutboxId }),
    listByEvent: async (ids, page) => listEventOrders(access, ids, page),
    listByContact: async (ids, page) => listContactOrders(access, ids, page),
  };
}

async function commitChange(
  access: TableAccess,
  change: OrderChange,
  toOutboxId: (nowMs: number) => string,
): Promise<ChangeOutcome> {
  const { client, tableName: TableName } = access;
  const { before, after, places, nowMs } = change;
  const taken = new Map([...places].map(([type, count]) => [type, count.sold + count.imported]));
  const fixed = [
    ...toOrderChange(TableName, before, after),
    ...toTicketChanges(TableName, change.tickets, nowMs),
    ...change.messages.map((message) =>
      toOutboxPut(TableName, { outboxId: toOutboxId(nowMs), message, nowMs }),
    ),
  ];
  for (const wait of backoff()) {
    const expected = await loadStocks(access, before);
    const decision = decidePlaces(expected, taken);
    if (decision === 'sold_out') return decision;
    if (decision === 'free') {
      const stock = toStockWrites(TableName, after, { types: places, expected });
      const result = await transact<OrderLabel | 'outbox'>(client, [...fixed, ...stock]);
      if (result.committed) return 'committed';
      if (result.failed === 'import') return 'busy';
      if (result.failed !== 'stock') return 'changed';
    }
    if (!(await wait())) return 'busy';
  }
  return 'busy';
}

const toOutboxPut = (
  TableName: string,
  {
    outboxId,
    message,
    nowMs,
  }: { readonly outboxId: string; readonly message: OutboxMessage; readonly nowMs: number },
) => ({
  as: 'outbox' as const,
  Put: { TableName, Item: toOutboxItem(outboxId, message, nowMs) },
});
