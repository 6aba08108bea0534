// The rows of a chunk, decided one by one: what becomes a ticket if there is a place and the barcode is free, and what
// doesn't.
import { toNumericId } from '../../domain/ids.ts';
import type { Import, ImportRow } from '../../domain/imports/import.ts';
import { toBlockPosition } from '../../domain/imports/row-ids.ts';
import { decideRow, type RowRules, type TicketDraft } from '../../domain/imports/rows.ts';
import type { Persons } from './persons.ts';

/** Ticket types whose stock one booking can hold (100 items a transaction, import and event among them). */
const CHUNK_TYPES_MAX = 90;

export type Entry =
  | { readonly as: 'row'; readonly row: ImportRow }
  | {
      readonly as: 'draft';
      readonly row: number;
      readonly cells: readonly string[];
      readonly draft: TicketDraft;
      readonly eventTicketId: number;
      /** Its person was erased: nothing of it is in cells and draft. */
      readonly isErased: boolean;
    };
export type Draft = Extract<Entry, { as: 'draft' }>;

interface ChunkRows {
  readonly current: Import;
  readonly rules: RowRules;
  readonly rows: readonly (readonly string[])[];
  readonly toBlock: (row: number) => number;
  readonly persons: Persons;
}

/** Decides each row; of equal barcodes in the chunk the first is a draft, the others are duplicates. */
export function toEntries({ current, rules, rows, toBlock, persons }: ChunkRows): Entry[] {
  const seen = new Set<string>();
  const types = new Set<number>();
  const entries: Entry[] = [];
  const add = (row: ImportRow): number => entries.push({ as: 'row', row });
  for (const [index, read] of rows.entries()) {
    const row = current.rowsProcessed + index + 1;
    const { cells, isErased } = persons.redact(read);
    // What becomes of a row doesn't depend on whether its person was erased in the meantime.
    const decision = decideRow(read, rules);
    if (decision.as === 'draft') {
      const { barcode, ticketTypeId } = decision.draft;
      types.add(ticketTypeId);
      if (types.size > CHUNK_TYPES_MAX) break;
      if (seen.has(barcode)) add({ row, outcome: 'duplicate', cells });
      else {
        const eventTicketId = toNumericId(toBlock(row), toBlockPosition(row));
        const draft = isErased ? toNobodys(decision.draft) : decision.draft;
        entries.push({ as: 'draft', row, cells, draft, eventTicketId, isErased });
      }
      seen.add(barcode);
    } else if (decision.as === 'blank') add({ row, outcome: 'blank', cells: [] });
    else add({ row, outcome: 'rejected', reason: decision.reason, cells });
  }
  return entries;
}

const toNobodys = ({ email: _email, holderName: _name, note: _note, ...draft }: TicketDraft) =>
  draft;
