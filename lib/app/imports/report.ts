// The report of an import: asked for, made by a worker in constant memory, then downloaded. It is safe to open in a
// spreadsheet, and the one of the failed rows can be repaired and uploaded again.
import {
  type Import,
  type ImportIds,
  REPORTABLE,
  type ReportState,
} from '../../domain/imports/import.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import {
  type Batch,
  type FileTable,
  removeFile,
  type WriteDeps,
  writeFile,
} from '../exports/write-file.ts';
import { toNewId } from '../ids.ts';
import type { ImportQueue, ImportStore, ObjectStore } from '../import-ports.ts';
import { type LineDeps, PAGE_ROWS, readHeader, readLines, readOwnPages } from './report-lines.ts';
import type { Line } from './safe-lines.ts';
import { toReportKey } from './upload-key.ts';

/** Refuses `not_found`, and `report_not_ready` while the import has not ended. */
export async function requestReport(
  { imports }: { readonly imports: ImportStore },
  input: { readonly ids: ImportIds; readonly only: 'failed' | undefined; readonly nowMs: number },
): Promise<Result<ReportState>> {
  const found = await imports.find(input.ids);
  if (found === undefined) return refuse('not_found');
  const report: ReportState = {
    reportId: toNewId('request', input.nowMs),
    ready: false,
    ...(input.only === undefined ? {} : { only: input.only }),
  };
  return (await imports.commitReport(input.ids, report, input.nowMs))
    ? ok(report)
    : refuse('report_not_ready', { detail: `The import is ${found.status}.` });
}

/** Refuses `not_found` and `report_not_ready`. */
export async function findReportUrl(
  deps: { readonly imports: ImportStore; readonly objects: ObjectStore },
  ids: ImportIds,
): Promise<Result<string>> {
  const found = await deps.imports.find(ids);
  if (found === undefined) return refuse('not_found');
  const { report } = found;
  if (report?.ready !== true) return refuse('report_not_ready');
  const fileName = `${ids.importId}-${report.only ?? 'report'}.csv`;
  return ok(await deps.objects.toDownload(toReportKey(ids, report.reportId), fileName));
}

export interface ReportDeps extends LineDeps, Omit<WriteDeps, 'objects' | 'csv'> {
  readonly queue: ImportQueue;
}

/**
 * Writes the report that was asked for last, in as many calls as it takes. A message about an older one takes away what
 * there is of that; a repeat does nothing.
 */
export async function makeReport(
  deps: ReportDeps,
  { reportId, ...ids }: ImportIds & { readonly reportId: string },
  deadlineMs: number,
): Promise<void> {
  const found = await deps.imports.find(ids);
  const report = found?.report;
  const key = toReportKey(ids, reportId);
  if (found === undefined || report?.reportId !== reportId) return removeFile(deps, key);
  if (report.ready || !REPORTABLE.includes(found.status)) return;
  const end = await writeFile(deps, {
    key,
    table: await (report.only === 'failed' ? toFailedTable : toWholeTable)(deps, found),
    isRaw: false,
    state: report.file,
    save: async (...note) => deps.imports.saveReport({ ...ids, reportId }, ...note),
    finish: async () => deps.imports.finishReport(ids, report),
    deadlineMs,
  });
  const { organizationId, importId } = ids;
  const again = { type: 'import.report', organizationId, importId, reportId } as const;
  if (end === 'later') await deps.queue.send([again]);
}

/** Empty in the form for another upload. */
const FACTS = ['import row', 'outcome', 'reason', 'event ticket id'];

async function toFailedTable(deps: ReportDeps, found: Import): Promise<FileTable> {
  const { header } = await readHeader(deps, found);
  return {
    facts: [],
    header,
    source: 'rows',
    async *read(after) {
      for await (const page of readOwnPages(deps, found, {
        outcomes: ['rejected'],
        after: Number(after ?? 0),
      })) {
        const last = page.length < PAGE_ROWS ? undefined : page.at(-1);
        yield {
          lines: page.map(({ cells }) => ({ facts: [], cells })),
          next: last && String(last.row),
        };
      }
    },
  };
}

async function toWholeTable(deps: ReportDeps, found: Import): Promise<FileTable> {
  const { header, hasFile } = await readHeader(deps, found);
  return {
    facts: FACTS,
    header,
    source: hasFile ? 'upload' : 'tickets',
    async *read(after) {
      let lines: Line[] = [];
      let row = Number(after ?? 0);
      for await (const line of readLines(deps, found, row)) {
        row += 1;
        lines.push(line);
        if (lines.length < PAGE_ROWS || row === found.rowsTotal) continue;
        yield { lines, next: String(row) };
        lines = [];
      }
      const last: Batch = { lines, next: undefined };
      yield last;
    },
  };
}
