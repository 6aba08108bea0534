// A file that takes more than one call to write.

/** How far a file is that takes more than one call to write. */
export interface FileState {
  readonly source: string;
  /** Columns with cells that a spreadsheet would run, as far as they are known. */
  readonly risky: readonly number[];
  /** The rest is only looked through for more of them. */
  readonly isLooking: boolean;
  readonly after?: string;
  /** Names of whole parts, and of one that has room left. */
  readonly parts: readonly string[];
  readonly tail?: string;
  /** Another one for each note. */
  readonly mark: string;
}
