// What went between a marketplace and us about a sale, in its order. No barcode and no personal data stands in it: of what
// went over the wire it keeps a digest.

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

/** Oldest first. Within a millisecond a message comes before what was decided by it, and that before what was told of it. */
export const toTimeline = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] =>
  entries.toSorted(
    (a, b) =>
      a.atMs - b.atMs ||
      TIMELINE_KINDS.indexOf(a.kind) - TIMELINE_KINDS.indexOf(b.kind) ||
      (a.entryId < b.entryId ? -1 : 1),
  );
