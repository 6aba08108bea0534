// Changes of single tickets: each is one transaction of the ticket's item and its history, and states what the decision
// in lib/domain/ticket-transitions.ts relied on.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { OutboxMessage } from '../app/outbox-ports.ts';
import type { MadeChange, TicketChangeStore } from '../app/ticket-ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { decideTransition, toTransition } from '../domain/ticket-transitions.ts';
import { toHistoryItem } from './history-item.ts';
import { toBookedChecks } from './import-booked.ts';
import { barcodeKey } from './keys.ts';
import { toOutboxItem } from './outbox.ts';
import type { TableAccess } from './table-access.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';
import { toReissuedItem, toReplacedUpdate } from './ticket-reissue.ts';
import { transact } from './transact.ts';

export function createTicketChangeStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): TicketChangeStore {
  const { client, tableName: TableName } = access;
  return {
    async commit(ticket, made) {
      const result = await transact<'ticket' | 'history'>(client, [
        { as: 'ticket', Update: toStandingUpdate(TableName, ticket, made) },
        toHistory(TableName, ticket, made),
      ]);
      if (!result.committed) return { as: 'changed' };
      return { as: 'committed', ticket: { ...ticket, standing: toTransition(made.change).to } };
    },

    async reissue(ticket, { barcode, ...made }) {
      const item = await loadRaw(access, ticket);
      if (item === undefined || !isStill(item, ticket, made.nowMs)) return { as: 'changed' };
      const reissued = toReissuedItem(ticket.organizationId, item, barcode);
      const result = await transact<'ticket' | 'new' | 'history' | 'import' | 'outbox'>(client, [
        { as: 'ticket', Update: toReplacedUpdate(TableName, item, barcode) },
        {
          as: 'new',
          Put: { TableName, Item: reissued, ConditionExpression: 'attribute_not_exists(pk)' },
        },
        toHistory(TableName, ticket, made),
        ...toBookedChecks(TableName, ticket),
        ...toMessages(ticket).map((message) => ({
          as: 'outbox' as const,
          Put: { TableName, Item: toOutboxItem(toOutboxId(made.nowMs), message, made.nowMs) },
        })),
      ]);
      if (result.committed) return { as: 'committed', ticket: fromTicketItem(reissued) };
      return { as: result.failed === 'import' ? 'busy' : 'changed' };
    },
  };
}

async function loadRaw(
  { client, tableName: TableName }: TableAccess,
  { organizationId, barcode }: Ticket,
): Promise<TicketItem | undefined> {
  const Key = barcodeKey(organizationId, barcode);
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item as TicketItem | undefined;
}

/** What is copied may be what a swap, a cancel or a hold has made of it since the decision. */
const isStill = (item: TicketItem, { eventTicketId }: Ticket, nowMs: number): boolean =>
  item.tid === eventTicketId &&
  decideTransition(fromTicketItem(item), 'reissue', nowMs).as === 'change';

const CONDITIONS = {
  hold: '(attribute_not_exists(hld) OR hld <= :now)',
  lock: 'attribute_not_exists(lck)',
} as const;

function toStandingUpdate(TableName: string, ticket: Ticket, { change, nowMs }: MadeChange) {
  const { from, to, barredBy } = toTransition(change);
  return {
    TableName,
    Key: barcodeKey(ticket.organizationId, ticket.barcode),
    UpdateExpression: 'SET std = :to',
    ConditionExpression: [
      'tid = :ticket',
      `std IN (${from.map((_standing, index) => `:from${index}`).join(', ')})`,
      ...barredBy.map((bar) => CONDITIONS[bar]),
    ].join(' AND '),
    ExpressionAttributeValues: {
      ':to': to,
      ':ticket': ticket.eventTicketId,
      ...Object.fromEntries(from.map((standing, index) => [`:from${index}`, standing])),
      ...(barredBy.includes('hold') ? { ':now': nowMs } : {}),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

function toHistory(
  TableName: string,
  { organizationId, eventTicketId }: Ticket,
  { change, by, nowMs }: MadeChange,
) {
  const { action } = toTransition(change);
  const Item = toHistoryItem(organizationId, eventTicketId, { action, by }, nowMs);
  return { as: 'history' as const, Put: { TableName, Item } };
}

/** Whoever bought the ticket gets it with the new barcode, and those who imported it are told. */
function toMessages({ organizationId, eventTicketId, orderId }: Ticket): readonly OutboxMessage[] {
  const follow = { type: 'link.follow', organizationId, eventTicketId } as const;
  if (orderId === undefined) return [follow];
  return [follow, { type: 'mail.reissued', organizationId, orderId, eventTicketId }];
}
