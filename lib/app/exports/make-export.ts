// Writing an export that was asked for, see request-export.ts.
import type { ExportContent } from '../../domain/event-export.ts';
import type { EventExportStore, EventIds, ExportIds } from '../export-ports.ts';
import type { ImportQueue, ObjectStore } from '../import-ports.ts';
import { type BarcodesDeps, toBarcodesTable } from './export-barcodes.ts';
import { toExportKey } from './export-key.ts';
import { type OrdersDeps, toOrdersTable } from './export-orders.ts';
import { type TicketsDeps, toTicketsTable } from './export-tickets.ts';
import { type FileTable, removeFile, type WriteDeps, writeFile } from './write-file.ts';

type TableDeps = BarcodesDeps & OrdersDeps & TicketsDeps;
export type MakeDeps = TableDeps &
  WriteDeps & {
    readonly exports: Pick<EventExportStore, 'find' | 'saveFile' | 'finish'>;
    readonly objects: Pick<ObjectStore, 'list'>;
    readonly queue: ImportQueue;
  };

const TABLE_OF: Readonly<Record<ExportContent, (deps: TableDeps, ids: EventIds) => FileTable>> = {
  barcodes: toBarcodesTable,
  orders: toOrdersTable,
  tickets: toTicketsTable,
};

/**
 * Writes the export that was asked for last, in as many calls as it takes. A message about an older one takes away what
 * there is of that; a repeat does nothing.
 */
export async function makeExport(
  deps: MakeDeps,
  ids: ExportIds,
  deadlineMs: number,
): Promise<void> {
  const found = await deps.exports.find(ids);
  const key = toExportKey(ids);
  if (found?.exportId !== ids.exportId) return removeFile(deps, key);
  if (found.ready) return;
  const end = await writeFile(deps, {
    key,
    table: TABLE_OF[found.content](deps, ids),
    isRaw: found.raw,
    state: found.file,
    save: async (...note) => deps.exports.saveFile(found, ...note),
    finish: async () => deps.exports.finish(found),
    deadlineMs,
  });
  if (end === 'later') await deps.queue.send([{ type: 'event.export', ...ids }]);
}
