// The lines of an import's report, from any row on. A row's cells are the file's own while that is there; afterwards they
// are what the tickets and the table kept of them.
import type { ImportField } from '../../domain/imports/fields.ts';
import type { Import, ImportRow } from '../../domain/imports/import.ts';
import type { Ticket } from '../../domain/ticket.ts';
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
import { type FileRows, openFile, skipRows } from './read-rows.ts';
import type { Line } from './safe-lines.ts';
import { openTicketCells, type TicketCellsDeps } from './ticket-cells.ts';
import { toUploadKey } from './upload-key.ts';

type CellDeps = Omit<PersonsDeps, 'contacts'> & Omit<TicketCellsDeps, 'contacts'>;

export interface LineDeps extends RowDeps, CellDeps {
  readonly contacts: PersonsDeps['contacts'] & TicketCellsDeps['contacts'];
  readonly imports: ImportStore;
  readonly rows: ImportRowReader;
  readonly objects: ObjectStore;
  readonly csv: Csv;
  readonly clock: () => number;
}

/** Rows read at once. */
export const PAGE_ROWS = 500;

/** What the report says of the rows behind this one. */
export async function* readLines(
  deps: LineDeps,
  found: Import,
  after: number,
): AsyncGenerator<Line> {
  const { header, rows } = await openUpload(deps, found);
  if (rows !== undefined) await skipRows(rows, after, () => undefined);
  const mapping = found.mapping ?? { columns: [] };
  const persons = await loadPersons(deps, { ...found, mapping });
  const answers = readAnswers(deps, found, {
    after,
    nowMs: deps.clock(),
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
  /** A row. */
  readonly after: number;
  readonly nowMs: number;
  /** The cells of tickets; none where the file itself tells them. */
  readonly toCells: (tickets: readonly Ticket[]) => Promise<readonly (readonly string[])[]>;
}

async function* readAnswers(
  deps: LineDeps,
  found: Import,
  reading: Reading,
): AsyncGenerator<RowAnswer> {
  const { after } = reading;
  const own = readOwnRows(deps, found, after);
  const made = readMade(deps, found, reading);
  let next = await own.next();
  for (let row = after + 1; row <= found.rowsTotal; row += 1) {
    if (row > found.rowsProcessed) yield { row, outcome: 'notImported' };
    else if (!next.done && next.value.row === row) {
      yield next.value;
      next = await own.next();
    } else yield await made(row);
  }
}

/** What a row without an item of its own is; asked in the order of the rows. */
function readMade(deps: LineDeps, found: Import, reading: Reading) {
  const blocks = deps.run.loadBlocks(found);
  const tickets = readTickets(deps, found, reading);
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
    return {
      ...toTicketRow(found, ticket, reading.nowMs),
      ...(cells === undefined ? {} : { cells }),
    };
  };
}

async function* readTickets(
  deps: LineDeps,
  found: Import,
  { after: begin, toCells }: Reading,
): AsyncGenerator<
  { readonly ticket: Ticket; readonly cells: readonly string[] | undefined },
  undefined
> {
  for (let after: number | undefined = begin; after !== undefined;) {
    const page: Awaited<ReturnType<ImportRowReader['listTickets']>> = await deps.rows.listTickets(
      found,
      { after, limit: PAGE_ROWS },
    );
    const cells = await toCells(page.tickets);
    for (const [index, ticket] of page.tickets.entries()) yield { ticket, cells: cells[index] };
    after = page.nextRow;
  }
}

async function* readOwnRows(
  deps: LineDeps,
  found: Import,
  after: number,
): AsyncGenerator<ImportRow, undefined> {
  const outcomes = OWN_OUTCOMES;
  for await (const page of readOwnPages(deps, found, { outcomes, after })) yield* page;
}

/** The last one has fewer than PAGE_ROWS, and may be empty. */
export async function* readOwnPages(
  deps: LineDeps,
  found: Import,
  from: { readonly outcomes: readonly ImportRow['outcome'][]; readonly after: number },
): AsyncGenerator<readonly ImportRow[], undefined> {
  for (let { after } = from; ;) {
    const range = { after, upTo: found.rowsProcessed, limit: PAGE_ROWS };
    const page = await deps.rows.listRows(found, from.outcomes, range);
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = last.row;
  }
}

/** And whether the file is still there, from which it comes. */
export async function readHeader(deps: LineDeps, found: Import) {
  const { header, rows } = await openUpload(deps, found);
  await rows?.return?.();
  return { header, hasFile: rows !== undefined };
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
  deps: LineDeps,
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
