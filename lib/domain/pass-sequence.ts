// Who passed with a ticket, in the order of time and not in the order in which it became known: what an offline scan is
// judged by. Between two walls (an exit, a granted re-entry, as far as the event's policy cares) one entry is right and
// every other one is extra.
import type { Reentry } from './event.ts';
import { isExitMark, MARK, SCAN_MARKS_MAX, type ScanReason } from './scan.ts';
import { toPassId, toScanDigest } from './scan-mark.ts';
import type { Admission, Ticket } from './ticket.ts';

/** A scan that passed and that the ticket itself doesn't remember any more, or that was made offline. */
export interface Pass {
  readonly passId: string;
  readonly direction: 'entry' | 'exit';
  readonly scan: Admission;
  /** Told as a clash when it was recorded. */
  readonly clash?: ScanReason;
  /** Its only fault is that it came on top of another entry: an exit that comes in later may explain it. */
  readonly isExtra?: boolean;
  readonly isAnnulled?: boolean;
}

export interface KnownTicket {
  readonly ticket: Ticket;
  readonly passes: readonly Pass[];
  /** When a re-entry was granted. */
  readonly grantsMs: readonly number[];
}

interface Entry {
  readonly as: 'entry';
  readonly atMs: number;
  readonly scan?: Admission;
  readonly passId?: string;
  readonly isExtra: boolean;
}
export type Step = Entry | { readonly as: 'exit' | 'grant'; readonly atMs: number };

/** Of what happened in the same millisecond, somebody left before somebody came. */
const ORDER = { exit: 0, grant: 1, entry: 2 } as const;
const inOrder = (a: Step, b: Step): number => a.atMs - b.atMs || ORDER[a.as] - ORDER[b.as];

export function toSteps(known: KnownTicket): readonly Step[] {
  const { ticket, grantsMs } = known;
  const passes = known.passes.filter(
    (pass) => !isAnnulled(pass, ticket) && !isToldByName(pass, known),
  );
  const entries = toEntries(ticket, passes);
  const exits = passes.filter(({ direction }) => direction === 'exit').map(({ scan }) => scan.atMs);
  if (ticket.lastExit !== undefined) exits.push(ticket.lastExit.atMs);
  const newestMs = Math.max(0, ...entries.map(({ atMs }) => atMs));
  const isGrantMissing = ticket.reentryGranted && !grantsMs.some((atMs) => atMs >= newestMs);
  const steps: Step[] = [
    ...entries,
    ...exits.map((atMs) => ({ as: 'exit' as const, atMs })),
    ...grantsMs.map((atMs) => ({ as: 'grant' as const, atMs })),
  ].toSorted(inOrder);
  // Behind the newest entry: that it is still there says that no entry used it up.
  const at = steps.findLastIndex(({ as }) => as === 'entry') + 1;
  return isGrantMissing ? steps.toSpliced(at, 0, { as: 'grant', atMs: newestMs }) : steps;
}

const isAnnulled = ({ passId, isAnnulled: isTold }: Pass, { scanMarks, barcode }: Ticket) =>
  isTold === true ||
  scanMarks.some(
    (mark) => mark.startsWith(MARK.annulled) && toPassId(mark.slice(1), barcode) === passId,
  );

/** Kept a second time, because its ticket knew the scan's mark no more when the next scan came. */
const isToldByName = (pass: Pass, { ticket, passes }: KnownTicket): boolean =>
  pass.passId === toNamelessId(ticket, pass) &&
  passes.some(
    ({ passId, direction, scan }) =>
      passId !== pass.passId &&
      direction === pass.direction &&
      scan.atMs === pass.scan.atMs &&
      ['', scan.deviceId].includes(pass.scan.deviceId),
  );

