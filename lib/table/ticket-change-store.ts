// Changes of single tickets: each is one transaction of the ticket's item and its history, and states what the decision
// in lib/domain/ticket-transitions.ts relied on.
import type { TicketChangeStore } from '../app/ticket-ports.ts';
import type { Standing, Ticket } from '../domain/ticket.ts';
import { TICKET_TRANSITIONS, type TicketChange } from '../domain/ticket-transitions.ts';
import { toHistoryItem } from './history-item.ts';
import { barcodeKey } from './keys.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

export function createTicketChangeStore({
  client,
  tableName: TableName,
}: TableAccess): TicketChangeStore {
  return {
    async commit(ticket, { change, by, nowMs }) {
      const { organizationId, eventTicketId } = ticket;
      const { to, action } = TICKET_TRANSITIONS[change];
      const Item = toHistoryItem(organizationId, eventTicketId, { action, by }, nowMs);
      const result = await transact<'ticket' | 'history'>(client, [
        { as: 'ticket', ...toStandingUpdate(TableName, ticket, { change, nowMs }) },
        { as: 'history', Put: { TableName, Item } },
      ]);
      return result.committed ? { ...ticket, standing: to } : undefined;
    },
  };
}

function toStandingUpdate(
  TableName: string,
  ticket: Ticket,
  { change, nowMs }: { readonly change: TicketChange; readonly nowMs: number },
) {
  const { from, to, isBarredByHold } = TICKET_TRANSITIONS[change];
  const standings: readonly Standing[] = from;
  return {
    Update: {
      TableName,
      Key: barcodeKey(ticket.organizationId, ticket.barcode),
      UpdateExpression: 'SET std = :to',
      ConditionExpression: [
        'tid = :ticket',
        `std IN (${standings.map((_standing, index) => `:from${index}`).join(', ')})`,
        ...(isBarredByHold ? ['(attribute_not_exists(hld) OR hld <= :now)'] : []),
      ].join(' AND '),
      ExpressionAttributeValues: {
        ':to': to,
        ':ticket': ticket.eventTicketId,
        ...Object.fromEntries(standings.map((standing, index) => [`:from${index}`, standing])),
        ...(isBarredByHold ? { ':now': nowMs } : {}),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
}
