// The swap's transaction: the old ticket SWAPPED and its order's line ended, the new ticket with its order, payment and
// contact, the history of both, the switches as they are at this moment, the mail to the new holder, and the news for those who imported the ticket. The number of
// tickets sold stays what it is: one goes, one comes.
import type { NewSwap } from '../app/swap-ports.ts';
import { ID_BLOCK_SIZE } from '../domain/ids.ts';
import type { Swap } from '../domain/swaps/swap.ts';
import { toBuyerUpdate } from './contact-store.ts';
import { toHistoryItem } from './history-item.ts';
import { toBlockClaim } from './id-store.ts';
import { barcodeKey, eventKey, organizationKey } from './keys.ts';
import { toOrderItem } from './order-item.ts';
import { toLedgerWrites, toNewTickets, toOrderChange } from './order-writes.ts';
import { toOutboxItem } from './outbox.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { type LabelledItem, transact } from './transact.ts';

export async function commitSwap(
  { client, tableName: TableName }: TableAccess,
  { swap, buyer, nowMs }: NewSwap,
  toOutboxId: (nowMs: number) => string,
): Promise<boolean> {
  const { order, endedOrder, newOrder, newTicket } = swap;
  const { organizationId, orderId } = newOrder;
  const { eventTicketId } = swap.ticket;
  const messages = [
    { type: 'mail.swapped', organizationId, orderId },
    { type: 'link.follow', organizationId, eventTicketId },
  ] as const;
  const block = Math.floor(newTicket.eventTicketId / ID_BLOCK_SIZE);
  const { committed } = await transact<string>(client, [
    toSwapped(TableName, swap, nowMs),
    ...toSwitchChecks(TableName, swap),
    ...toOrderChange(TableName, order, endedOrder),
    { as: 'block', ...toBlockClaim(TableName, organizationId, block) },
    ...toNewTickets(TableName, [newTicket]),
    {
      as: 'newOrder',
      Put: { TableName, Item: toOrderItem(newOrder, { imported: false }), ...ABSENT },
    },
    ...toLedgerWrites(TableName, newOrder, 0),
    { as: 'contact', Update: toBuyerUpdate(TableName, buyer) },
    ...toHistory(swap, nowMs).map((Item) => ({ as: 'history', Put: { TableName, Item } })),
    ...messages.map((message) => ({
      as: 'outbox',
      Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) },
    })),
  ]);
  return committed;
}

function toSwapped(TableName: string, { ticket, newTicket }: Swap, nowMs: number) {
  const { organizationId, barcode, eventTicketId, ticketTypeId, orderId, origin } = ticket;
  return {
    as: 'ticket',
    Update: {
      TableName,
      Key: barcodeKey(organizationId, barcode),
      UpdateExpression: 'SET std = :swapped, suc = :successor, sba = :barcode REMOVE lck, hld',
      ConditionExpression: [
        'tid = :ticket',
        'std = :active',
        'adm = :zero',
        'pay = :settled',
        'ori = :origin',
        'typ = :type',
        'oid = :order',
        'attribute_not_exists(els)',
        '(attribute_not_exists(hld) OR hld <= :now)',
      ].join(' AND '),
      ExpressionAttributeValues: {
        ':swapped': 'SWAPPED',
        ':successor': newTicket.eventTicketId,
        ':barcode': newTicket.barcode,
        ':ticket': eventTicketId,
        ':active': 'ACTIVE',
        ':zero': 0,
        ':settled': 'SETTLED',
        ':origin': origin,
        ':type': ticketTypeId,
        ':order': orderId,
        ':now': nowMs,
      },
    },
  };
}

/** Off means off from the answer on that said so: a swap that was decided before is decided again. */
function toSwitchChecks(
  TableName: string,
  { ticket: { organizationId, eventId } }: Swap,
): LabelledItem<string>[] {
  return [
    {
      as: 'organization',
      ConditionCheck: {
        TableName,
        Key: organizationKey(organizationId),
        ConditionExpression: 'secureSwap.enabled = :true',
        ExpressionAttributeValues: { ':true': true },
      },
    },
    {
      as: 'event',
      ConditionCheck: {
        TableName,
        Key: eventKey(organizationId, eventId),
        ConditionExpression: 'secureSwap = :true',
        ExpressionAttributeValues: { ':true': true },
      },
    },
  ];
}

/** On both tickets, each with the other's id: the chain can be followed both ways. */
function toHistory({ ticket, newTicket, history }: Swap, nowMs: number) {
  const { organizationId } = ticket;
  const { by, ...details } = history;
  const entry = { action: 'SWAPPED', by } as const;
  const old = { successorId: newTicket.eventTicketId, ...details };
  const made = { predecessorId: ticket.eventTicketId, ...details };
  return [
    toHistoryItem(organizationId, ticket.eventTicketId, { ...entry, details: old }, nowMs),
    toHistoryItem(organizationId, newTicket.eventTicketId, { ...entry, details: made }, nowMs),
  ];
}
