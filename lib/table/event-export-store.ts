// The last export of each event, by content.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { ContentIds, EventExportStore } from '../app/export-ports.ts';
import { EXPORT_CONTENTS, EXPORT_KEPT_MS } from '../domain/event-export.ts';
import { $FileState, saveFile } from './file-state.ts';
import { eventExportKey } from './keys.ts';
import { toOutboxItem } from './outbox.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import { loadItem, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const $ExportItem = z.object({
  organizationId: z.string(),
  eventId: z.string(),
  content: z.enum(EXPORT_CONTENTS),
  exportId: z.string(),
  raw: z.boolean(),
  ready: z.boolean(),
  requestedAtMs: z.number(),
  file: z.exactOptional($FileState),
});

export function createEventExportStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): EventExportStore {
  const { client, tableName: TableName } = access;
  return {
    async request(requested) {
      const { organizationId, eventId, content, exportId, requestedAtMs } = requested;
      const message = { type: 'event.export', organizationId, eventId, content, exportId } as const;
      await transact(client, [
        {
          as: 'export',
          Put: {
            TableName,
            Item: {
              ...toKey(requested),
              kind: 'eventExport',
              ...requested,
              [TTL_ATTRIBUTE]: Math.ceil((requestedAtMs + EXPORT_KEPT_MS) / 1_000),
            },
          },
        },
        {
          as: 'outbox',
          Put: {
            TableName,
            Item: toOutboxItem(toOutboxId(requestedAtMs), message, requestedAtMs),
          },
        },
      ]);
    },

    find: async (ids) => loadItem(access, toKey(ids), $ExportItem),

    saveFile: async (ids, ...note) =>
      saveFile(access, { key: toKey(ids), path: [], request: ['exportId', ids.exportId] }, note),

    async finish(made) {
      return ifStillLast(async () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: toKey(made),
            UpdateExpression: 'SET ready = :ready REMOVE #file',
            ConditionExpression: 'exportId = :exportId',
            ExpressionAttributeNames: { '#file': 'file' },
            ExpressionAttributeValues: { ':ready': true, ':exportId': made.exportId },
          }),
        ),
      );
    },

    async forget(gone) {
      await ifStillLast(async () =>
        client.send(
          new DeleteCommand({
            TableName,
            Key: toKey(gone),
            ConditionExpression: 'exportId = :exportId',
            ExpressionAttributeValues: { ':exportId': gone.exportId },
          }),
        ),
      );
    },
  };
}

const toKey = ({ organizationId, eventId, content }: ContentIds) =>
  eventExportKey(organizationId, eventId, content);

async function ifStillLast(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
