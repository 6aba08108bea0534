// Lines of a CSV that is safe in a spreadsheet: a column with a cell that would run there is escaped as a whole, and
// says so in its header, so that our own importer takes every cell back as it was.
import { assert } from '../../domain/assert.ts';
import { escapeCell, isRiskyCell, unescapeCell } from '../../domain/imports/csv-escape.ts';
import { findEscaped } from '../../domain/imports/fields.ts';

export interface Line {
  /** Cells of our own making in front of the others. */
  readonly facts: readonly string[];
  readonly cells: readonly string[];
}

/** Reads the lines twice: first for the columns that have to be escaped. */
export async function* toSafeLines(
  facts: readonly string[],
  header: readonly string[],
  readLines: () => AsyncIterable<Line>,
): AsyncGenerator<readonly string[]> {
  const escaped = findEscaped(header);
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
        if (risky.has(index)) return escapeCell(cell);
        assert(!isRiskyCell(cell), 'the lines changed between the two readings');
        return cell;
      }),
    ];
  }
}
