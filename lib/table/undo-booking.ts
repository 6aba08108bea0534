// The import's own part of every transaction of its undo: its account, and that no other run was faster.
import { type Import, TRANSITIONS } from '../domain/imports/import.ts';
import { toImportItem } from './import-item.ts';

export const toUndoBooking = (TableName: string, before: Import, after: Import, nowMs: number) => ({
  as: 'import' as const,
  Put: {
    TableName,
    Item: toImportItem(after, nowMs),
    ConditionExpression: '#status = :undoing AND #sequence = :sequence',
    ExpressionAttributeNames: { '#status': 'status', '#sequence': 'sequence' },
    ExpressionAttributeValues: {
      ':undoing': TRANSITIONS.undoProgress.from[0],
      ':sequence': before.sequence,
    },
  },
});
