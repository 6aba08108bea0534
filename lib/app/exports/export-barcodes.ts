// The barcode export of an event: asked for, made by a worker in constant memory, then downloaded. Our own importer
// takes the file back unchanged.
import {
  type BarcodeExport,
  EXPORT_HEADER,
  EXPORT_KEPT_MS,
  type ExportWarning,
  findExportWarnings,
  isExported,
  toExportCells,
} from '../../domain/barcode-export.ts';
import { present } from '../../domain/assert.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { EventStore } from '../event-ports.ts';
import type { BarcodeExportStore, EventIds, EventTicketReader } from '../export-ports.ts';
import { toNewId } from '../ids.ts';
import type { Csv, ObjectStore } from '../import-ports.ts';
import { type Line, toSafeLines } from '../imports/safe-lines.ts';
import type { OrganizationStore } from '../organization-ports.ts';

export interface RequestDeps {
  readonly exports: BarcodeExportStore;
  readonly events: Pick<EventStore, 'find'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

/** Refuses `not_found`. Another request replaces the first one's file. */
export async function requestBarcodeExport(
  deps: RequestDeps,
  input: EventIds & { readonly raw: boolean; readonly nowMs: number },
): Promise<
  Result<{ readonly requested: BarcodeExport; readonly warnings: readonly ExportWarning[] }>
> {
  const { organizationId, eventId, raw, nowMs } = input;
  const warnings = await findWarnings(deps, input);
  if (warnings === undefined) return refuse('not_found');
  const requested: BarcodeExport = {
    organizationId,
    eventId,
    exportId: toNewId('request', nowMs),
    raw,
    ready: false,
    requestedAtMs: nowMs,
  };
  await deps.exports.request(requested);
  return ok({ requested, warnings });
}

/** Refuses `not_found` and `report_not_ready`. */
export async function findBarcodeExportUrl(
  deps: RequestDeps & { readonly objects: ObjectStore },
  input: EventIds & { readonly nowMs: number },
): Promise<Result<{ readonly url: string; readonly warnings: readonly ExportWarning[] }>> {
  const warnings = await findWarnings(deps, input);
  if (warnings === undefined) return refuse('not_found');
  const found = await deps.exports.find(input);
  if (found?.ready !== true || found.requestedAtMs + EXPORT_KEPT_MS <= input.nowMs) {
    return refuse('report_not_ready');
  }
  const url = await deps.objects.toDownload(toExportKey(found), `${found.eventId}-barcodes.csv`);
  return ok({ url, warnings });
}

async function findWarnings(
  deps: RequestDeps,
  { organizationId, eventId }: EventIds,
): Promise<readonly ExportWarning[] | undefined> {
  const [organization, found] = await Promise.all([
    deps.organizations.find(organizationId),
    deps.events.find(organizationId, eventId),
  ]);
  return (
    found && findExportWarnings(present(organization, 'a key has an organization'), found.event)
  );
}

const toExportKey = ({ organizationId, eventId, exportId }: BarcodeExport): string =>
  `reports/${organizationId}/${eventId}/${exportId}.csv`;

export interface MakeDeps {
  readonly exports: BarcodeExportStore;
  readonly events: Pick<EventStore, 'listTicketTypes'>;
  readonly eventTickets: EventTicketReader;
  readonly objects: ObjectStore;
  readonly csv: Csv;
}

/** Writes the export that was asked for last; a message about an older one, or a repeat, does nothing. */
export async function makeBarcodeExport(
  deps: MakeDeps,
  { exportId, ...ids }: EventIds & { readonly exportId: string },
): Promise<void> {
  const found = await deps.exports.find(ids);
  if (found?.exportId !== exportId || found.ready) return;
  const lines = found.raw
    ? toRawLines(() => readLines(deps, ids))
    : toSafeLines([], EXPORT_HEADER, () => readLines(deps, ids));
  const key = toExportKey(found);
  await deps.objects.write(key, 'text/csv; charset=utf-8', deps.csv.write(lines));
  await deps.exports.finish(found);
}

async function* toRawLines(read: () => AsyncIterable<Line>): AsyncGenerator<readonly string[]> {
  yield EXPORT_HEADER;
  for await (const { cells } of read()) yield cells;
}

async function* readLines(deps: MakeDeps, ids: EventIds): AsyncGenerator<Line> {
  const types = await deps.events.listTicketTypes(ids.organizationId, ids.eventId);
  const names = new Map(types.map(({ type }) => [type.ticketTypeId, type.name]));
  for await (const ticket of deps.eventTickets.read(ids)) {
    if (!isExported(ticket)) continue;
    yield { facts: [], cells: toExportCells(ticket, names.get(ticket.ticketTypeId) ?? '') };
  }
}
