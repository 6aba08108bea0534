// What a scanner did while it was offline, judged when it syncs. The person is in, whatever the rules say: an entry is
// always recorded, and one that should not have been is a clash. Order is by corrected time, not by arrival.
import { findRun, type KnownTicket, type Pass, type Step, toSteps } from './pass-sequence.ts';
import {
  decideScan,
  type DoorSettings,
  findMark,
  isExitMark,
  MARK,
  SCAN_MARKS_MAX,
  type ScanDecision,
  type ScanQuestion,
  type ScanReason,
} from './scan.ts';
import { toPassId } from './scan-mark.ts';
import type { Admission, Ticket } from './ticket.ts';

/** What lies before has no text and no minute of its own; clocks that lost their date begin near it. */
const EARLIEST_MS = 1;

/** A scanner's clock is as wrong now as it was then; nothing happened after now. */
export const toCorrectedMs = (
  scannedAtMs: number,
  { deviceNowMs, nowMs }: { readonly deviceNowMs: number; readonly nowMs: number },
): number => Math.max(EARLIEST_MS, Math.min(scannedAtMs + (nowMs - deviceNowMs), nowMs));

export interface OfflineClash {
  readonly reason: ScanReason;
  /** That it came on top of another entry is all that is wrong with it. */
  readonly isExtra: boolean;
  /** The admission that this one adds to. */
  readonly other?: Admission;
}

export type OfflineDecision =
  | { readonly as: 'entered'; readonly clash?: OfflineClash }
  /** `explains`: the entry that was told as a clash because this exit wasn't known. */
  | { readonly as: 'exited'; readonly explains?: string }
  /** Recorded before: `clashed` was told as a clash then. */
  | {
      readonly as: 'repeated';
      readonly how: 'entered' | 'clashed' | 'exited';
      readonly atMs?: number;
    }
  | { readonly as: 'annulled' }
  /** Nothing of this event to record it on. */
  | { readonly as: 'noTicket'; readonly reason: 'UNKNOWN' | 'WRONG_EVENT' };

interface Moment {
  readonly settings: DoorSettings;
  /** The corrected time. */
  readonly atMs: number;
  readonly nowMs: number;
}

/** Pure, as `decideScan`. */
export function decideOfflineScan(
  known: KnownTicket | undefined,
  question: ScanQuestion,
  moment: Moment,
): OfflineDecision {
  if (known === undefined) return { as: 'noTicket', reason: 'UNKNOWN' };
  if (known.ticket.eventId !== question.eventId) return { as: 'noTicket', reason: 'WRONG_EVENT' };
  const before = findBefore(known, question.scanDigest);
  if (before !== undefined) return before;
  const { direction } = question;
  const run = findRun(toSteps(known), { direction, atMs: moment.atMs }, moment.settings.reentry);
  // Nobody is kept in; an exit may also sync before its entry does.
  if (direction === 'exit') return { as: 'exited', ...toExplained(run, moment.settings) };
  const isDouble =
    moment.settings.reentry !== 'always' &&
    [...run.before, ...run.after].some(({ isExtra }) => !isExtra);
  const judged = judge(known.ticket, question, moment, isDouble);
  if (judged.pass) return { as: 'entered' };
  const other = isDouble
    ? [...run.before.toReversed(), ...run.after].find(({ scan }) => scan !== undefined)?.scan
    : known.ticket.admissions > 0
      ? known.ticket.lastAdmission
      : undefined;
  const isExtra = isDouble && judge(known.ticket, question, moment, false).pass;
  const clash = { reason: judged.reason, isExtra, ...(other === undefined ? {} : { other }) };
  return { as: 'entered', clash };
}

function findBefore(
  { ticket, passes }: KnownTicket,
  scanDigest: string,
): OfflineDecision | undefined {
  const mark = findMark(ticket, scanDigest);
  if (mark?.startsWith(MARK.annulled)) return { as: 'annulled' };
  const passId = toPassId(scanDigest, ticket.barcode);
  const pass = passes.find((one) => one.passId === passId);
  if (pass?.isAnnulled) return { as: 'annulled' };
  if (pass !== undefined) return { as: 'repeated', how: toHow(pass), atMs: pass.scan.atMs };
  if (mark === undefined) return undefined;
  return { as: 'repeated', how: isExitMark(mark) ? 'exited' : 'entered' };
}

const toHow = ({ direction, clash }: Pass): 'entered' | 'clashed' | 'exited' => {
  if (direction === 'exit') return 'exited';
  return clash === undefined ? 'entered' : 'clashed';
};

/** Of the entries on either side of the exit one is right now: where all were told as extra, the first of them. */
function toExplained(
  { before, after }: ReturnType<typeof findRun>,
  { reentry }: DoorSettings,
): { readonly explains?: string } {
  if (reentry !== 'afterExit' || before.length === 0 || after.length === 0) return {};
  const side = [after, before].find((entries) => entries.every(({ isExtra }) => isExtra));
  const passId = side?.[0]?.passId;
  return passId === undefined ? {} : { explains: passId };
}

function judge(
  ticket: Ticket,
  question: ScanQuestion,
  { settings, atMs, nowMs }: Moment,
  isDouble: boolean,
): ScanDecision {
  const { reentryGranted: _granted, heldUntilMs = 0, ...rest } = ticket;
  return decideScan(
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
}

export interface OfflineRecord {
  readonly direction: 'entry' | 'exit';
  readonly scan: Admission;
  readonly mark: string;
}

/** The ticket once the scan is recorded on it: who is inside is decided by the newest time, not by what came in last. */
export function applyOfflineScan(
  known: KnownTicket,
  { direction, scan, mark }: OfflineRecord,
): Ticket {
  const { reentryGranted, ...ticket } = known.ticket;
  const steps = toSteps(known);
  const inside = isInside(steps, direction, scan.atMs);
  const grantMs = steps.findLast(({ as }) => as === 'grant')?.atMs ?? 0;
  // An entry from before the exchange doesn't use up what the exchange granted.
  const isGranted = reentryGranted === true && (direction === 'exit' || grantMs > scan.atMs);
  const shared = {
    ...(isGranted ? { reentryGranted } : {}),
    scanMarks: [mark, ...ticket.scanMarks].slice(0, SCAN_MARKS_MAX),
    inside,
    checkedIn: inside && !isGranted,
  };
  const last = ticket.lastAdmission && withoutOwnTime(ticket.lastAdmission);
  if (direction === 'exit') {
    const { beforeEntry: _before, lastAdmission: _last, ...rest } = ticket;
    const lastAdmission = last === undefined ? {} : { lastAdmission: last };
    return { ...rest, ...lastAdmission, ...shared, lastExit: withoutOwnTime(scan) };
  }
  const { annulledAtMs: _at, ...rest } = ticket;
  return {
    ...rest,
    ...shared,
    lastAdmission: scan,
    beforeEntry: {
      inside: ticket.inside,
      checkedIn: ticket.checkedIn,
      reentryGranted: reentryGranted ?? false,
      ...(last === undefined ? {} : { admission: last }),
    },
    admissions: ticket.admissions + 1,
  };
}

const withoutOwnTime = ({
  scannedAtMs: _own,
  ...scan
}: Admission): Omit<Admission, 'scannedAtMs'> => scan;

function isInside(steps: readonly Step[], direction: 'entry' | 'exit', atMs: number): boolean {
  const newest = steps.findLast(({ as }) => as !== 'grant');
  const isEntry = direction === 'entry';
  const isNewest = newest === undefined || atMs > newest.atMs || (atMs === newest.atMs && isEntry);
  return isNewest ? isEntry : newest.as === 'entry';
}
