// A sale as one transaction: the order with its ledger, at most 40 tickets with barcodes of their own, stock, contacts,
// claimed ids, and the messages that leave with it. A repeat of the request finds what the first one made.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { CreateOutcome, NewOrder, OrderMade } from '../app/order-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import { decidePlaces } from '../domain/orders/places.ts';
import { backoff } from './backoff.ts';
import { toBuyerUpdate } from './contact-store.ts';
import { toBlockClaim, toSharedBlockClaim } from './id-store.ts';
import { orderKey, orderRequestKey } from './keys.ts';
import { parseOrderItem, toOrderItem } from './order-item.ts';
import { type OrderLabel, toLedgerWrites, toNewTickets, toStockWrites } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import { loadStocks } from './stock-store.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

type SaleLabel = OrderLabel | 'request' | 'ownId' | 'block' | 'contact' | 'outbox';

/** As long as an Idempotency-Key is remembered (product.md section 11). */
const REQUEST_KEPT_MS = 24 * 3_600_000;

export async function createOrder(
  access: TableAccess,
  made: NewOrder,
  toOutboxId: (nowMs: number) => string,
): Promise<CreateOutcome> {
  const { tableName: TableName, client } = access;
  const { order, tickets } = made;
  const sold = Map.groupBy(tickets, ({ ticketTypeId }) => ticketTypeId);
  const taken = new Map([...sold].map(([typeId, ofType]) => [typeId, ofType.length]));
  const types = new Map(
    [...taken].map(([typeId, count]) => [typeId, { sold: count, imported: 0 }]),
  );
  const fixed = toFixedWrites(TableName, made, toOutboxId);
  for (const wait of backoff()) {
    const expected = await loadStocks(access, order);
    const decision = decidePlaces(expected, taken);
    if (decision === 'sold_out') return (await findMade(access, made)) ?? { as: 'sold_out' };
    if (decision === 'free') {
      const stock = toStockWrites(TableName, order, { types, expected });
      const result = await transact<SaleLabel>(client, [...fixed, ...stock]);
      if (result.committed) return { as: 'created' };
      if (result.failed !== 'stock') return explain(access, made, result.failed);
      // Stock fails also for a repeat of a request that took the last places itself.
      const before = await findMade(access, made);
      if (before !== undefined) return before;
    }
    if (!(await wait())) return { as: 'busy' };
  }
  return { as: 'busy' };
}

function toFixedWrites(
  TableName: string,
  made: NewOrder,
  toOutboxId: (nowMs: number) => string,
): LabelledItem<SaleLabel>[] {
  const { order, tickets, contacts, messages, request, nowMs } = made;
  const { organizationId, orderId } = order;
  const [ticket] = tickets;
  const block = Math.floor((ticket?.eventTicketId ?? orderId) / ID_BLOCK_SIZE);
  return [
    ...toRequestClaim(TableName, made),
    {
      as: 'order',
      Put: {
        TableName,
        Item: toOrderItem(order, { imported: false, mac: request.mac }),
        ...ABSENT,
      },
    },
    ...(request.isOwnId
      ? [
          {
            as: 'ownId' as const,
            ...toSharedBlockClaim(TableName, organizationId, Math.floor(orderId / ID_BLOCK_SIZE)),
          },
        ]
      : []),
    { as: 'block', ...toBlockClaim(TableName, organizationId, block) },
    ...toNewTickets(TableName, tickets),
    ...toLedgerWrites(TableName, order, 0),
    ...contacts.map((contact) => ({
      as: 'contact' as const,
      Update: toBuyerUpdate(TableName, contact),
    })),
    ...messages.map((message) => ({
      as: 'outbox' as const,
      Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) },
    })),
  ];
}

function toRequestClaim(
  TableName: string,
  { order: { organizationId, orderId }, request, nowMs }: NewOrder,
): LabelledItem<SaleLabel>[] {
  if (request.key === undefined) return [];
  const Item = {
    ...orderRequestKey(organizationId, request.key),
    kind: 'orderRequest',
    orderId,
    [TTL_ATTRIBUTE]: Math.ceil((nowMs + REQUEST_KEPT_MS) / 1_000),
  };
  return [
    {
      as: 'request',
      Put: {
        TableName,
        Item,
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
        ExpressionAttributeValues: { ':now': Math.floor(nowMs / 1_000) },
      },
    },
  ];
}

async function explain(
  access: TableAccess,
  made: NewOrder,
  failed: SaleLabel,
): Promise<CreateOutcome> {
  const before = await findMade(access, made);
  if (before !== undefined) return before;
  return { as: failed === 'ownId' ? 'id_taken' : 'try_again' };
}

/** The order that this very request may have made before. */
export async function findMade(
  { client, tableName: TableName }: TableAccess,
  { order, request, nowMs }: NewOrder,
): Promise<OrderMade | undefined> {
  const { organizationId } = order;
  const get = async (Key: ReturnType<typeof orderKey>) =>
    (await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
  const found =
    request.key === undefined ? undefined : await get(orderRequestKey(organizationId, request.key));
  const isLive = Number(found?.[TTL_ATTRIBUTE] ?? 0) > Math.floor(nowMs / 1_000);
  const claimed = isLive ? found : undefined;
  if (claimed === undefined && !request.isOwnId) return undefined;
  const orderId = claimed === undefined ? order.orderId : Number(claimed['orderId']);
  const item = await get(orderKey(organizationId, orderId));
  if (item === undefined) return undefined;
  return { as: 'exists', orderId, mac: parseOrderItem(item).mac ?? '' };
}
