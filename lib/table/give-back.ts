// A canceled sale's tickets return to stock, as one transaction: each barcode that was sold is over, the ticket lives on
// under a new one in the host's order, and what was paid for it is taken back.
import type { NewGiveBack } from '../app/marketplace-ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import { batchGet } from './batch-get.ts';
import { toHistoryItem } from './history-item.ts';
import { toListingChanged } from './hold-writes.ts';
import { toBlockClaim } from './id-store.ts';
import { toBookedChecks } from './import-booked.ts';
import { barcodeKey, orderTicketsList } from './keys.ts';
import { toListingItem } from './listing-item.ts';
import { toOrderItem } from './order-item.ts';
import { toOrderChange } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { toSaleWrites } from './sale-writes.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import type { TicketItem } from './ticket-item.ts';
import { toReissuedItem, toReplacedUpdate } from './ticket-reissue.ts';
import { type LabelledItem, transact } from './transact.ts';

type Write = LabelledItem<string>;

/** False: something is another by now; decide again. */
export async function commitGiveBack(
  access: TableAccess,
  made: NewGiveBack,
  toOutboxId: (nowMs: number) => string,
): Promise<boolean> {
  const { client, tableName: TableName } = access;
  const { saleBefore: before, sale: after, order, nowMs } = made;
  const moves = await toMoves(access, made);
  if (moves === undefined) return false;
  const toOutbox = (message: NewGiveBack['messages'][number]): Write => ({
    as: 'outbox',
    Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) },
  });
  const follows = made.tickets.map(({ ticket: { organizationId, eventTicketId } }) =>
    toOutbox({ type: 'link.follow', organizationId, eventTicketId }),
  );
  const { committed } = await transact<string>(client, [
    ...toSaleWrites(TableName, { before, after, nowMs }, toOutboxId(nowMs)),
    ...toOrderChange(TableName, order.before, order.after),
    ...moves,
    ...follows,
    ...made.messages.map(toOutbox),
    ...toStockWrites(TableName, made),
    ...toListingWrites(TableName, made, toOutboxId(nowMs)),
  ]);
  return committed;
}

/** Undefined when one of the tickets is no longer the one that was decided on. */
async function toMoves(access: TableAccess, made: NewGiveBack): Promise<Write[] | undefined> {
  const { tickets, nowMs, sale } = made;
  const keys = tickets.map(({ ticket }) => barcodeKey(ticket.organizationId, ticket.barcode));
  const found = new Map(
    (await batchGet(access, keys)).map((item) => [
      String(item['pk']),
      item as unknown as TicketItem,
    ]),
  );
  const writes: Write[] = [];
  for (const { ticket, barcode } of tickets) {
    const item = found.get(barcodeKey(ticket.organizationId, ticket.barcode).pk);
    if (item === undefined || !isSame(item, ticket)) return undefined;
    const details = { saleId: sale.saleId, orderId: made.stock?.orderId ?? 0 };
    const history = { action: 'REISSUED', by: sale.marketplace, details } as const;
    writes.push(
      { as: 'ticket', Update: toReplacedUpdate(access.tableName, item, barcode) },
      {
        as: 'new',
        Put: { TableName: access.tableName, Item: toStockItem(item, made, barcode), ...ABSENT },
      },
      {
        as: 'history',
        Put: {
          TableName: access.tableName,
          Item: toHistoryItem(ticket.organizationId, ticket.eventTicketId, history, nowMs),
        },
      },
    );
  }
  return [
    ...writes,
    ...toImportChecks(
      access.tableName,
      tickets.map(({ ticket }) => ticket),
    ),
  ];
}

const isSame = (item: TicketItem, ticket: Ticket): boolean =>
  item.tid === ticket.eventTicketId &&
  item.nxt === undefined &&
  item.oid === ticket.orderId &&
  item.adm === 0 &&
  item.els === undefined;

/** Without what the buyer and the sale left on it. */
function toStockItem(item: TicketItem, { order, stock }: NewGiveBack, barcode: string): TicketItem {
  const { organizationId } = order.before;
  const {
    nam: _name,
    con: _contact,
    xg: _sold,
    hld: _held,
    lck: _lock,
    ...rest
  } = toReissuedItem(organizationId, item, barcode);
  const orderId = stock?.orderId ?? 0;
  return {
    ...rest,
    oid: orderId,
    g3: orderTicketsList(organizationId, orderId),
    prc: 0,
    pay: 'SETTLED',
  };
}

/** An import is stated once, by the last of its rows. */
function toImportChecks(TableName: string, tickets: readonly Ticket[]): Write[] {
  const byImport = Map.groupBy(tickets, ({ importId }) => importId);
  return [...byImport.values()].flatMap((ofImport) => {
    const [last] = ofImport.toSorted((a, b) => (b.importRow ?? 0) - (a.importRow ?? 0));
    return last === undefined ? [] : toBookedChecks(TableName, last);
  });
}

function toStockWrites(TableName: string, { stock }: NewGiveBack): Write[] {
  if (stock === undefined) return [];
  const { organizationId, orderId } = stock;
  const block = Math.floor(orderId / ID_BLOCK_SIZE);
  return [
    {
      as: 'stock',
      Put: { TableName, Item: toOrderItem(stock, { imported: false }), ...ABSENT },
    },
    { as: 'block', ...toBlockClaim(TableName, organizationId, block) },
  ];
}

/** Its marketplace has to hear of it, too: that the sale is over doesn't say that the tickets are for sale again. */
function toListingWrites(TableName: string, made: NewGiveBack, outboxId: string): Write[] {
  const { listing, nowMs } = made;
  if (listing === undefined) return [];
  const { before, after } = listing;
  return [
    {
      as: 'listing',
      Put: {
        TableName,
        Item: toListingItem(after),
        ConditionExpression: 'version = :before',
        ExpressionAttributeValues: { ':before': before.version },
      },
    },
    toListingChanged(TableName, made.sale, { outboxId, isExpiry: true, nowMs }),
  ];
}
