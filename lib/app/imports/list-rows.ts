// What came of each row, in file order. A row without an item of its own became a ticket, or was not imported. Once an
// undo was asked for, a row whose ticket is gone was not imported either, for the reason `undone`.
import { present } from '../../domain/assert.ts';
import { toNumericId } from '../../domain/ids.ts';
import type { Import, ImportRow, RowOutcome } from '../../domain/imports/import.ts';
import { findStayReason } from '../../domain/imports/undo.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ImportRowReader, ImportRunStore } from '../import-ports.ts';
import { toBlockIndex, toBlockPosition } from '../../domain/imports/row-ids.ts';

export interface RowDeps {
  readonly rows: ImportRowReader;
  readonly run: Pick<ImportRunStore, 'loadBlocks'>;
}

export interface RowAnswer {
  readonly row: number;
  readonly outcome: RowOutcome;
  readonly reason?: string;
  readonly eventTicketId?: number;
  readonly cells?: readonly string[];
}

export interface RowPage {
  readonly items: readonly RowAnswer[];
  /** The row after which the next page starts. */
  readonly nextRow?: number;
}

export interface RowRange {
  readonly after: number;
  readonly limit: number;
  readonly nowMs: number;
}

export const OWN_OUTCOMES = [
  'duplicate',
  'rejected',
  'blank',
] as const satisfies ImportRow['outcome'][];

export async function listRows(
  deps: RowDeps,
  found: Import,
  outcome: RowOutcome | undefined,
  range: RowRange,
): Promise<RowPage> {
  // A dry run keeps its counts only.
  if (found.dryRun === true) return { items: [] };
  switch (outcome) {
    case undefined:
      return listAllRows(deps, found, range);
    case 'ticket': {
      const { tickets, nextRow } = await deps.rows.listTickets(found, range);
      const items = tickets.map((ticket) => toTicketRow(found, ticket, range.nowMs));
      return nextRow === undefined ? { items } : { items, nextRow };
    }
    case 'notImported':
      return lacksTickets(found)
        ? listNotImported(deps, found, range)
        : toPage(rest(found, range), range, found.rowsTotal);
    case 'duplicate':
    case 'rejected':
    case 'blank': {
      const upTo = found.rowsProcessed;
      const items = await deps.rows.listRows(found, [outcome], { ...range, upTo });
      return toPage(items, range, upTo);
    }
  }
}

async function listAllRows(deps: RowDeps, found: Import, range: RowRange): Promise<RowPage> {
  const { rowsProcessed } = found;
  const end = rowsProcessed + countRest(found);
  const upTo = Math.min(range.after + range.limit, rowsProcessed);
  const own = await deps.rows.listRows(found, OWN_OUTCOMES, { ...range, upTo });
  const byRow = new Map(own.map((row) => [row.row, row]));
  const toMade = await findMade(deps, found, range);
  const items: RowAnswer[] = [];
  for (let row = range.after + 1; row <= upTo; row += 1) items.push(byRow.get(row) ?? toMade(row));
  const left = range.limit - items.length;
  items.push(...rest(found, { after: Math.max(range.after, rowsProcessed), limit: left }));
  return toPage(items, range, end);
}

/** What a row without an item of its own is. */
async function findMade(
  deps: RowDeps,
  found: Import,
  range: RowRange,
): Promise<(row: number) => RowAnswer> {
  if (!lacksTickets(found)) {
    const blocks = await deps.run.loadBlocks(found);
    return (row) => ({ row, outcome: 'ticket', eventTicketId: toTicketId(row, blocks) });
  }
  // So many tickets at most are in so many rows.
  const { tickets } = await deps.rows.listTickets(found, range);
  const byRow = new Map(tickets.map((ticket) => [ticket.importRow, ticket]));
  return (row) => {
    const ticket = byRow.get(row);
    return ticket === undefined ? toGoneRow(found, row) : toTicketRow(found, ticket, range.nowMs);
  };
}

/** Pages that are looked through for one page of rows that were not imported. */
const PAGES_MAX = 10;

async function listNotImported(deps: RowDeps, found: Import, range: RowRange): Promise<RowPage> {
  const items: RowAnswer[] = [];
  let after: number | undefined = range.after;
  for (let pages = 0; pages < PAGES_MAX && after !== undefined; pages += 1) {
    const page: RowPage = await listAllRows(deps, found, { ...range, after });
    for (const item of page.items) {
      if (item.outcome === 'notImported') items.push(item);
      if (items.length === range.limit) return { items, nextRow: item.row };
    }
    after = page.nextRow;
  }
  return after === undefined ? { items } : { items, nextRow: after };
}

/** Some rows without an item of their own have no ticket: it was undone, or the run ended in the middle of a chunk. */
export const lacksTickets = ({ undo, status }: Import): boolean =>
  undo !== undefined || status === 'FAILED';

/** Rows that the run never came to; while it is running nothing is said of them. */
const countRest = ({ rowsTotal, rowsProcessed, counts }: Import): number =>
  counts.notImported === 0 ? 0 : rowsTotal - rowsProcessed;

function rest(found: Import, { after, limit }: Pick<RowRange, 'after' | 'limit'>): RowAnswer[] {
  const { rowsProcessed } = found;
  const first = Math.max(after, rowsProcessed) + 1;
  const last = Math.min(first + limit - 1, rowsProcessed + countRest(found));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
    row: first + index,
    outcome: 'notImported',
  }));
}

const toPage = (
  items: readonly RowAnswer[],
  { limit }: Pick<RowRange, 'limit'>,
  lastRow: number,
): RowPage => {
  const nextRow = items.at(-1)?.row;
  return items.length === limit && nextRow !== undefined && nextRow < lastRow
    ? { items, nextRow }
    : { items };
};

export const toTicketId = (row: number, blocks: ReadonlyMap<number, number>): number =>
  toNumericId(present(blocks.get(toBlockIndex(row)), 'a row has a block'), toBlockPosition(row));

/** A row without a ticket where some lack theirs. */
export const toGoneRow = ({ undo }: Import, row: number): RowAnswer => ({
  row,
  outcome: 'notImported',
  ...(undo === undefined ? {} : { reason: 'undone' }),
});

/** After an undo with why it stayed; without a reason another undo takes it. */
export function toTicketRow({ undo }: Import, ticket: Ticket, nowMs: number): RowAnswer {
  const reason = undo && findStayReason(ticket, nowMs);
  return {
    row: present(ticket.importRow, 'a ticket of an import has a row'),
    outcome: 'ticket',
    ...(reason === undefined ? {} : { reason }),
    eventTicketId: ticket.eventTicketId,
  };
}
