// A marketplace's sale as one transaction: its hold INVOICED, if it has one, its tickets moved to a new order that the
// marketplace paid, a line that is over in each order that they left, and what has to be told.
import type { NewMove } from '../app/marketplace-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import type { Hold } from '../domain/marketplaces/hold.ts';
import type { Move, MovedTicket } from '../domain/marketplaces/move.ts';
import type { MarketplaceSale } from '../domain/marketplaces/sale.ts';
import { toBuyerUpdate } from './contact-store.ts';
import { toHistoryItem } from './history-item.ts';
import { type HoldLabel, toHeldRemoval, toListingChanged, toResolution } from './hold-writes.ts';
import { toBlockClaim } from './id-store.ts';
import { barcodeKey, orderTicketsList } from './keys.ts';
import { toOrderItem } from './order-item.ts';
import { type OrderLabel, toLedgerWrites, toOrderChange } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { type SaleLabel, toSaleWrites } from './sale-writes.ts';
import { TRANSACTION_ITEMS_MAX } from './schema.ts';
import { SOLD_MARK } from './ticket-item.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

type MoveLabel = HoldLabel | OrderLabel | SaleLabel | 'block' | 'contact' | 'newOrder';
type MoveWrite = LabelledItem<MoveLabel>;

export async function commitMove(
  { client, tableName: TableName }: TableAccess,
  { move, buyer, nowMs }: NewMove,
  toOutboxId: (nowMs: number) => string,
): Promise<'committed' | 'changed' | 'sold'> {
  const { hold, saleBefore, sale, newOrder, leftOrders } = move;
  const { organizationId, orderId } = newOrder;
  const mail = { type: 'mail.order', organizationId, orderId, cause: 'sale' } as const;
  const writes: MoveWrite[] = [
    // First, so that a repeat whose first reply got lost finds its hold resolved.
    ...(hold === undefined ? [] : toHoldWrites(TableName, hold, { sale, orderId, nowMs })),
    ...toSaleWrites(TableName, { before: saleBefore, after: sale, nowMs }, toOutboxId(nowMs)),
    ...move.tickets.map((moved) => toTicketMove(TableName, moved, { hold, nowMs })),
    ...leftOrders.flatMap(({ before, after }) => toOrderChange(TableName, before, after)),
    {
      as: 'newOrder',
      Put: { TableName, Item: toOrderItem(newOrder, { imported: false }), ...ABSENT },
    },
    ...toLedgerWrites(TableName, newOrder, 0),
    {
      as: 'block',
      ...toBlockClaim(TableName, organizationId, Math.floor(orderId / ID_BLOCK_SIZE)),
    },
    toListingChanged(TableName, sale, { outboxId: toOutboxId(nowMs), nowMs }),
    ...(buyer === undefined
      ? []
      : [
          { as: 'contact' as const, Update: toBuyerUpdate(TableName, buyer) },
          {
            as: 'outbox' as const,
            Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), mail, nowMs) },
          },
        ]),
  ];
  const history = toHistory(TableName, move, nowMs);
  const isRoom = writes.length + history.length <= TRANSACTION_ITEMS_MAX;
  const result = await transact<MoveLabel>(client, isRoom ? [...writes, ...history] : writes);
  if (result.committed) return 'committed';
  return result.failed === 'sale' ? 'sold' : 'changed';
}

function toHoldWrites(
  TableName: string,
  hold: Hold,
  {
    sale: { saleId, marketplaceOrderId },
    orderId,
    nowMs,
  }: { readonly sale: MarketplaceSale; readonly orderId: number; readonly nowMs: number },
): MoveWrite[] {
  const sale = { saleId, marketplaceOrderId, orderId };
  return [
    toResolution(TableName, hold, { status: 'INVOICED', sale, nowMs }),
    toHeldRemoval(TableName, hold),
  ];
}

/** On a ticket that is still this hold's, or free, and still the one that it was. */
function toTicketMove(
  TableName: string,
  { before, after }: MovedTicket,
  { hold, nowMs }: { readonly hold: Hold | undefined; readonly nowMs: number },
): MoveWrite {
  const { organizationId, orderId = 0, holderName } = after;
  return {
    as: 'ticket',
    Update: {
      TableName,
      Key: barcodeKey(organizationId, before.barcode),
      UpdateExpression: [
        'SET oid = :order, g3 = :list, prc = :price, xg = :sold',
        ...(holderName === undefined ? [] : [', nam = :name']),
        ' REMOVE hld, con',
        ...(holderName === undefined ? [', nam'] : []),
      ].join(''),
      ConditionExpression: [
        'tid = :ticket',
        'std = :active',
        'adm = :zero',
        'pay = :settled',
        'oid = :left',
        'typ = :type',
        'attribute_not_exists(els)',
        ...(hold === undefined ? FREE : ['hld = :held']),
      ].join(' AND '),
      ExpressionAttributeValues: {
        ':order': orderId,
        ':list': orderTicketsList(organizationId, orderId),
        ':price': after.priceMinor,
        ':sold': SOLD_MARK,
        ...(holderName === undefined ? {} : { ':name': holderName }),
        ':ticket': before.eventTicketId,
        ...(hold === undefined ? { ':now': nowMs } : { ':held': hold.expiresAtMs }),
        ':active': 'ACTIVE',
        ':zero': 0,
        ':settled': 'SETTLED',
        ':left': before.orderId,
        ':type': before.ticketTypeId,
      },
    },
  };
}

/** Nobody holds it, and it isn't offered at TicketSwap. */
const FREE = ['attribute_not_exists(lck)', '(attribute_not_exists(hld) OR hld <= :now)'];

const toHistory = (TableName: string, move: Move, nowMs: number) =>
  move.tickets.map(({ before }): MoveWrite => {
    const { organizationId, eventTicketId } = before;
    const { sale, newOrder, history } = move;
    const { saleId, marketplace } = sale;
    const details = { saleId, orderId: newOrder.orderId, marketplace };
    const entry = { action: 'SOLD', by: history.by, details } as const;
    return {
      as: 'history',
      Put: { TableName, Item: toHistoryItem(organizationId, eventTicketId, entry, nowMs) },
    };
  });
