// Deleting imported tickets: the part of a transaction that states every fact which allows it, see findStayReason, and
// the one that remembers whose they were, for an undo to look at them afterwards.
import type { Ticket } from '../domain/ticket.ts';
import { barcodeKey, importBuyerKey } from './keys.ts';
import { LINKED } from './ticket-item.ts';

export const toTicketRemoval = (TableName: string, ticket: Ticket, nowMs: number) => ({
  Delete: {
    TableName,
    Key: barcodeKey(ticket.organizationId, ticket.barcode),
    ConditionExpression: [
      'tid = :ticket',
      // Its place is given back to the type that it was read with.
      'typ = :type',
      'ori IN (:imported, :linked)',
      'std IN (:active, :blocked)',
      'adm = :none',
      'attribute_not_exists(rei)',
      '(attribute_not_exists(xg) OR xg = :none)',
      '(attribute_not_exists(hld) OR hld <= :now)',
    ].join(' AND '),
    ExpressionAttributeValues: {
      ':ticket': ticket.eventTicketId,
      ':type': ticket.ticketTypeId,
      ':imported': 'IMPORTED',
      ':linked': LINKED,
      ':active': 'ACTIVE',
      ':blocked': 'BLOCKED',
      ':none': 0,
      ':now': nowMs,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  },
});

/** One for each buyer; a repeat writes the same. */
export function toBuyerMarks(TableName: string, tickets: readonly Ticket[]) {
  const marks = new Map(
    tickets.flatMap(({ organizationId, importId, contactId }) =>
      importId === undefined || contactId === undefined
        ? []
        : [[contactId, importBuyerKey(organizationId, importId, contactId)] as const],
    ),
  );
  return [...marks].map(([contactId, key]) => ({
    as: 'buyer' as const,
    Put: { TableName, Item: { ...key, kind: 'importBuyer', contactId } },
  }));
}
