// What the door needs from the table.
import type { AnnulQuestion } from '../domain/annul.ts';
import type { DoorSettings, ScanQuestion } from '../domain/scan.ts';
import type { Ticket } from '../domain/ticket.ts';

export interface ScanWrite {
  readonly organizationId: string;
  readonly barcode: string;
  readonly question: ScanQuestion;
  readonly settings: DoorSettings;
  readonly deviceId: string;
  readonly atMs: number;
  readonly scannedAtMs?: number | undefined;
}

export interface AnnulWrite extends AnnulQuestion {
  readonly organizationId: string;
  readonly barcode: string;
  readonly atMs: number;
}

export type ScanCommit =
  | { readonly committed: true; readonly ticket: Ticket }
  /** With the ticket as it stood when the write was refused; without one the barcode is unknown. */
  | { readonly committed: false; readonly existing: Ticket | undefined };

export interface ScanStore {
  /** Exactly one conditional write when nobody else holds the item. Sent again after a lost reply it changes nothing. */
  readonly commit: (scan: ScanWrite) => Promise<ScanCommit>;
  /** Exactly one conditional write, as `commit`. */
  readonly annul: (annul: AnnulWrite) => Promise<ScanCommit>;
  /** One strongly consistent read. */
  readonly find: (organizationId: string, barcode: string) => Promise<Ticket | undefined>;
}

/** Settings at most DOOR_SETTINGS_CACHE_MS old, or undefined for an unknown event. */
export type FindDoorSettings = (
  organizationId: string,
  eventId: string,
  nowMs: number,
) => DoorSettings | undefined | Promise<DoorSettings | undefined>;
