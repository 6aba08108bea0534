// The last barcode export of each event.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { BarcodeExportStore } from '../app/export-ports.ts';
import { EXPORT_KEPT_MS } from '../domain/barcode-export.ts';
import { barcodeExportKey } from './keys.ts';
import { toOutboxItem } from './outbox.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import { loadItem, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const $ExportItem = z.object({
  organizationId: z.string(),
  eventId: z.string(),
  exportId: z.string(),
  raw: z.boolean(),
  ready: z.boolean(),
  requestedAtMs: z.number(),
});

export function createBarcodeExportStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): BarcodeExportStore {
  const { client, tableName: TableName } = access;
  return {
    async request(requested) {
      const { organizationId, eventId, exportId, requestedAtMs } = requested;
      const message = { type: 'event.barcodes', organizationId, eventId, exportId } as const;
      await transact(client, [
        {
          as: 'export',
          Put: {
            TableName,
            Item: {
              ...barcodeExportKey(organizationId, eventId),
              kind: 'barcodeExport',
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

    find: async ({ organizationId, eventId }) =>
      loadItem(access, barcodeExportKey(organizationId, eventId), $ExportItem),

    async finish({ organizationId, eventId, exportId }) {
      try {
        await client.send(
          new UpdateCommand({
            TableName,
            Key: barcodeExportKey(organizationId, eventId),
            UpdateExpression: 'SET ready = :ready',
            ConditionExpression: 'exportId = :exportId',
            ExpressionAttributeValues: { ':ready': true, ':exportId': exportId },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
