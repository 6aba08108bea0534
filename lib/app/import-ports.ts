// The outside world of the importer: its stores, the uploaded files, CSV text and the queue.
import type { EventStocks } from '../domain/imports/capacity.ts';
import type {
  Analysis,
  Delimiter,
  Encoding,
  Import,
  ImportIds,
  ImportRow,
  ReportState,
  Reservation,
  StopReason,
} from '../domain/imports/import.ts';
import type { TicketDraft } from '../domain/imports/rows.ts';
import type { Origin } from '../domain/links/origin-token.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Buyer } from './contact-ports.ts';
import type { Page, PageRequest } from './event-ports.ts';
import type { SaveFile } from './export-ports.ts';
import type { OutboxMessageOf } from './outbox-ports.ts';

/** Every commit states the import's status and answers false when it is another one by now: nothing was written. */
export interface ImportStore {
  readonly create: (made: Import) => Promise<void>;
  readonly find: (ids: ImportIds) => Promise<Import | undefined>;
  readonly findAnalysis: (ids: ImportIds) => Promise<Analysis | undefined>;
  /** Newest first. */
  readonly list: (
    ids: { readonly organizationId: string; readonly eventId: string },
    page: PageRequest,
  ) => Promise<Page<Import>>;
  /** AWAITING_UPLOAD → ANALYZED, with everything that was found out. */
  readonly commitAnalysis: (analyzed: Import, analysis: Analysis) => Promise<boolean>;
  /** AWAITING_UPLOAD → FAILED. */
  readonly commitFailure: (failed: ImportIds, reason: StopReason) => Promise<boolean>;
  /** → RUNNING or UNDOING, and the message that makes a worker go on with it, in one transaction. */
  readonly commitStart: (before: Import, started: Import, nowMs: number) => Promise<boolean>;
  readonly commitReport: (ids: ImportIds, report: ReportState, nowMs: number) => Promise<boolean>;
  readonly saveReport: (
    ids: ImportIds & Pick<ReportState, 'reportId'>,
    ...note: Parameters<SaveFile>
  ) => Promise<boolean>;
  /** False when another report was asked for meanwhile. */
  readonly finishReport: (ids: ImportIds, report: ReportState) => Promise<boolean>;
  /** Imports under way without a sign of life since the time at which they were due. */
  readonly listDue: (nowMs: number, limit: number) => Promise<readonly ImportIds[]>;
  /** Leaves it alone until then, if it is under way. */
  readonly postpone: (ids: ImportIds, nowMs: number) => Promise<void>;
}

export type PutOutcome = 'created' | 'duplicate';

/** What a run writes. */
export interface ImportRunStore {
  /** Tickets put at once that keep its connections busy. */
  readonly parallel: number;
  /** Tells a run without writes of the rows that are behind it when it goes on. */
  readonly recall?: (row: number, draft: TicketDraft) => void;
  /** Id blocks that the import owns, by their index. */
  readonly loadBlocks: (ids: ImportIds) => Promise<ReadonlyMap<number, number>>;
  /** Claims a block with a number above `after`; a repeat answers the block that was claimed first. */
  readonly claimBlock: (
    ids: ImportIds,
    claim: { readonly index: number; readonly after: number; readonly nowMs: number },
  ) => Promise<number>;
  /** A ticket that this same row made before counts as created: it was our own try. */
  readonly putTicket: (ticket: Ticket) => Promise<PutOutcome>;
  /** Links a ticket of ours to where it comes from; a repeat changes nothing. */
  readonly link: (
    ticket: Origin & { readonly barcode: string },
    origin: Origin,
    nowMs: number,
  ) => Promise<void>;
  /** Moves a ticket of ours to its buyer's order; touches nothing that the door needs. */
  readonly setOrder: (
    organizationId: string,
    barcode: string,
    order: { readonly eventTicketId: number; readonly orderId: number },
  ) => Promise<void>;
  /** `contactId`: whose address stands in the row, so that an erasure finds it. */
  readonly putRow: (ids: ImportIds, row: ImportRow, contactId: string | undefined) => Promise<void>;
  /** Takes off a ticket of ours what says whose it is, and makes it an order by itself. */
  readonly forgetHolder: (ticket: {
    readonly organizationId: string;
    readonly barcode: string;
    readonly eventTicketId: number;
    readonly importId: string;
    readonly importRow: number;
  }) => Promise<void>;
  /** Whether a barcode has a ticket that another row, import or sale made. */
  readonly findOwner: (
    organizationId: string,
    barcode: string,
  ) => Promise<{ readonly importId?: string; readonly importRow?: number } | undefined>;
  /**
   * Sets places aside for the wanted ticket types, in their order. `busy` when the rest is reserved by others for
   * longer than a request waits; `lost` when another run works on this import.
   */
  readonly reserve: (
    running: Import,
    wanted: readonly number[],
  ) => Promise<
    | { readonly as: 'unlimited' | 'soldOut' | 'busy' | 'lost' }
    | { readonly as: 'reserved'; readonly reservation: Reservation }
  >;
  /** Books what a chunk did and gives back what it had reserved, all at once; false when another run was faster. */
  readonly commitChunk: (before: Import, after: Import, done: ChunkResult) => Promise<boolean>;
}

