// An import: one uploaded file on its way to tickets. What it knows, the states it passes, and its accounts.
import type { FileState } from '../file-state.ts';
import type { ImportField } from './fields.ts';
import type { Fix } from './fixes.ts';
import type { UndoState } from './undo.ts';

export const IMPORT_STATUSES = [
  'AWAITING_UPLOAD',
  'ANALYZED',
  'RUNNING',
  'COMPLETED',
  'COMPLETED_WITH_REJECTS',
  'STOPPED_SOLD_OUT',
  'FAILED',
  'UNDOING',
  'UNDONE',
  'UNDONE_PARTLY',
  'DRY_RUN_COMPLETED',
] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** The changes of state that are built: used by the use cases and by the conditions of the writes. */
export const TRANSITIONS = {
  analyze: { from: ['AWAITING_UPLOAD'] },
  start: { from: ['ANALYZED', 'DRY_RUN_COMPLETED'] },
  continue: { from: ['STOPPED_SOLD_OUT'] },
  progress: { from: ['RUNNING'] },
  refuseUpload: { from: ['AWAITING_UPLOAD'] },
  /** From FAILED if it got as far as tickets. */
  undo: {
    from: ['COMPLETED', 'COMPLETED_WITH_REJECTS', 'STOPPED_SOLD_OUT', 'FAILED', 'UNDONE_PARTLY'],
  },
  undoProgress: { from: ['UNDOING'] },
} as const satisfies Record<string, { readonly from: readonly ImportStatus[] }>;

/** Ended runs: they have a report. A file that failed before it ran has no rows to tell of. */
export const REPORTABLE: readonly ImportStatus[] = [
  'COMPLETED',
  'COMPLETED_WITH_REJECTS',
  'STOPPED_SOLD_OUT',
  'FAILED',
  'UNDONE',
  'UNDONE_PARTLY',
];
/** A worker has something to do; the sweep looks after it. */
export const isUnderWay = (status: ImportStatus): boolean =>
  status === 'RUNNING' || status === 'UNDOING';

export const OVER_CAPACITY = ['enabled', 'disabled'] as const;
export type OverCapacity = (typeof OVER_CAPACITY)[number];

