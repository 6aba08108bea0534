// Lines of a CSV that is safe in a spreadsheet: a column with a cell that would run there is escaped as a whole, and
// says so in its header, so that our own importer takes every cell back as it was.
import { escapeCell, isRiskyCell, unescapeCell } from '../../domain/imports/csv-escape.ts';
import { findEscaped } from '../../domain/imports/fields.ts';

export interface Line {
  /** Cells of our own making in front of the others. */
  readonly facts: readonly string[];
  readonly cells: readonly string[];
}

/** Columns with a cell that would run, apart from those whose header says that they are escaped. */
export function findRisky(header: readonly string[], lines: readonly Line[]): readonly number[] {
  const escaped = findEscaped(header);
  const risky = new Set<number>();
  for (const { cells } of lines) {
    for (const [index, cell] of cells.entries()) {
      if (!escaped.has(index) && isRiskyCell(cell)) risky.add(index);
    }
  }
  return [...risky];
}

export const toSafeHeader = (
  facts: readonly string[],
  header: readonly string[],
  risky: ReadonlySet<number>,
): readonly string[] => [
  ...facts,
  ...header.map((cell, index) => escapeCell(risky.has(index) ? `${cell}-escaped` : cell)),
];

/** What a line becomes; for all lines of a file. */
export function openSafeLines(
  header: readonly string[],
  risky: ReadonlySet<number>,
): (line: Line) => readonly string[] {
  const escaped = findEscaped(header);
  return ({ facts, cells }) => [
    ...facts,
    ...cells.map((cell, index) => {
      if (escaped.has(index)) return escapeCell(unescapeCell(cell));
      return risky.has(index) ? escapeCell(cell) : cell;
    }),
  ];
}