export interface ChunkResult {
  readonly created: ReadonlyMap<number, number>;
  /** What the rows say was paid for them. */
  readonly paidMinor?: number;
  readonly nowMs: number;
}

/** Rows of an import, for those who look at it afterwards. */
export interface ImportRowReader {
  /** Rows of these outcomes after a row, in file order. */
  readonly listRows: (
    ids: ImportIds,
    outcomes: readonly ImportRow['outcome'][],
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ) => Promise<readonly ImportRow[]>;
  /** Tickets that the import made and still has, in row order, as they are now. `after` is a row. */
  readonly listTickets: (
    found: Import,
    page: { readonly after: number; readonly limit: number },
  ) => Promise<{ readonly tickets: readonly Ticket[]; readonly nextRow?: number }>;
}

/** One ticket at a time: the single importer and deletion. */
export interface ImportedTicketStore {
  readonly loadStocks: (organizationId: string, eventId: string) => Promise<EventStocks>;
  readonly create: (
    ticket: Ticket,
    options: { readonly beyondCapacity: boolean; readonly buyer: Buyer | undefined },
  ) => Promise<'created' | 'barcode_exists' | 'sold_out' | 'busy' | 'id_taken'>;
  readonly remove: (ticket: Ticket, nowMs: number) => Promise<'removed' | 'not_deletable' | 'busy'>;
}

export interface ObjectRef {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

export interface ObjectStore {
  /** A form with which a browser or curl uploads one file to this key and no other. */
  readonly toUpload: (key: string) => Promise<{
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
  }>;
  readonly find: (key: string) => Promise<ObjectRef | undefined>;
  /** Throws `ObjectChangedError` when the object is no longer the one with this ETag. */
  readonly read: (object: ObjectRef) => AsyncIterable<Buffer>;
  readonly write: (
    key: string,
    contentType: string,
    chunks: AsyncIterable<string>,
  ) => Promise<void>;
  /** Makes one object of others, which stay; each but the last has at least 5 MiB. */
  readonly join: (key: string, contentType: string, parts: readonly string[]) => Promise<void>;
  readonly list: (prefix: string) => Promise<readonly ObjectRef[]>;
  /** A repeat is harmless. */
  readonly remove: (key: string) => Promise<void>;
  readonly toDownload: (key: string, fileName: string) => Promise<string>;
}

export interface CsvDialect {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
}

export interface Csv {
  /** Records as they stand in the file, header and `sep=` line too. Throws `CsvFaultError`. */
  readonly read: (
    source: AsyncIterable<Buffer>,
    dialect: CsvDialect,
  ) => AsyncIterable<readonly string[]>;
  /** Records of the beginning of a file; the last one is left out, because it may be cut off. */
  readonly readHead: (
    head: Buffer,
    dialect: CsvDialect,
    isWhole: boolean,
  ) => readonly (readonly string[])[];
  /** Texts of records, one after the other, are a file; `isStart` is the one that it begins with. */
  readonly toText: (
    records: readonly (readonly string[])[],
    options?: { readonly isStart?: boolean },
  ) => string;
}

export type ImportMessage = OutboxMessageOf<
  'import.run' | 'import.report' | 'event.export' | 'contact.erase'
>;

export interface ImportQueue {
  readonly send: (messages: readonly ImportMessage[]) => Promise<void>;
}
