// The report of an import: asked for, made by a worker in constant memory, then downloaded. It is safe to open in a
// spreadsheet, and the one of the failed rows can be repaired and uploaded again.
import { escapeCell, isRiskyCell, unescapeCell } from '../../domain/imports/csv-escape.ts';
import { type ImportField, isEscapedHeader } from '../../domain/imports/fields.ts';
import {
  type Import,
  type ImportIds,
  type ImportRow,
  REPORTABLE,
  type ReportState,
} from '../../domain/imports/import.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { toNewId } from '../ids.ts';
import type { Csv, ImportRowReader, ImportStore, ObjectStore } from '../import-ports.ts';
import { OWN_OUTCOMES, type RowDeps, toTicketId } from './list-rows.ts';
import { type FileRows, openFile } from './read-rows.ts';
import { toReportKey, toUploadKey } from './upload-key.ts';

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

export interface ReportDeps extends RowDeps {
  readonly imports: ImportStore;
  readonly rows: ImportRowReader;
  readonly objects: ObjectStore;
  readonly csv: Csv;
}

/** Writes the report that was asked for last; a message about an older one, or a repeat, does nothing. */
export async function makeReport(
  deps: ReportDeps,
  { reportId, ...ids }: ImportIds & { readonly reportId: string },
): Promise<void> {
  const found = await deps.imports.find(ids);
  const report = found?.report;
  if (found === undefined || report?.reportId !== reportId || report.ready) return;
  if (!REPORTABLE.includes(found.status)) return;
  const toLines = report.only === 'failed' ? toFailedLines : toAllLines;
  const key = toReportKey(ids, reportId);
  await deps.objects.write(key, 'text/csv; charset=utf-8', deps.csv.write(toLines(deps, found)));
  await deps.imports.finishReport(ids, report);
}

interface Line {
  /** Number, outcome, reason and ticket; empty in the form for another upload. */
  readonly facts: readonly string[];
  readonly cells: readonly string[];
}
const FACTS = ['import row', 'outcome', 'reason', 'event ticket id'];

async function* toFailedLines(deps: ReportDeps, found: Import) {
  const header = await readHeader(deps, found);
  yield* toSafeLines([], header, async function* () {
    for await (const { cells } of readOwnRows(deps, found, ['rejected'])) {
      yield { facts: [], cells };
    }
  });
}

async function* toAllLines(deps: ReportDeps, found: Import) {
  const header = await readHeader(deps, found);
  yield* toSafeLines(FACTS, header, () => readAllLines(deps, found));
}

/** Reads the lines twice: first for the columns that hold a cell which a spreadsheet would run. */
async function* toSafeLines(
  facts: readonly string[],
  header: readonly string[],
  readLines: () => AsyncIterable<Line>,
): AsyncGenerator<readonly string[]> {
  const escaped = new Set(header.flatMap((cell, index) => (isEscapedHeader(cell) ? [index] : [])));
  const risky = new Set<number>();
  for await (const { cells } of readLines()) {
    for (const [index, cell] of cells.entries()) {
      if (!escaped.has(index) && isRiskyCell(cell)) risky.add(index);
    }
  }
  yield [
    ...facts,
    ...header.map((cell, index) => escapeCell(risky.has(index) ? `${cell}-escaped` : cell)),
  ];
  for await (const line of readLines()) {
    yield [
      ...line.facts,
      ...line.cells.map((cell, index) => {
        if (escaped.has(index)) return escapeCell(unescapeCell(cell));
        return risky.has(index) ? escapeCell(cell) : cell;
      }),
    ];
  }
}

async function* readAllLines(deps: ReportDeps, found: Import): AsyncGenerator<Line> {
  const blocks = await deps.run.loadBlocks(found);
  const own = readOwnRows(deps, found, OWN_OUTCOMES);
  const { rows } = await openUpload(deps, found);
  let next = await own.next();
  try {
    for (let row = 1; row <= found.rowsTotal; row += 1) {
      const read = await rows?.next();
      const cells = read === undefined || read.done ? undefined : read.value;
      if (row > found.rowsProcessed) {
        yield { facts: [String(row), 'notImported', '', ''], cells: cells ?? [] };
      } else if (!next.done && next.value.row === row) {
        const { outcome, reason = '', cells: kept } = next.value;
        yield { facts: [String(row), outcome, reason, ''], cells: cells ?? kept };
        next = await own.next();
      } else {
        const facts = [String(row), 'ticket', '', String(toTicketId(row, blocks))];
        yield { facts, cells: cells ?? [] };
      }
    }
  } finally {
    await rows?.return?.();
  }
}

/** Pages of rows read at once. */
const PAGE_ROWS = 500;

async function* readOwnRows(
  deps: ReportDeps,
  found: Import,
  outcomes: readonly ImportRow['outcome'][],
): AsyncGenerator<ImportRow, undefined> {
  for (let after = 0; ;) {
    const range = { after, upTo: found.rowsProcessed, limit: PAGE_ROWS };
    const page = await deps.rows.listRows(found, outcomes, range);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = last.row;
  }
}

async function readHeader(deps: ReportDeps, found: Import): Promise<readonly string[]> {
  const { header, rows } = await openUpload(deps, found);
  await rows?.return?.();
  return header;
}

const HEADERS: Readonly<Partial<Record<ImportField, string>>> = {
  firstName: 'first name',
  lastName: 'last name',
  ticketType: 'ticket type',
  orderReference: 'order reference',
};

/**
 * The file's own header, or one that says what was imported as what. Once the upload has been cleared away the rows that
 * became tickets have no cells in the report; the others keep theirs in the table.
 */
async function openUpload(
  deps: ReportDeps,
  found: Import,
): Promise<{ readonly header: readonly string[]; readonly rows?: FileRows['rows'] }> {
  const columns = found.mapping?.columns ?? [];
  const width = Math.max(found.file?.columnCount ?? 0, ...columns.map(({ index }) => index + 1));
  const made = Array.from({ length: width }, (_, at) => {
    const field = columns.find(({ index }) => index === at)?.field ?? 'other';
    return field === 'other' ? `column ${at + 1}` : (HEADERS[field] ?? field);
  });
  if ((await deps.objects.find(toUploadKey(found)))?.etag !== found.file?.etag) {
    return { header: made };
  }
  const { header, rows } = await openFile(deps, found);
  return { header: header ?? made, rows };
}