export const STOP_REASONS = [
  'sold_out',
  'empty_file',
  'no_rows',
  'file_too_large',
  'not_a_text_file',
  'binary_content',
  'invalid_encoding',
  'line_too_long',
  'too_many_columns',
  'too_many_rows',
  'unclosed_quote',
  'upload_changed',
  'upload_gone',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

export const ROW_OUTCOMES = ['ticket', 'duplicate', 'rejected', 'notImported', 'blank'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** An empty delimiter: the file has one column, each line is a barcode. */
export const DELIMITERS = [',', ';', '\t', '|', ''] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export const CERTAINTIES = ['certain', 'likely', 'unknown'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export interface ColumnMapping {
  readonly index: number;
  readonly field: ImportField;
  readonly certainty: Certainty;
}

export interface Mapping {
  readonly header: boolean;
  readonly delimiter: Delimiter;
  readonly encoding: Encoding;
  readonly columns: readonly ColumnMapping[];
}

/** The uploaded object as it was analyzed; every later read is pinned to this ETag. */
export interface UploadedFile {
  readonly etag: string;
  readonly bytes: number;
  /** The first line is Excel's `sep=` line and no row. */
  readonly sepLine: boolean;
  /** Records above the header; absent: none. */
  readonly preamble?: number;
  /** Columns of most rows. */
  readonly columnCount: number;
}

export interface Counts {
  readonly tickets: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly blank: number;
  readonly notImported: number;
  /** Of the buyers of its tickets: contacts that it made, and all of them. */
  readonly contactsCreated: number;
  readonly contactsTotal: number;
}
export const NO_COUNTS: Counts = {
  tickets: 0,
  duplicates: 0,
  rejected: 0,
  blank: 0,
  notImported: 0,
  contactsCreated: 0,
  contactsTotal: 0,
};

/** Places that a run has set aside for the chunk it is working on. */
export interface Reservation {
  readonly event: number;
  readonly types: ReadonlyMap<number, number>;
}

export interface ReportState {
  readonly reportId: string;
  readonly only?: 'failed';
  readonly ready: boolean;
  /** Since it took more than one call. */
  readonly file?: FileState;
}

export interface ImportIds {
  readonly organizationId: string;
  readonly importId: string;
}

export interface Import extends ImportIds {
  readonly eventId: string;
  readonly status: ImportStatus;
  readonly fileName: string;
  readonly overCapacity: OverCapacity;
  readonly ticketTypeId?: number;
  readonly autoStart: boolean;
  /** What the client wants instead of a guess. */
  readonly requestedMapping?: Mapping;
  /** The client wants a start to be a dry run unless it says otherwise. */
  readonly requestedDryRun?: boolean;
  readonly mapping?: Mapping;
  readonly fixes?: readonly Fix[];
  /** The run counts what it would do, and writes nothing but its progress. */
  readonly dryRun?: boolean;
  readonly file?: UploadedFile;
  /** Started with another delimiter or encoding than it was analyzed with: nobody has read it to its end that way. */
  readonly unread?: boolean;
  readonly rowsTotal: number;
  readonly counts: Counts;
  /** Chunks committed so far: whoever commits the next one has to know this number. */
  readonly sequence: number;
  /** Rows dealt with, in file order; where a run goes on. */
  readonly rowsProcessed: number;
  readonly reservation?: Reservation;
  readonly stopReason?: StopReason;
  readonly report?: ReportState;
  /** Since an undo was asked for. */
  readonly undo?: UndoState;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
}

export interface Warning {
  readonly code: WarningCode;
  /** Index of the column. */
  readonly column: number;
  readonly count: number;
  readonly examples: readonly string[];
  /** What would repair it, if anything does. */
  readonly fix?: Fix;
}
export const WARNING_CODES = [
  'scientificNotation',
  'lostLeadingZeros',
  'apostrophe',
  'formulaSign',
  'asterisks',
  'outerSpaces',
  'priceNotANumber',
  'originNotVerified',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** What is shown of a file before it is imported. */
export interface Analysis {
  readonly preview: readonly (readonly string[])[];
  readonly warnings: readonly Warning[];
  /** The header as it stands in the file, for reports after the upload is gone; absent without one. */
  readonly header?: { readonly cells: readonly string[]; readonly delimiter: Delimiter };
}

/** A row that became no ticket, with the file's own cells. */
export interface ImportRow {
  readonly row: number;
  readonly outcome: Extract<RowOutcome, 'duplicate' | 'rejected' | 'blank'>;
  readonly reason?: string;
  readonly cells: readonly string[];
}

/** 256 MiB, product.md section 4. */
export const UPLOAD_BYTES_MAX = 256 * 1024 * 1024;
/** Twice the million rows that product.md asks for; a run skips at most this many when it goes on. */
export const IMPORT_ROWS_MAX = 2_000_000;
/** Long notes have a few KB; a page of 100 rows has to fit the 6 MB that a function may answer. */
export const RECORD_BYTES_MAX = 32_768;
/** The widest ticket export seen has 60 columns. */
export const IMPORT_COLUMNS_MAX = 200;
export const PREVIEW_ROWS = 20;

/** A row whose ticket was undone counts as not imported: every row stays accounted for. */
export const toProgress = ({
  rowsTotal,
  counts,
  undo,
}: Pick<Import, 'rowsTotal' | 'counts' | 'undo'>) => ({
  rowsTotal,
  rowsDone:
    counts.tickets + counts.duplicates + counts.rejected + counts.blank + counts.notImported,
  ...counts,
  ...(undo === undefined
    ? {}
    : {
        tickets: undo.left,
        notImported: counts.notImported + counts.tickets - undo.left,
        contactsCreated: counts.contactsCreated - undo.buyersGone.created,
        contactsTotal: counts.contactsTotal - undo.buyersGone.total,
      }),
});

/** Two mappings that read a file alike; how certain the guesses were doesn't matter. */
export function isSameMapping(one: Mapping, other: Mapping): boolean {
  const toText = ({ header, delimiter, encoding, columns }: Mapping): string =>
    JSON.stringify([
      header,
      delimiter,
      encoding,
      columns
        .filter(({ field }) => field !== 'other')
        .toSorted((a, b) => a.index - b.index)
        .map(({ index, field }) => [index, field]),
    ]);
  return toText(one) === toText(other);
}
