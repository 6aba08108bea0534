// Orders as they stand at this moment: one strongly consistent query of the order's partition. An imported order has
// no item until something changes it and is built from its tickets; what an import adds later joins it.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ORDER_LINES_MAX, type Order, type OrderLine } from '../domain/orders/order.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { $EventItem } from './items.ts';
import { barcodeKey, eventKey, LEDGER_PREFIX, orderPartition, orderTicketsList } from './keys.ts';
import { loadBareTickets, type TicketEntry } from './load-tickets.ts';
import { fromLedgerItem, type OrderItem, parseOrderItem } from './order-item.ts';
import { loadItem, queryAll, type TableAccess } from './table-access.ts';

/** An index follows its table within milliseconds; an order that isn't found is looked for this long. */
const INDEX_LAG_MS_MAX = 150;

export interface StoredOrder {
  readonly item: OrderItem | undefined;
  readonly order: Order;
}

export async function loadOrder(
  access: TableAccess,
  organizationId: string,
  orderId: number,
): Promise<Order | undefined> {
  for (const wait of backoff(INDEX_LAG_MS_MAX)) {
    const found = await findOrder(access, organizationId, orderId);
    if (found !== undefined) return found.order;
    if (!(await wait())) return undefined;
  }
  return undefined;
}

/** As the table and its index tell it right now, without waiting. */
export async function findOrder(
  access: TableAccess,
  organizationId: string,
  orderId: number,
): Promise<StoredOrder | undefined> {
  const items = await queryAll(access.client, {
    TableName: access.tableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': orderPartition(organizationId, orderId) },
  });
  const found = items.find(({ sk }) => sk === 'ORDER');
  const item = found && parseOrderItem(found);
  const ledger = items.filter(({ sk }) => String(sk).startsWith(LEDGER_PREFIX)).map(fromLedgerItem);
  if (item !== undefined && !item.imported) {
    return { item, order: { ...toFacts(item), ledger } };
  }
  const tickets = await loadImported(access, organizationId, orderId);
  const [first] = tickets;
  if (item !== undefined) {
    const lines = joinLines(item.lines, tickets);
    return { item, order: { ...toFacts(item), ...lines, ledger } };
  }
  if (first === undefined) return undefined;
  const event = await loadItem(access, eventKey(organizationId, first.eventId), $EventItem);
  if (event === undefined) return undefined;
  return { item, order: { ...toImportedFacts(first, event.currency), ...joinLines([], tickets) } };
}

const toFacts = ({ kind: _kind, imported: _imported, mac: _mac, ...facts }: OrderItem) => facts;

const toImportedFacts = (first: Ticket, currency: string) => ({
  organizationId: first.organizationId,
  orderId: first.orderId ?? first.eventTicketId,
  eventId: first.eventId,
  currency,
  ...(first.contactId === undefined ? {} : { contactId: first.contactId }),
  buyer: first.holderName === undefined ? {} : { lastName: first.holderName },
  complimentary: false,
  canceled: false,
  createdAtMs: first.createdAtMs,
  ledger: [],
  version: 0,
});

async function loadImported(
  access: TableAccess,
  organizationId: string,
  orderId: number,
): Promise<readonly Ticket[]> {
  const { Items = [] } = await access.client.send(
    new QueryCommand({
      TableName: access.tableName,
      IndexName: 'byOwner',
      KeyConditionExpression: 'g3 = :order',
      ExpressionAttributeValues: { ':order': orderTicketsList(organizationId, orderId) },
      Limit: ORDER_LINES_MAX + 1,
    }),
  );
  const tickets = await loadBareTickets(access, Items as TicketEntry[]);
  return [...tickets.values()]
    .filter((ticket) => ticket.orderId === orderId && ticket.standing !== 'REPLACED')
    .toSorted((a, b) => a.eventTicketId - b.eventTicketId);
}

/** What is stored wins; tickets that it doesn't know were imported after it was written. */
function joinLines(
  stored: readonly OrderLine[],
  tickets: readonly Ticket[],
): Pick<Order, 'lines' | 'isCut'> {
  const known = new Set(stored.map((line) => line.eventTicketId));
  const added = tickets
    .filter(({ eventTicketId, origin }) => !known.has(eventTicketId) && origin === 'IMPORTED')
    .map(toImportedLine);
  const lines = [...stored, ...added].toSorted((a, b) => a.eventTicketId - b.eventTicketId);
  return lines.length > ORDER_LINES_MAX
    ? { lines: lines.slice(0, ORDER_LINES_MAX), isCut: true }
    : { lines };
}

function toImportedLine(ticket: Ticket): OrderLine {
  const { eventTicketId, ticketTypeId, barcode, priceMinor = 0, standing } = ticket;
  return {
    eventTicketId,
    ticketTypeId,
    barcode,
    priceMinor,
    subtotalMinor: priceMinor,
    flatMinor: 0,
    ...(standing === 'CANCELED' || standing === 'SWAPPED' ? { end: standing } : {}),
    importedMinor: priceMinor,
  };
}

/** Barcodes that a ticket may have had since its order was last written; each is another read. */
const REISSUES_MAX = 50;

/** The order's tickets in the order of its lines, strongly consistent, under whatever barcodes they have by now. */
export async function loadOrderTickets(
  access: TableAccess,
  order: Order,
): Promise<readonly Ticket[]> {
  const toPk = (barcode: string) => barcodeKey(order.organizationId, barcode).pk;
  const found = new Map<string, Ticket>();
  let barcodes = order.lines.map(({ barcode }) => barcode);
  for (let hops = 0; hops < REISSUES_MAX && barcodes.length > 0; hops += 1) {
    const keys = barcodes.map((barcode) => barcodeKey(order.organizationId, barcode));
    const tickets = await loadBareTickets(access, keys);
    for (const [pk, ticket] of tickets) found.set(pk, ticket);
    barcodes = [...tickets.values()].flatMap(({ replacedBy }) => replacedBy ?? []);
  }
  return order.lines.flatMap(({ barcode, eventTicketId }) => {
    let ticket = found.get(toPk(barcode));
    while (ticket?.replacedBy !== undefined) ticket = found.get(toPk(ticket.replacedBy));
    return ticket?.eventTicketId === eventTicketId ? [ticket] : [];
  });
}
