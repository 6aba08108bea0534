// Who is inside and who was: what each change of a ticket adds to the counters of its event. Counters are sums, so that
// changes may be added up in any order and in any groups.
import { isExitMark, MARK } from './scan.ts';
import type { Admission, Ticket } from './ticket.ts';

/** A ticket before and after one write; absent: there was none. */
export interface TicketChange {
  readonly before?: Ticket;
  readonly after?: Ticket;
  /** When it was written, to the second. */
  readonly writtenAtMs: number;
}

/** A scan that passed, as it is seen in what it did to its ticket. */
export interface PassedScan {
  readonly outcome: 'ADMITTED' | 'EXITED' | 'ANNULLED' | 'ADMITTED_OFFLINE_CLASH';
  readonly direction: 'entry' | 'exit';
  readonly scanDigest: string;
  readonly isOffline: boolean;
  readonly scan: Omit<Admission, 'scannedAtMs'>;
}

/** Each passed scan puts a mark of its own in front, and an annul changes the first one. */
export function findPassedScan({
  before,
  after,
  writtenAtMs,
}: TicketChange): PassedScan | undefined {
  if (before === undefined || after === undefined) return undefined;
  const [mark] = after.scanMarks;
  if (mark === undefined || mark === before.scanMarks[0]) return undefined;
  const scanDigest = mark.slice(1);
  if (mark.startsWith(MARK.annulled)) {
    const { deviceId = '', gateId } = before.lastAdmission ?? {};
    const { annulledAtMs: atMs = writtenAtMs } = after;
    const scan = { atMs, deviceId, ...(gateId === undefined ? {} : { gateId }) };
    return { outcome: 'ANNULLED', direction: 'entry', scanDigest, isOffline: false, scan };
  }
  const isExit = isExitMark(mark);
  const scan = isExit ? after.lastExit : after.lastAdmission;
  if (scan === undefined) return undefined;
  const isClash = mark.startsWith(MARK.offlineClash);
  return {
    outcome: isExit ? 'EXITED' : isClash ? 'ADMITTED_OFFLINE_CLASH' : 'ADMITTED',
    direction: isExit ? 'exit' : 'entry',
    scanDigest,
    isOffline: isClash || mark.startsWith(MARK.offlineEntry) || mark.startsWith(MARK.offlineExit),
    scan,
  };
}

export interface TypeCounts {
  readonly inside: number;
  /** Tickets that were admitted, however often. */
  readonly admitted: number;
  /** Admissions, annulled ones taken off. */
  readonly entries: number;
}
export interface PassCounts {
  readonly admitted: number;
  readonly entries: number;
  readonly exits: number;
}

/** What one change adds, all of it at one gate and in one minute. */
export interface AttendanceChange {
  readonly types: ReadonlyMap<number, TypeCounts>;
  readonly pass: PassCounts;
  readonly gateId?: string;
  readonly atMs: number;
}

/** Undefined when the change adds nothing. */
export function toAttendanceChange(change: TicketChange): AttendanceChange | undefined {
  const { before, after } = change;
  const [was, is] = [toCounts(before), toCounts(after)];
  const types = new Map<number, TypeCounts>();
  if (before !== undefined) add(types, before.ticketTypeId, was, -1);
  if (after !== undefined) add(types, after.ticketTypeId, is, 1);
  for (const [typeId, counts] of types) if (isNothing(counts)) types.delete(typeId);
  const passed = findPassedScan(change);
  const pass = {
    admitted: is.admitted - was.admitted,
    entries: is.entries - was.entries,
    exits: Number(passed?.outcome === 'EXITED'),
  };
  if (types.size === 0 && isNothing(pass)) return undefined;
  // An annul takes off where the entry had added; a move to another item or type happens where the entry was.
  const at =
    passed === undefined || passed.outcome === 'ANNULLED'
      ? (before?.lastAdmission ?? after?.lastAdmission)
      : passed.scan;
  return {
    types,
    pass,
    ...(at?.gateId === undefined ? {} : { gateId: at.gateId }),
    atMs: at?.atMs ?? change.writtenAtMs,
  };
}

/** A barcode that is replaced hands its counts over to the next one, so both count as they stand. */
const toCounts = (ticket: Ticket | undefined): TypeCounts =>
  ticket === undefined
    ? { inside: 0, admitted: 0, entries: 0 }
    : {
        inside: Number(ticket.inside),
        admitted: Number(ticket.admissions > 0),
        entries: ticket.admissions,
      };

function add(
  types: Map<number, TypeCounts>,
  typeId: number,
  counts: TypeCounts,
  sign: 1 | -1,
): void {
  const { inside, admitted, entries } = types.get(typeId) ?? toCounts(undefined);
  types.set(typeId, {
    inside: inside + sign * counts.inside,
    admitted: admitted + sign * counts.admitted,
    entries: entries + sign * counts.entries,
  });
}

const isNothing = (counts: TypeCounts | PassCounts): boolean =>
  Object.values(counts).every((count) => count === 0);

export interface Attendance {
  readonly types: ReadonlyMap<number, TypeCounts>;
  readonly gates: ReadonlyMap<string, PassCounts>;
  /** By minute since 1970. */
  readonly minutes: ReadonlyMap<number, PassCounts>;
  readonly refusals: ReadonlyMap<string, number>;
}
