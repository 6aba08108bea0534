// What the door needs beside the scan itself: recording offline scans, the ledger of clashes, and the queue that feeds
// log, counters and the guessing limiter.
import type { Page, PageRequest } from '../event-ports.ts';
import type { KnownTicket, Pass } from '../../domain/pass-sequence.ts';
import type { Direction, ScanReason } from '../../domain/scan.ts';
import type { Admission, Ticket } from '../../domain/ticket.ts';

export interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

/** Somebody was let in who should not have been, by an offline scanner or before the news of a swap elsewhere. */
export interface Clash extends EventIds {
  /** Of device, scan id and barcode, or of the ticket: the same scan is the same clash however often it is sent. */
  readonly clashId: string;
  readonly reason: ScanReason;
  readonly scan: Admission;
  /** Absent for a scan that was made online: its ticket keeps a digest only. */
  readonly scanId?: string;
  readonly eventTicketId?: number;
  readonly ticketTypeId?: number;
  /** The admission that it adds to. Which of the two was first, their times tell. */
  readonly other?: Admission;
  readonly reportedAtMs: number;
  /** An exit that came in later explains it, or the admission was annulled. */
  readonly withdrawnAtMs?: number;
}

/** What an offline scan makes of its ticket. */
export interface RecordedScan {
  readonly before: Ticket;
  readonly after: Ticket;
  readonly pass: Pass;
  readonly clash: Clash | undefined;
  /** The scan whose clash this one explains. */
  readonly explains: string | undefined;
  readonly nowMs: number;
}

export interface OfflineScanStore {
  /** Strongly consistent; what the online door did seconds ago may be there in parts. */
  readonly find: (organizationId: string, barcode: string) => Promise<KnownTicket | undefined>;
  /**
   * All of it or nothing. `contested`: the ticket is not what it was any more. `reported`: this scan's clash is in the
   * ledger already.
   */
  readonly record: (scan: RecordedScan) => Promise<'recorded' | 'contested' | 'reported'>;
}

export interface ClashStore {
  /** Once for a scan; again it changes nothing and answers what was told first. */
  readonly report: (clash: Clash) => Promise<Clash | undefined>;
  /** Again, or where there is none, it changes nothing. */
  readonly withdraw: (
    clash: EventIds & { readonly clashId: string },
    nowMs: number,
  ) => Promise<void>;
  readonly find: (ids: EventIds, clashId: string) => Promise<Clash | undefined>;
  /** Newest report first; seconds late. */
  readonly list: (
    ids: EventIds,
    state: 'open' | 'withdrawn',
    page: PageRequest,
  ) => Promise<Page<Clash>>;
}

/** A scan that let nobody pass, or that has no ticket to be seen on. Ids only, never the barcode. */
export interface ScanMessage extends EventIds {
  /** Tells a repeated message from another scan: the request's id, or for an offline scan that of the scan itself. */
  readonly messageId: string;
  readonly deviceId: string;
  readonly scanId: string;
  readonly gateId?: string;
  readonly direction: Direction;
  readonly atMs: number;
  readonly outcome: 'REFUSED' | 'ADMITTED_OFFLINE_CLASH';
  readonly reason?: ScanReason;
  readonly eventTicketId?: number;
  readonly ticketTypeId?: number;
  readonly isOffline: boolean;
  /** A check changes nothing and isn't logged; a guess by way of it still counts. */
  readonly isCheck: boolean;
}
/** Throws when the queue doesn't take all of them. */
export type SendScans = (messages: readonly ScanMessage[]) => Promise<void>;
/** Never fails and never takes long: a refusal is told to the person at the gate in any case. */
export type TellRefusal = (message: ScanMessage) => Promise<void>;
