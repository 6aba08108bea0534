// The report of an import: asked for, made by a worker in constant memory, then downloaded. It is safe to open in a
// spreadsheet, and the one of the failed rows can be repaired and uploaded again.
import type { ImportField } from '../../domain/imports/fields.ts';
import {
  type Import,
  type ImportIds,
  type ImportRow,
  REPORTABLE,
  type ReportState,
} from '../../domain/imports/import.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { toNewId } from '../ids.ts';
import type { Csv, ImportRowReader, ImportStore, ObjectStore } from '../import-ports.ts';
import {
  lacksTickets,
  OWN_OUTCOMES,
  type RowAnswer,
  type RowDeps,
  toGoneRow,
  toTicketId,
  toTicketRow,
} from './list-rows.ts';
import { loadPersons, type PersonsDeps } from './persons.ts';
import { type FileRows, openFile } from './read-rows.ts';
import { type Line, toSafeLines } from './safe-lines.ts';
import { openTicketCells, type TicketCellsDeps } from './ticket-cells.ts';
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

type CellDeps = Omit<PersonsDeps, 'contacts'> & Omit<TicketCellsDeps, 'contacts'>;

export interface ReportDeps extends RowDeps, CellDeps {
  readonly contacts: PersonsDeps['contacts'] & TicketCellsDeps['contacts'];
  readonly imports: ImportStore;
  readonly rows: ImportRowReader;
  readonly objects: ObjectStore;
  readonly csv: Csv;
}

/** Writes the report that was asked for last; a message about an older one, or a repeat, does nothing. */
export async function makeReport(
  deps: ReportDeps,
  { reportId, ...ids }: ImportIds & { readonly reportId: string },
  nowMs: number,
): Promise<void> {
  const found = await deps.imports.find(ids);
  const report = found?.report;
  if (found === undefined || report?.reportId !== reportId || report.ready) return;
  if (!REPORTABLE.includes(found.status)) return;
  const lines =
    report.only === 'failed' ? toFailedLines(deps, found) : toAllLines(deps, found, nowMs);
  const key = toReportKey(ids, reportId);
  await deps.objects.write(key, 'text/csv; charset=utf-8', deps.csv.write(lines));
  await deps.imports.finishReport(ids, report);
}

/** Empty in the form for another upload. */
const FACTS = ['import row', 'outcome', 'reason', 'event ticket id'];

async function* toFailedLines(deps: ReportDeps, found: Import) {
  const header = await readHeader(deps, found);
  yield* toSafeLines([], header, async function* () {
    for await (const { cells } of readOwnRows(deps, found, ['rejected'])) {
      yield { facts: [], cells };
    }
  });
}

async function* toAllLines(deps: ReportDeps, found: Import, nowMs: number) {
  const header = await readHeader(deps, found);
  yield* toSafeLines(FACTS, header, () => readAllLines(deps, found, nowMs));
}

async function* readAllLines(deps: ReportDeps, found: Import, nowMs: number): AsyncGenerator<Line> {
  const { header, rows } = await openUpload(deps, found);
  const mapping = found.mapping ?? { columns: [] };
  const persons = await loadPersons(deps, { ...found, mapping });
  const answers = readAnswers(deps, found, {
    nowMs,
    toCells:
      rows === undefined ? await openTicketCells(deps, found, header.length) : async () => [],
  });
  try {
    for await (const { row, outcome, reason = '', eventTicketId = '', cells = [] } of answers) {
      const read = await rows?.next();
      const own = read === undefined || read.done ? cells : persons.redact(read.value).cells;
      yield {
        facts: [String(row), outcome, reason, String(eventTicketId)],
        // As many as the header has, also where nothing is left of a row.
        cells: [...own, ...header.slice(own.length).map(() => '')],
      };
    }
  } finally {
    await rows?.return?.();
  }
}

interface Reading {
  readonly nowMs: number;
  /** The cells of tickets; none where the file itself tells them. */
  readonly toCells: (tickets: readonly Ticket[]) => Promise<readonly (readonly string[])[]>;
}

async function* readAnswers(
  deps: ReportDeps,
  found: Import,
  reading: Reading,
): AsyncGenerator<RowAnswer> {
  const own = readOwnRows(deps, found, OWN_OUTCOMES);
  const made = readMade(deps, found, reading);
  let next = await own.next();
  for (let row = 1; row <= found.rowsTotal; row += 1) {
    if (row > found.rowsProcessed) yield { row, outcome: 'notImported' };
    else if (!next.done && next.value.row === row) {
      yield next.value;
      next = await own.next();
    } else yield await made(row);
  }
}

/** What a row without an item of its own is; asked in the order of the rows. */
function readMade(deps: ReportDeps, found: Import, { nowMs, toCells }: Reading) {
  const blocks = deps.run.loadBlocks(found);
  const tickets = readTickets(deps, found, toCells);
  let next: Awaited<ReturnType<typeof tickets.next>> | undefined;
  return async (row: number): Promise<RowAnswer> => {
    next ??= await tickets.next();
    if (next.done || next.value.ticket.importRow !== row) {
      if (lacksTickets(found)) return toGoneRow(found, row);
      // Deleted on its own since.
      return { row, outcome: 'ticket', eventTicketId: toTicketId(row, await blocks) };
    }
    const { ticket, cells } = next.value;
    next = undefined;
    return { ...toTicketRow(found, ticket, nowMs), ...(cells === undefined ? {} : { cells }) };
  };
}

async function* readTickets(
  deps: ReportDeps,
  found: Import,
  toCells: Reading['toCells'],
): AsyncGenerator<
  { readonly ticket: Ticket; readonly cells: readonly string[] | undefined },
  undefined
> {
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: Awaited<ReturnType<ImportRowReader['listTickets']>> = await deps.rows.listTickets(
      found,
      { after, limit: PAGE_ROWS },
    );
    const cells = await toCells(page.tickets);
    for (const [index, ticket] of page.tickets.entries()) yield { ticket, cells: cells[index] };
    after = page.nextRow;
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
 * The file's own header, or one that says what was imported as what. Once the upload has been deleted the cells of a
 * ticket are what it says itself; rows that became none keep theirs in the table, but for those that were undone.
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
  // What a run failed at may stand in the file still.
  const isReadable = found.status !== 'FAILED';
  if (!isReadable || (await deps.objects.find(toUploadKey(found)))?.etag !== found.file?.etag) {
    const kept = (await deps.imports.findAnalysis(found))?.header;
    const isAsAnalyzed =
      found.mapping?.header === true && kept?.delimiter === found.mapping.delimiter;
    return { header: isAsAnalyzed ? kept.cells : made };
  }
  const { header, rows } = await openFile(deps, found);
  return { header: header ?? made, rows };
}
