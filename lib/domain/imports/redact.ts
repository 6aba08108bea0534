// What may be kept of a row whose person was erased: what the ticket is, nothing that says whose. Every column that
// isn't known to be harmless goes, because a company, a note or an order's number can say it too.
import type { ImportField } from './fields.ts';
import type { Mapping } from './import.ts';
import { EMAIL } from './rows.ts';

const HARMLESS: ReadonlySet<ImportField> = new Set([
  'barcode',
  'ticketType',
  'price',
  'section',
  'row',
  'seat',
  'invalidated',
]);

export function redactCells(
  cells: readonly string[],
  { columns }: Pick<Mapping, 'columns'>,
): readonly string[] {
  const kept = new Set(
    columns.filter(({ field }) => HARMLESS.has(field)).map(({ index }) => index),
  );
  return cells.map((cell, index) => (kept.has(index) && !EMAIL.test(cell.trim()) ? cell : ''));
}

/** Cells that are an address, whatever their column is called. */
export const findAddresses = (cells: readonly string[]): readonly string[] =>
  cells.map((cell) => cell.trim()).filter((cell) => EMAIL.test(cell));
