// What an export consists of: headers, and lines that can be read more than once, each time in constant memory.
import type { Line } from '../imports/safe-lines.ts';

export interface ExportTable {
  /** Of columns of our own making, in front of the others. */
  readonly facts: readonly string[];
  readonly header: readonly string[];
  readonly read: () => AsyncIterable<Line>;
}
