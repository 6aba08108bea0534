// What is wrong with an uploaded file: thrown where it is read, and the reason with which its import ends.
import type { StopReason } from './import.ts';

/** The object was replaced or removed while it was being read. */
export class ObjectChangedError extends Error {
  override readonly name = 'ObjectChangedError';
  readonly reason: 'upload_changed' | 'upload_gone';
  constructor(reason: 'upload_changed' | 'upload_gone') {
    super(reason);
    this.reason = reason;
  }
}

/** The text can't be read as CSV, and why. */
export class CsvFaultError extends Error {
  override readonly name = 'CsvFaultError';
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    super(reason);
    this.reason = reason;
  }
}
