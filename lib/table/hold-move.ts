// The sale of a hold as one transaction: the hold INVOICED, its tickets moved to a new order that the marketplace paid,
// a line that is over in each order that they left, and what has to be told.
import type { NewMove } from '../app/marketplace-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import type { Hold } from '../domain/marketplaces/hold.ts';
import type { Move, MovedTicket } from '../domain/marketplaces/sale.ts';
import { toBuyerUpdate } from './contact-store.ts';
import { toHistoryItem } from './history-item.ts';
import { toSaleItem } from './hold-item.ts';
import { type HoldLabel, toHeldRemoval, toListingChanged, toResolution } from './hold-writes.ts';
import { toBlockClaim } from './id-store.ts';
import { barcodeKey, orderTicketsList } from './keys.ts';
import { toOrderItem } from './order-item.ts';
import { type OrderLabel, toLedgerWrites, toOrderChange } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { TRANSACTION_ITEMS_MAX } from './schema.ts';
import { SOLD_MARK } from './ticket-item.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

type MoveLabel = HoldLabel | OrderLabel | 'sale' | 'block' | 'contact' | 'newOrder';
type MoveWrite = LabelledItem<MoveLabel>;

export async function commitMove(
  { client, tableName: TableName }: TableAccess,
  { move, buyer, nowMs }: NewMove,
  toOutboxId: (nowMs: number) => string,
): Promise<'committed' | 'changed' | 'sold'> {
  const { hold, sale, newOrder, leftOrders } = move;
  const { organizationId, orderId } = newOrder;
  const { saleId, marketplaceOrderId } = sale;
  const mail = { type: 'mail.order', organizationId, orderId, cause: 'sale' } as const;
  const writes: MoveWrite[] = [
    toResolution(TableName, hold, {
      status: 'INVOICED',
      sale: { saleId, marketplaceOrderId, orderId },
      nowMs,
    }),
    { as: 'sale', Put: { TableName, Item: toSaleItem(sale), ...ABSENT } },
    ...move.tickets.map((moved) => toTicketMove(TableName, hold, moved)),
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
    toHeldRemoval(TableName, hold),
    toListingChanged(TableName, hold, { outboxId: toOutboxId(nowMs), nowMs }),
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

/** On a ticket that is still this hold's, and still the one that it took. */
function toTicketMove(TableName: string, hold: Hold, { before, after }: MovedTicket): MoveWrite {
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
        'hld = :held',
        'std = :active',
        'adm = :zero',
        'pay = :settled',
        'oid = :left',
        'typ = :type',
        'attribute_not_exists(els)',
      ].join(' AND '),
      ExpressionAttributeValues: {
        ':order': orderId,
        ':list': orderTicketsList(organizationId, orderId),
        ':price': after.priceMinor,
        ':sold': SOLD_MARK,
        ...(holderName === undefined ? {} : { ':name': holderName }),
        ':ticket': before.eventTicketId,
        ':held': hold.expiresAtMs,
        ':active': 'ACTIVE',
        ':zero': 0,
        ':settled': 'SETTLED',
        ':left': before.orderId,
        ':type': before.ticketTypeId,
      },
    },
  };
}

const toHistory = (TableName: string, { tickets, sale, history }: Move, nowMs: number) =>
  tickets.map(({ before }): MoveWrite => {
    const { organizationId, eventTicketId } = before;
    const details = { saleId: sale.saleId, orderId: sale.orderId, marketplace: sale.marketplace };
    const entry = { action: 'SOLD', by: history.by, details } as const;
    return {
      as: 'history',
      Put: { TableName, Item: toHistoryItem(organizationId, eventTicketId, entry, nowMs) },
    };
  });