function toEntries(ticket: Ticket, passes: readonly Pass[]): readonly Entry[] {
  const entries: Entry[] = passes
    .filter(({ direction }) => direction === 'entry')
    .map(({ scan, passId, isExtra = false }) => ({
      as: 'entry',
      atMs: scan.atMs,
      scan,
      passId,
      isExtra,
    }));
  // Online entries are told seconds later. Until then the ticket knows two: between exits that it has forgotten already
  // lies one of them, so that no run of scans looks emptier than it was.
  for (const scan of [ticket.beforeEntry?.admission, ticket.lastAdmission]) {
    const isKnown = entries.some(
      (entry) => entry.atMs === scan?.atMs && ['', entry.scan?.deviceId].includes(scan.deviceId),
    );
    if (scan !== undefined && !isKnown) {
      entries.push({ as: 'entry', atMs: scan.atMs, scan, isExtra: false });
    }
  }
  // One that is not there yet is older than those.
  if (ticket.admissions > entries.length) entries.push({ as: 'entry', atMs: 0, isExtra: false });
  return entries;
}

/** The entries before and after this moment up to the next walls. */
export function findRun(
  steps: readonly Step[],
  { direction, atMs }: { readonly direction: 'entry' | 'exit'; readonly atMs: number },
  reentry: Reentry,
): { readonly before: readonly Entry[]; readonly after: readonly Entry[] } {
  const index = steps.filter(
    (step) => inOrder(step, { as: direction, atMs, isExtra: false }) <= 0,
  ).length;
  const isWall = ({ as }: Step): boolean =>
    as === 'grant' || (as === 'exit' && reentry === 'afterExit');
  const from = steps.slice(0, index).findLastIndex(isWall) + 1;
  const length = steps.slice(index).findIndex(isWall);
  const to = length < 0 ? steps.length : index + length;
  const isEntry = (step: Step): step is Entry => step.as === 'entry';
  return {
    before: steps.slice(from, index).filter(isEntry),
    after: steps.slice(index, to).filter(isEntry),
  };
}

/**
 * What the next scan in this direction makes the ticket forget: the last one of its direction, and one of the other whose
 * mark falls out. An offline scan's own record knows it already.
 */
export function toForgotten(ticket: Ticket, direction: 'entry' | 'exit'): readonly Pass[] {
  const other = direction === 'entry' ? 'exit' : 'entry';
  const falling = ticket.scanMarks[SCAN_MARKS_MAX - 1];
  const isOtherGone = falling !== undefined && falling === findMarks(ticket, other)[0];
  return [direction, ...(isOtherGone ? ([other] as const) : [])].flatMap(
    (one) => toKept(ticket, one) ?? [],
  );
}

/** The admission before the last one: what the stream may not have told yet when an offline scan overwrites it. */
export function toForgottenBefore(ticket: Ticket): readonly Pass[] {
  const [, mark] = findMarks(ticket, 'entry');
  const pass = toPass(ticket, { direction: 'entry', scan: ticket.beforeEntry?.admission, mark });
  return pass === undefined ? [] : [pass];
}

/** Of scans that passed, the newest first. */
const findMarks = ({ scanMarks }: Ticket, direction: 'entry' | 'exit'): readonly string[] =>
  scanMarks.filter(
    (mark) => !mark.startsWith(MARK.annulled) && isExitMark(mark) === (direction === 'exit'),
  );

function toKept(ticket: Ticket, direction: 'entry' | 'exit'): Pass | undefined {
  const scan = direction === 'entry' ? ticket.lastAdmission : ticket.lastExit;
  const [mark] = findMarks(ticket, direction);
  return toPass(ticket, { direction, scan, mark });
}

function toPass(
  ticket: Ticket,
  {
    direction,
    scan,
    mark,
  }: {
    readonly direction: 'entry' | 'exit';
    readonly scan: Admission | undefined;
    readonly mark: string | undefined;
  },
): Pass | undefined {
  if (scan === undefined) return undefined;
  if (mark !== undefined && OFFLINE.some((letter) => mark.startsWith(letter))) return undefined;
  const passId =
    mark === undefined
      ? toNamelessId(ticket, { direction, scan })
      : toPassId(mark.slice(1), ticket.barcode);
  return { passId, direction, scan };
}

/** Of a scan whose mark is gone: after a reissue, or after four others. */
const toNamelessId = (
  { eventTicketId }: Ticket,
  { direction, scan }: Pick<Pass, 'direction' | 'scan'>,
): string => toScanDigest(scan.deviceId, `${eventTicketId}\n${direction}\n${scan.atMs}`);

const OFFLINE = [MARK.offlineEntry, MARK.offlineClash, MARK.offlineExit];
