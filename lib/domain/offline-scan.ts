// What a scanner did while it was offline, judged when it syncs. The person is in, whatever the rules say: an entry is
// always recorded, and one that should not have been is a clash. Order is by corrected time, not by arrival.
import {
  decideScan,
  type DoorSettings,
  findMark,
  isExitMark,
  MARK,
  SCAN_MARKS_MAX,
  type ScanQuestion,
  type ScanReason,
} from './scan.ts';
import type { Admission, Ticket } from './ticket.ts';

/** A scanner's clock is as wrong now as it was then; nothing happened after now. */
export const toCorrectedMs = (
  scannedAtMs: number,
  { deviceNowMs, nowMs }: { readonly deviceNowMs: number; readonly nowMs: number },
): number => Math.min(scannedAtMs + (nowMs - deviceNowMs), nowMs);

export interface OfflineClash {
  readonly reason: ScanReason;
  /** The admission that this one adds to. */
  readonly other?: Admission;
}

export type OfflineDecision =
  | { readonly as: 'entered' | 'exited'; readonly clash?: OfflineClash }
  /** Recorded before: `clashed` was told as a clash then. */
  | { readonly as: 'repeated'; readonly how: 'entered' | 'clashed' | 'exited' }
  | { readonly as: 'annulled' }
  /** Nothing of this event to record it on. */
  | { readonly as: 'noTicket'; readonly reason: 'UNKNOWN' | 'WRONG_EVENT' };

/** `atMs` is the corrected time. Pure, as `decideScan`. */
export function decideOfflineScan(
  ticket: Ticket | undefined,
  question: ScanQuestion,
  {
    settings,
    atMs,
    nowMs,
  }: { readonly settings: DoorSettings; readonly atMs: number; readonly nowMs: number },
): OfflineDecision {
  if (ticket === undefined) return { as: 'noTicket', reason: 'UNKNOWN' };
  if (ticket.eventId !== question.eventId) return { as: 'noTicket', reason: 'WRONG_EVENT' };
  const mark = findMark(ticket, question.scanDigest);
  if (mark?.startsWith(MARK.annulled)) return { as: 'annulled' };
  if (mark !== undefined) return { as: 'repeated', how: toHow(mark) };
  // Nobody is kept in; an exit may also sync before its entry does.
  if (question.direction === 'exit') return { as: 'exited' };

  const isDouble = isOneTooMany(ticket, settings, atMs);
  const { reentryGranted: _granted, heldUntilMs = 0, ...rest } = ticket;
  const judged = decideScan(
    {
      ...rest,
      scanMarks: [],
      // The rules of time are those of its own time, but a hold that is over by now harms nobody.
      ...(heldUntilMs > nowMs ? { heldUntilMs } : {}),
      admissions: Number(isDouble),
      inside: isDouble,
    },
    question,
    isDouble ? { ...settings, reentry: 'never' } : settings,
    atMs,
  );
  if (judged.pass) return { as: 'entered' };
  const other = ticket.admissions > 0 ? ticket.lastAdmission : undefined;
  return {
    as: 'entered',
    clash: { reason: judged.reason, ...(other === undefined ? {} : { other }) },
  };
}

const toHow = (mark: string): 'entered' | 'clashed' | 'exited' => {
  if (isExitMark(mark)) return 'exited';
  return mark.startsWith(MARK.offlineClash) ? 'clashed' : 'entered';
};

/**
 * Whether this entry is one more than the policy allows. With re-entry after an exit, an exit that is known has to lie
 * between it and the newest other entry; of exits, the last and the newest are known.
 */
function isOneTooMany(ticket: Ticket, { reentry }: DoorSettings, atMs: number): boolean {
  if (reentry === 'always' || ticket.admissions === 0 || ticket.reentryGranted) return false;
  if (reentry === 'never') return true;
  const entryMs = toNewestEntryMs(ticket) ?? 0;
  const exits = [ticket.lastExit?.atMs, ticket.newestExitMs];
  return !exits.some(
    (exitMs) =>
      exitMs !== undefined &&
      exitMs >= Math.min(entryMs, atMs) &&
      exitMs <= Math.max(entryMs, atMs),
  );
}

const newest = (...times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};
const toNewestEntryMs = (ticket: Ticket): number | undefined =>
  newest(ticket.lastAdmission?.atMs, ticket.newestEntryMs);

export interface OfflineRecord {
  readonly direction: 'entry' | 'exit';
  readonly scan: Admission;
  readonly mark: string;
}

/** The ticket once the scan is recorded on it: who is inside is decided by the newest time, not by what came in last. */
export function applyOfflineScan(ticket: Ticket, { direction, scan, mark }: OfflineRecord): Ticket {
  const isEntry = direction === 'entry';
  const entryMs = newest(toNewestEntryMs(ticket), isEntry ? scan.atMs : undefined);
  const exitMs = newest(
    ticket.lastExit?.atMs,
    ticket.newestExitMs,
    isEntry ? undefined : scan.atMs,
  );
  const inside = isInside(ticket, { isEntry, entryMs, exitMs });
  const scanMarks = [mark, ...ticket.scanMarks].slice(0, SCAN_MARKS_MAX);
  if (!isEntry) {
    const { newestExitMs: _newest, beforeEntry: _before, ...rest } = ticket;
    const { scannedAtMs: _scanned, ...lastExit } = scan;
    const late = exitMs !== undefined && exitMs > scan.atMs ? { newestExitMs: exitMs } : {};
    return { ...rest, ...late, scanMarks, lastExit, inside, checkedIn: inside };
  }
  const { newestEntryMs: _newest, annulledAtMs: _at, reentryGranted = false, ...rest } = ticket;
  const late = entryMs !== undefined && entryMs > scan.atMs ? { newestEntryMs: entryMs } : {};
  return {
    ...rest,
    ...late,
    scanMarks,
    lastAdmission: scan,
    beforeEntry: { inside: ticket.inside, checkedIn: ticket.checkedIn, reentryGranted },
    admissions: ticket.admissions + 1,
    inside,
    checkedIn: inside,
  };
}

function isInside(
  ticket: Ticket,
  {
    isEntry,
    entryMs,
    exitMs,
  }: {
    readonly isEntry: boolean;
    readonly entryMs: number | undefined;
    readonly exitMs: number | undefined;
  },
): boolean {
  if (exitMs === undefined) return isEntry || ticket.inside;
  return entryMs !== undefined && ticket.admissions + Number(isEntry) > 0 && entryMs > exitMs;
}
