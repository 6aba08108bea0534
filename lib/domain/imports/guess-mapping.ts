// Which column is what: by its header, else by what stands in it.
import type { Certainty, ColumnMapping, Mapping } from './import.ts';
import { countKnown, HEADER_RECORDS } from './dialect.ts';
import { type ImportField, isAmbiguousHeader, recogniseHeader } from './fields.ts';
import { EMAIL } from './rows.ts';

type Records = readonly (readonly string[])[];

/** The mapping of columns for the first records of a file. `columnCount` is what most rows have. */
export function guessColumns(
  records: Records,
  columnCount: number,
): Pick<Mapping, 'header' | 'columns'> {
  const [first = []] = records;
  const filled = records.filter((record) => record.some((cell) => cell !== ''));
  const header = isHeader(first, filled.slice(1));
  const columns = header
    ? guessByHeader(first, filled.slice(1))
    : guessByContent(filled, columnCount);
  return { header, columns };
}

/** Records above the header: a title, empty lines. They are no rows of the list. */
export function countPreamble(records: Records): number {
  const filledOf = (record: readonly string[]): number =>
    record.filter((cell) => cell.trim() !== '').length;
  const isNamed = (record: readonly string[]): boolean =>
    (record.some((cell) => recogniseHeader(cell)?.field === 'barcode') ||
      countKnown(record) >= 2) &&
    !record.some((cell) => EMAIL.test(cell.trim()));
  const at = records.slice(0, HEADER_RECORDS).findIndex(isNamed);
  if (at <= 0) return 0;
  const width = filledOf(records[at] ?? []);
  // As wide as the header it could be a ticket, unless the list has one column only and it is no code.
  const isAbove = (record: readonly string[]): boolean =>
    filledOf(record) < width || (width === 1 && !record.some((cell) => isCode(cell)));
  return records.slice(0, at).every(isAbove) ? at : 0;
}

/** Every guess is certain and there is a barcode: nobody has to look before the import starts. */
export const isCertain = (mapping: Mapping): boolean =>
  mapping.columns.some(({ field }) => field === 'barcode') &&
  mapping.columns.every(({ certainty }) => certainty === 'certain');

function isHeader(first: readonly string[], rest: Records): boolean {
  const known = countKnown(first);
  const named = first.filter((cell) => cell !== '').length;
  const isTicket = (): boolean => first.some((cell, index) => isLikeBelow(cell, index, rest));
  if (first.some((cell) => EMAIL.test(cell.trim()))) return false;
  if (first.some((cell) => recogniseHeader(cell)?.field === 'barcode')) return true;
  // "Gast,Tribune,AB-1" are words of headers too.
  if (known >= 2) return !isTicket();
  // Words over columns of codes: no cell of the first record has a digit or an @, nearly every other record has.
  const isWordy = (record: readonly string[]): boolean =>
    !record.some((cell) => /[\d@]/.test(cell));
  const wordy = rest.filter(isWordy).length;
  if (named === 0 || rest.length === 0 || !isWordy(first) || wordy * 10 > rest.length) return false;
  return !isTicket();
}

/** A code, with or without digits: it is as long as most of the others, and of digits or of one case as they are. */
function isLikeBelow(cell: string, index: number, rest: Records): boolean {
  const form = CODE_FORMS.find((candidate) => candidate.test(cell));
  const below = rest.map((record) => record[index] ?? '').filter((other) => other !== '');
  const alike = below.filter((other) => other.length === cell.length && form?.test(other) === true);
  return alike.length * 2 > below.length;
}
const CODE_FORMS = [/^\d{4,}$/, /^(?=.*\p{Lu})[^\p{Ll}\s]+$/u, /^(?=.*\p{Ll})[^\p{Lu}\s]+$/u];

