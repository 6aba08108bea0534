// Writing an export that was asked for, see request-export.ts.
import type { ExportContent } from '../../domain/event-export.ts';
import type { EventExportStore, EventIds, ExportIds } from '../export-ports.ts';
import type { Csv, ObjectStore } from '../import-ports.ts';
import { toSafeLines } from '../imports/safe-lines.ts';
import { type BarcodesDeps, toBarcodesTable } from './export-barcodes.ts';
import { toExportKey } from './export-key.ts';
import { type OrdersDeps, toOrdersTable } from './export-orders.ts';
import type { ExportTable } from './export-table.ts';
import { type TicketsDeps, toTicketsTable } from './export-tickets.ts';

type TableDeps = BarcodesDeps & OrdersDeps & TicketsDeps;
export type MakeDeps = TableDeps & {
  readonly exports: Pick<EventExportStore, 'find' | 'finish'>;
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly csv: Pick<Csv, 'write'>;
};

const TABLE_OF: Readonly<Record<ExportContent, (deps: TableDeps, ids: EventIds) => ExportTable>> = {
  barcodes: toBarcodesTable,
  orders: toOrdersTable,
  tickets: toTicketsTable,
};

/** Writes the export that was asked for last; a message about an older one, or a repeat, does nothing. */
export async function makeExport(deps: MakeDeps, ids: ExportIds): Promise<void> {
  const found = await deps.exports.find(ids);
  if (found?.exportId !== ids.exportId || found.ready) return;
  const table = TABLE_OF[found.content](deps, ids);
  const lines = found.raw ? toRawLines(table) : toSafeLines(table.facts, table.header, table.read);
  await deps.objects.write(toExportKey(found), 'text/csv; charset=utf-8', deps.csv.write(lines));
  await deps.exports.finish(found);
}

async function* toRawLines({ facts, header, read }: ExportTable): AsyncGenerator<string[]> {
  yield [...facts, ...header];
  for await (const line of read()) yield [...line.facts, ...line.cells];
}
