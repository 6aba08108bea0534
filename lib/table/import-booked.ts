// The part of a transaction that changes an imported ticket while its import may still run.
import type { Ticket } from '../domain/ticket.ts';
import { importKey } from './keys.ts';
import type { LabelledItem } from './transact.ts';

/**
 * A row whose chunk isn't booked yet may be written again by a repeat of the chunk, which expects its ticket there as it
 * was, and its place isn't counted yet.
 */
export function toBookedChecks(
  TableName: string,
  { organizationId, importId, importRow }: Ticket,
): LabelledItem<'import'>[] {
  if (importId === undefined || importRow === undefined) return [];
  return [
    {
      as: 'import',
      ConditionCheck: {
        TableName,
        Key: importKey(organizationId, importId),
        ConditionExpression: 'rowsProcessed >= :row',
        ExpressionAttributeValues: { ':row': importRow },
      },
    },
  ];
}
