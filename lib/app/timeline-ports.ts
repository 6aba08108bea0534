// What went between a marketplace and us about a sale, in its order: the evidence.
import type { SaleIds } from './marketplace-ports.ts';

export const TIMELINE_KINDS = ['RECEIVED', 'DECIDED', 'SENT', 'ANSWERED'] as const;

export interface TimelineEntry {
  /** The same entry again is no other one. */
  readonly entryId: string;
  readonly kind: (typeof TIMELINE_KINDS)[number];
  /** Type of the message, or what was decided: `sale.created`, `UNAVAILABLE`, … */
  readonly what: string;
  readonly atMs: number;
  /** SHA-256 of what went over the wire, in hex. */
  readonly payloadDigest?: string;
  /** Few words without personal data: a status, a reason. */
  readonly detail?: string;
}

export interface TimelineStore {
  /** Also of an order that isn't a sale of ours yet. */
  readonly add: (ids: SaleIds, entries: readonly TimelineEntry[]) => Promise<void>;
  /** Oldest first, all of them. */
  readonly list: (ids: SaleIds) => Promise<readonly TimelineEntry[]>;
}