function guessByHeader(header: readonly string[], rest: Records): ColumnMapping[] {
  const owners = new Map<ImportField, { readonly index: number; readonly rank: number }>();
  for (const [index, cell] of header.entries()) {
    const known = recogniseHeader(cell);
    if (known === undefined || known.field === 'other') continue;
    const owner = owners.get(known.field);
    if (owner === undefined || known.rank < owner.rank) {
      owners.set(known.field, { index, rank: known.rank });
    }
  }
  const isPartOfName = owners.has('firstName');
  const columns = header.map((cell, index): ColumnMapping => {
    const known = recogniseHeader(cell);
    if (known === undefined) {
      return {
        index,
        field: 'other',
        certainty: isEmptyColumn(rest, index, cell) ? 'certain' : 'unknown',
      };
    }
    if (known.field === 'other') return { index, field: 'other', certainty: 'certain' };
    if (owners.get(known.field)?.index !== index) {
      return { index, field: 'other', certainty: 'likely' };
    }
    // "Nom" beside "Prénom" is the last name.
    if (known.field === 'name' && isPartOfName && !owners.has('lastName')) {
      return { index, field: 'lastName', certainty: 'certain' };
    }
    return { index, field: known.field, certainty: isAmbiguousHeader(cell) ? 'likely' : 'certain' };
  });
  if (owners.has('barcode')) return columns;
  return withLikelyBarcode(columns, rest, (index) => isAmbiguousHeader(header[index] ?? ''));
}

const isEmptyColumn = (rest: Records, index: number, header: string): boolean =>
  header === '' && rest.every((record) => (record[index] ?? '') === '');

/** The public layout of six columns without a header. */
const SIX_COLUMNS: readonly ImportField[] = [
  'firstName',
  'lastName',
  'email',
  'barcode',
  'ticketType',
  'other',
];
/** Rows that have to fit a layout: some may lack a barcode or have a cell too many. */
const LAYOUT_MIN = 0.8;
const isOfSix = (record: readonly string[]): boolean =>
  record.length <= SIX_COLUMNS.length &&
  ((record[2] ?? '') === '' || EMAIL.test((record[2] ?? '').trim())) &&
  isCode(record[3] ?? '') &&
  DATE.test(record[5] ?? '');
const DATE =
  /^\s*(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{1,2}\.? \p{L}+\.? \d{4})(?:[T, ].*)?\s*$/u;

function guessByContent(records: Records, columnCount: number): ColumnMapping[] {
  const toColumns = (fields: readonly ImportField[], certainty: Certainty): ColumnMapping[] =>
    fields.map((field, index) => ({ index, field, certainty }));
  if (columnCount === 1) return toColumns(['barcode'], 'certain');
  const sixes = records.filter(isOfSix).length;
  if (columnCount === SIX_COLUMNS.length && sixes >= records.length * LAYOUT_MIN)
    return toColumns(SIX_COLUMNS, 'certain');
  const columns = Array.from({ length: columnCount }, (_, index): ColumnMapping => {
    const cells = records.map((record) => record[index] ?? '').filter((cell) => cell !== '');
    const isEmail = cells.length > 0 && cells.every((cell) => EMAIL.test(cell.trim()));
    return isEmail
      ? { index, field: 'email', certainty: 'likely' }
      : { index, field: 'other', certainty: 'unknown' };
  });
  return withLikelyBarcode(columns, records);
}

const isCode = (cell: string): boolean =>
  /^\S{4,}$/.test(cell.trim()) && /\d/.test(cell) && !DATE.test(cell);

/** The column that looks most like codes: filled, different in every row, with digits and no blanks inside. */
function withLikelyBarcode(
  columns: readonly ColumnMapping[],
  records: Records,
  mayBe: (index: number) => boolean = () => false,
): ColumnMapping[] {
  let best: { readonly index: number; readonly score: number } | undefined;
  for (const { index, field } of columns) {
    if (field !== 'other' && !mayBe(index)) continue;
    const cells = records.map((record) => record[index] ?? '').filter((cell) => cell !== '');
    const codes = new Set(cells.filter((cell) => isCode(cell) && !EMAIL.test(cell.trim())));
    const score = codes.size / Math.max(records.length, 1);
    if (score > 0.5 && score > (best?.score ?? 0)) best = { index, score };
  }
  return columns.map((column) =>
    column.index === best?.index ? { ...column, field: 'barcode', certainty: 'likely' } : column,
  );
}
