// What came of each row, in file order. A row without an item of its own became a ticket, or was not imported.
import { present } from '../../domain/assert.ts';
import { toNumericId } from '../../domain/ids.ts';
import type { Import, ImportRow, RowOutcome } from '../../domain/imports/import.ts';
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

interface Range {
  readonly after: number;
  readonly limit: number;
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
  range: Range,
): Promise<RowPage> {
  // A dry run keeps its counts only.
  if (found.dryRun === true) return { items: [] };
  switch (outcome) {
    case undefined:
      return listAllRows(deps, found, range);
    case 'ticket': {
      const { tickets, nextRow } = await deps.rows.listTickets(found, range);
      const items = tickets.map(toTicketRow);
      return nextRow === undefined ? { items } : { items, nextRow };
    }
    case 'notImported':
      return toPage(rest(found, range), range, found.rowsTotal);
    case 'duplicate':
    case 'rejected':
    case 'blank': {
      const upTo = found.rowsProcessed;
      const items = await deps.rows.listRows(found, [outcome], { ...range, upTo });
      return toPage(items, range, upTo);
    }
  }
}

async function listAllRows(deps: RowDeps, found: Import, range: Range): Promise<RowPage> {
  const { rowsProcessed, counts } = found;
  const end = rowsProcessed + counts.notImported;
  const upTo = Math.min(range.after + range.limit, rowsProcessed);
  const own = await deps.rows.listRows(found, OWN_OUTCOMES, { ...range, upTo });
  const byRow = new Map(own.map((row) => [row.row, row]));
  const blocks = await deps.run.loadBlocks(found);
  const items: RowAnswer[] = [];
  for (let row = range.after + 1; row <= upTo; row += 1) {
    items.push(
      byRow.get(row) ?? { row, outcome: 'ticket', eventTicketId: toTicketId(row, blocks) },
    );
  }
  const left = range.limit - items.length;
  items.push(...rest(found, { after: Math.max(range.after, rowsProcessed), limit: left }));
  return toPage(items, range, end);
}

function rest({ rowsProcessed, counts }: Import, { after, limit }: Range): RowAnswer[] {
  const first = Math.max(after, rowsProcessed) + 1;
  const last = Math.min(first + limit - 1, rowsProcessed + counts.notImported);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
    row: first + index,
    outcome: 'notImported',
  }));
}

const toPage = (items: readonly RowAnswer[], { limit }: Range, lastRow: number): RowPage => {
  const nextRow = items.at(-1)?.row;
  return items.length === limit && nextRow !== undefined && nextRow < lastRow
    ? { items, nextRow }
    : { items };
};

export const toTicketId = (row: number, blocks: ReadonlyMap<number, number>): number =>
  toNumericId(present(blocks.get(toBlockIndex(row)), 'a row has a block'), toBlockPosition(row));

const toTicketRow = (ticket: Ticket): RowAnswer => ({
  row: present(ticket.importRow, 'a ticket of an import has a row'),
  outcome: 'ticket',
  eventTicketId: ticket.eventTicketId,
});
