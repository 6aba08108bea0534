// What happened to a ticket apart from the door, for the organizer to read. Append-only, and free of personal data, so
// that it outlives whoever held the ticket. An import has no entry (its row is the history) and a scan neither (the
// door keeps its own log).

export const HISTORY_ACTIONS = [
  'SOLD',
  'BLOCKED',
  'UNBLOCKED',
  'REISSUED',
  'CANCELED',
  'SWAPPED',
  'EXCHANGED',
  'MOVED',
] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

export interface HistoryEntry {
  readonly atMs: number;
  readonly action: HistoryAction;
  /** Id of the key whose request it was, or `system`. */
  readonly by: string;
  /** Ids, amounts and types that say more about it; never a name, an address or a barcode. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}
