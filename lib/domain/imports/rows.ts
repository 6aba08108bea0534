// What becomes of one row of a file: blank, rejected with a reason, or a ticket to make. The rules of product.md
// section 4; barcodes pass untouched but for the fixes that were asked for.
import { type BarcodeFault, findBarcodeFault } from '../barcode.ts';
import { HOLDER_NAME_BYTES_MAX, toHolderName } from '../ticket.ts';
import { unescapeCell } from './csv-escape.ts';
import { type ImportField, isEscapedHeader } from './fields.ts';
import { applyFixes, type Fix } from './fixes.ts';
import type { Mapping } from './import.ts';
import { parsePrice } from './price.ts';

/** An address as far as it can be told without sending a mail: one @, a domain with a dot, at most 254 characters. */
export const EMAIL = /^(?=.{3,254}$)[^\s@,;<>()"]+@[^\s@.,;<>()"]+(?:\.[^\s@.,;<>()"]+)+$/;

export type RowFault =
  | BarcodeFault
  | 'email_invalid'
  | 'unknown_ticket_type'
  | 'ragged_row'
  | 'invalidated';

/** What a row says about its ticket. */
export interface TicketDraft {
  readonly barcode: string;
  readonly ticketTypeId: number;
  readonly holderName?: string;
  /** The buyer's address, as it stands in the file. */
  readonly email?: string;
  readonly priceMinor?: number;
  readonly section?: string;
  readonly row?: string;
  readonly seat?: string;
  readonly note?: string;
  /** The cell of its origin, unverified. */
  readonly origin?: string;
}

export type RowDecision =
  | { readonly as: 'blank' }
  | { readonly as: 'rejected'; readonly reason: RowFault }
  | { readonly as: 'draft'; readonly draft: TicketDraft };

export interface RowRules {
  /** Finds a field's cell; of several columns for one field the first counts. */
  readonly index: ReadonlyMap<ImportField, number>;
  /** Columns that go to the note, with their labels. */
  readonly others: readonly { readonly index: number; readonly label: string }[];
  /** Columns whose cells are escaped for spreadsheets. */
  readonly escaped: ReadonlySet<number>;
  readonly columnCount: number;
  readonly fixes: ReadonlySet<Fix>;
  /** Of the request, or the event's only type; wins over the type column when `typeWins`. */
  readonly ticketTypeId: number | undefined;
  readonly typeWins: boolean;
  /** Ids by name, see `toTypeName`. */
  readonly typeIds: ReadonlyMap<string, number>;
  readonly currencyDigits: number;
}

/** Type names are compared without case and with single spaces. */
const toTypeName = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();

export interface RowContext {
  readonly mapping: Mapping;
  /** The file's first record, if the mapping says that it is a header. */
  readonly header: readonly string[] | undefined;
  readonly columnCount: number;
  readonly fixes: readonly Fix[];
  readonly requestedTypeId: number | undefined;
  readonly types: readonly { readonly ticketTypeId: number; readonly name: string }[];
  readonly currencyDigits: number;
}

export function toRowRules(context: RowContext): RowRules {
  const { mapping, header, types, requestedTypeId } = context;
  const index = new Map<ImportField, number>();
  for (const column of mapping.columns) {
    if (column.field !== 'other' && !index.has(column.field)) index.set(column.field, column.index);
  }
  const columnCount = header?.length ?? context.columnCount;
  const mapped = new Set(index.values());
  const [onlyType, ...more] = types;
  return {
    index,
    others: Array.from({ length: columnCount }, (_, at) => at)
      .filter((at) => !mapped.has(at))
      .map((at) => ({ index: at, label: header?.[at]?.trim() || `column ${at + 1}` })),
    escaped: new Set((header ?? []).flatMap((cell, at) => (isEscapedHeader(cell) ? [at] : []))),
    columnCount,
    fixes: new Set(context.fixes),
    ticketTypeId: requestedTypeId ?? (more.length === 0 ? onlyType?.ticketTypeId : undefined),
    typeWins: requestedTypeId !== undefined,
    typeIds: new Map(types.map(({ name, ticketTypeId }) => [toTypeName(name), ticketTypeId])),
    currencyDigits: context.currencyDigits,
  };
}

/** The cell of a field as the file means it: byte for byte, or without the escape of a `…-escaped` column. */
function findCell(
  cells: readonly string[],
  rules: Pick<RowRules, 'index' | 'escaped'>,
  field: ImportField,
): string {
  const at = rules.index.get(field);
  const cell = at === undefined ? '' : (cells[at] ?? '');
  return at !== undefined && rules.escaped.has(at) ? unescapeCell(cell) : cell;
}

export function decideRow(cells: readonly string[], rules: RowRules): RowDecision {
  if (cells.every((cell) => cell === '')) return { as: 'blank' };
  const reject = (reason: RowFault): RowDecision => ({ as: 'rejected', reason });
  if (cells.slice(rules.columnCount).some((cell) => cell !== '')) return reject('ragged_row');
  const barcode = applyFixes(findCell(cells, rules, 'barcode'), rules.fixes);
  const fault = findBarcodeFault(barcode);
  if (fault !== undefined) return reject(fault);
  if (isInvalidated(findCell(cells, rules, 'invalidated'))) return reject('invalidated');
  const email = findCell(cells, rules, 'email').trim();
  if (email !== '' && !EMAIL.test(email)) return reject('email_invalid');
  const origin = findCell(cells, rules, 'origin').trim();
  const ticketTypeId = findTypeId(findCell(cells, rules, 'ticketType'), rules);
  if (ticketTypeId === undefined) return reject('unknown_ticket_type');
  return {
    as: 'draft',
    draft: {
      barcode,
      ticketTypeId,
      ...(email === '' ? {} : { email }),
      ...(origin === '' ? {} : { origin }),
      ...toDetails(cells, rules),
    },
  };
}

const NOT_INVALIDATED = /^(?:0|false|f|no|n|nee|nein|non|valid|geldig|gültig|valide|-)?$/i;
const isInvalidated = (cell: string): boolean => !NOT_INVALIDATED.test(cell.trim());

function findTypeId(cell: string, rules: RowRules): number | undefined {
  if (rules.typeWins) return rules.ticketTypeId;
  const name = toTypeName(cell);
  return name === '' ? rules.ticketTypeId : rules.typeIds.get(name);
}

/** Longest section, row or seat on the ticket itself; a longer one goes to the note, which may lie apart. */
const PLACE_CHARACTERS_MAX = 20;

function toDetails(
  cells: readonly string[],
  rules: RowRules,
): Omit<TicketDraft, 'barcode' | 'ticketTypeId' | 'email' | 'origin'> {
  const find = (field: ImportField): string => findCell(cells, rules, field);
  const note: string[] = [];
  const addNote = (label: string, text: string): void => {
    if (text !== '') note.push(`${label}: ${text}`);
  };
  const own = find('note');
  if (own !== '') note.push(own);
  const fullName = find('name').trim() || `${find('firstName')} ${find('lastName')}`.trim();
  const holderName = toHolderName(fullName);
  if (Buffer.byteLength(fullName) > HOLDER_NAME_BYTES_MAX) addNote('name', fullName);
  const places: { section?: string; row?: string; seat?: string } = {};
  for (const field of ['section', 'row', 'seat'] as const) {
    const text = find(field);
    if (text.length > PLACE_CHARACTERS_MAX) addNote(field, text);
    else if (text !== '') places[field] = text;
  }
  addNote('order reference', find('orderReference'));
  for (const { index, label } of rules.others) {
    const cell = cells[index] ?? '';
    addNote(label, rules.escaped.has(index) ? unescapeCell(cell) : cell);
  }
  const priceMinor = parsePrice(find('price'), rules.currencyDigits);
  return {
    ...(holderName === '' ? {} : { holderName }),
    ...(priceMinor === undefined ? {} : { priceMinor }),
    ...places,
    ...(note.length === 0 ? {} : { note: note.join('\n') }),
  };
}
