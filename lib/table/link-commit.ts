// A linked swap's transaction in the importing organization: the barcode that it knew is SWAPPED, the next one is a
// ticket, the link leads to it from both sides, and whoever imported the ticket from here in turn is told.
import type { LinkedCommit } from '../app/link-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import type { Link, LinkedSwap, NextBarcode } from '../domain/links/linked-swap.ts';
import type { Order } from '../domain/orders/order.ts';
import { findOpenLine } from '../domain/swaps/swap.ts';
import { toClashPut } from './clash-store.ts';
import { toHistoryItem } from './history-item.ts';
import { toBlockClaim } from './id-store.ts';
import { orderKey } from './keys.ts';
import { linkKey, linkOriginKey } from './link-keys.ts';
import { toNewTickets, toOrderChange, toTicketChanges } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

type Write = LabelledItem<string>;

/** Answers false when a fact is another by now, or an id is taken. */
export async function commitLinkedSwap(
  { client, tableName: TableName }: TableAccess,
  { swap, order, clash, nowMs }: LinkedCommit,
  toOutboxId: (nowMs: number) => string,
): Promise<boolean> {
  const { organizationId, eventTicketId } = swap.ticket;
  const message = { type: 'link.follow', organizationId, eventTicketId } as const;
  const { committed } = await transact<string>(client, [
    ...toTickets(TableName, swap, nowMs),
    ...toOrderWrites(TableName, swap, order),
    ...toLinkWrites(TableName, swap),
    ...(clash === undefined ? [] : [{ as: 'clash', ...toClashPut(TableName, clash) }]),
    { as: 'outbox', Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) } },
    ...toGoOn(TableName, swap.link, swap.next, { outboxId: toOutboxId(nowMs), nowMs }),
  ]);
  return committed;
}

/** Both with their history, each with the other's id: the chain can be followed both ways. */
function toTickets(TableName: string, swap: LinkedSwap, nowMs: number): Write[] {
  const { ticket, retired, newTicket, existing } = swap;
  const entry = { action: 'SWAPPED', by: 'system' } as const;
  const stated = { barredBy: [], isAdmissionStated: true } as const;
  const old = { ...entry, details: { successorId: newTicket.eventTicketId } };
  const made = { ...entry, details: { predecessorId: ticket.eventTicketId } };
  const changes = [
    { before: ticket, after: retired, ...stated, history: old },
    ...(existing === undefined
      ? []
      : [{ before: existing, after: newTicket, ...stated, history: made }]),
  ];
  const { organizationId, eventTicketId } = newTicket;
  const Item = toHistoryItem(organizationId, eventTicketId, made, nowMs);
  const block = Math.floor(eventTicketId / ID_BLOCK_SIZE);
  return [
    ...toTicketChanges(TableName, changes, nowMs),
    ...(existing === undefined
      ? [
          ...toNewTickets(TableName, [newTicket]),
          { as: 'block', ...toBlockClaim(TableName, organizationId, block) },
          { as: 'history', Put: { TableName, Item } },
        ]
      : []),
  ];
}

/** An order without an item is its tickets, and what became of them; else its line ends. */
function toOrderWrites(
  TableName: string,
  { ticket: { organizationId, eventTicketId, orderId } }: LinkedSwap,
  order: Order | undefined,
): Write[] {
  if (orderId === undefined) return [];
  if (order === undefined || order.version === 0) {
    const Key = orderKey(organizationId, orderId);
    return [{ as: 'order', ConditionCheck: { TableName, Key, ...ABSENT } }];
  }
  const open = findOpenLine(order, eventTicketId);
  if (open === undefined || order.isCut) return [];
  const ended = { ...open, end: 'SWAPPED' } as const;
  return toOrderChange(TableName, order, {
    ...order,
    lines: order.lines.map((line) => (line === open ? ended : line)),
    version: order.version + 1,
  });
}

/** Only from the link as it was read: of two workers one goes on, the other one looks again. */
function toLinkMove(
  TableName: string,
  { organizationId, origin, barcode }: Link,
  next: NextBarcode,
) {
  const before = linkKey(origin, organizationId);
  const follows = { organizationId: origin.organizationId, eventTicketId: next.eventTicketId };
  const after = linkKey(follows, organizationId);
  const isRead = {
    ConditionExpression: 'barcode = :known',
    ExpressionAttributeValues: { ':known': barcode },
  };
  const Item = { ...after, kind: 'link', barcode: next.barcode };
  return before.pk === after.pk
    ? [{ as: 'link', Put: { TableName, Item, ...isRead } }]
    : [
        { as: 'link', Delete: { TableName, Key: before, ...isRead } },
        { as: 'nextLink', Put: { TableName, Item } },
      ];
}

/** A link that went back by this goes on from barcode to barcode, and so does the worker. */
export async function advanceLink(
  { client, tableName: TableName }: TableAccess,
  { link, next }: { readonly link: Link; readonly next: NextBarcode },
  outbox: OutboxMark,
): Promise<boolean> {
  const { committed } = await transact<string>(client, [
    ...toLinkMove(TableName, link, next),
    ...toGoOn(TableName, link, next, outbox),
  ]);
  return committed;
}

interface OutboxMark {
  readonly outboxId: string;
  readonly nowMs: number;
}

/** The message that led here finds the link no more, should the worker die; that of the next swap may have come before. */
function toGoOn(
  TableName: string,
  { origin: { organizationId, eventTicketId: before } }: Link,
  { eventTicketId }: NextBarcode,
  { outboxId, nowMs }: OutboxMark,
): Write[] {
  if (eventTicketId === before) return [];
  const message = { type: 'link.follow', organizationId, eventTicketId } as const;
  return [{ as: 'goOn', Put: { TableName, Item: toOutboxItem(outboxId, message, nowMs) } }];
}

function toLinkWrites(TableName: string, { link, next, ticket, newTicket }: LinkedSwap): Write[] {
  const { organizationId: origin } = link.origin;
  const origins = { kind: 'linkOrigin', origin, barcode: next.barcode };
  return [
    ...toLinkMove(TableName, link, next),
    { as: 'oldOrigin', Delete: { TableName, Key: linkOriginKey(ticket) } },
    { as: 'origin', Put: { TableName, Item: { ...linkOriginKey(newTicket), ...origins } } },
  ];
}
