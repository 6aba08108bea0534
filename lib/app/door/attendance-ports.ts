// What log, attendance and scan packs are kept in, and what feeds them.
import type { Page, PageRequest } from '../event-ports.ts';
import type { Attendance, AttendanceChange } from '../../domain/attendance.ts';
import type { GuessState } from '../../domain/guessing.ts';
import type { Pass } from '../../domain/pass-sequence.ts';
import type { Direction, ScanReason } from '../../domain/scan.ts';
import type { EventIds, ScanMessage } from './ports.ts';

/** A line of the log. A passed scan is known by its digest, because its ticket doesn't keep its id. */
export interface LoggedScan extends EventIds {
  readonly atMs: number;
  readonly deviceId: string;
  readonly gateId?: string;
  readonly direction: Direction;
  readonly outcome: 'ADMITTED' | 'EXITED' | 'ANNULLED' | 'ADMITTED_OFFLINE_CLASH' | 'REFUSED';
  readonly reason?: ScanReason;
  readonly scanId?: string;
  readonly isOffline: boolean;
  readonly eventTicketId?: number;
  readonly ticketTypeId?: number;
  /** Names the scan in the log: the same line however often it is told. */
  readonly logId: string;
}

export interface ScanLogStore {
  /** Lines written again are the same lines. */
  readonly append: (lines: readonly LoggedScan[], nowMs: number) => Promise<void>;
  /**
   * Logs and counts refusals, each once however often its message comes, and the misses among them. Answers the most
   * misses that each device has in a window of these.
   */
  readonly appendRefusals: (
    messages: readonly ScanMessage[],
    nowMs: number,
  ) => Promise<readonly DeviceMisses[]>;
  /** Newest first; seconds late. */
  readonly list: (ids: EventIds, page: PageRequest) => Promise<Page<LoggedScan>>;
}

export interface DeviceMisses {
  readonly organizationId: string;
  readonly deviceId: string;
  readonly inMinute: number;
  readonly inTenMinutes: number;
}

export interface GuessStore {
  readonly find: (organizationId: string, deviceId: string) => Promise<GuessState | undefined>;
  /** On the device's key, which the door reads at the latest when its cache period ends. */
  readonly put: (organizationId: string, deviceId: string, state: GuessState) => Promise<void>;
}

export interface CountedChange {
  readonly ids: EventIds;
  /** Position in its shard of the stream. */
  readonly sequence: string;
  readonly counts: AttendanceChange;
}

export interface AttendanceStore {
  /** All of one shard (`lane`), in its order. What was counted before isn't counted again. */
  readonly count: (lane: string, changes: readonly CountedChange[]) => Promise<void>;
  readonly load: (ids: EventIds) => Promise<Attendance>;
}

/** What tickets forget, so that offline scans can be judged by all that happened. */
export interface PassStore {
  readonly keep: (
    passes: readonly {
      readonly organizationId: string;
      readonly eventTicketId: number;
      readonly pass: Pass;
    }[],
    nowMs: number,
  ) => Promise<void>;
}

/** Tells scan packs which tickets changed; told twice is as good as once. */
export interface PackFeed {
  readonly append: (
    lane: string,
    changed: readonly { readonly ids: EventIds; readonly barcodes: readonly string[] }[],
    nowMs: number,
  ) => Promise<void>;
}
