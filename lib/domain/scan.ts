// The door's decision: may this barcode pass now? `decideScan` is the whole rule; the write's condition in
// lib/table/scan-store.ts states the same facts, and a property test holds the two together.
import type { Gate, Reentry } from './event.ts';
import type { Standing, Ticket } from './ticket.ts';

export const SCAN_REASONS = [
  'UNKNOWN',
  'ALREADY_USED',
  'SWAPPED',
  'REPLACED',
  'BLOCKED',
  'CANCELED',
  'UNPAID',
  'WRONG_EVENT',
  'WRONG_GATE',
  'TOO_EARLY',
  'TOO_LATE',
  'HELD',
  'NOT_INSIDE',
  'ANNULLED',
  'MALFORMED',
] as const;
export type ScanReason = (typeof SCAN_REASONS)[number];

export type Direction = 'entry' | 'exit';

/** What the door needs of an event; read at most once per cache period. */
export interface DoorSettings {
  readonly eventId: string;
  readonly endsAtMs: number;
  readonly reentry: Reentry;
  readonly gates: ReadonlyMap<string, DoorGate>;
  readonly typeNames: ReadonlyMap<number, string>;
}
export interface DoorGate {
  readonly ticketTypeIds?: readonly number[];
  readonly fromMs?: number;
  readonly untilMs?: number;
}

export const toDoorGate = (gate: Gate): DoorGate => ({
  ...(gate.ticketTypeIds ? { ticketTypeIds: gate.ticketTypeIds } : {}),
  ...(gate.from === undefined ? {} : { fromMs: Date.parse(gate.from) }),
  ...(gate.until === undefined ? {} : { untilMs: Date.parse(gate.until) }),
});

export interface ScanQuestion {
  readonly eventId: string;
  readonly direction: Direction;
  /** Mark of this scan's id and device, see `toScanMark`. */
  readonly scanDigest: string;
  readonly gateId?: string;
}

export type ScanDecision =
  | {
      readonly pass: true;
      /** Of the scan itself; a repeat tells the direction of the scan that it repeats. */
      readonly direction: Direction;
      readonly repeated: boolean;
      readonly balanceDue: boolean;
    }
  | { readonly pass: false; readonly reason: ScanReason; readonly repeated: boolean };

/** How a remembered scan ended; the first letter of its mark. A clash is an offline entry that was one too many. */
export const MARK = {
  entry: 'E',
  exit: 'X',
  annulled: 'A',
  offlineEntry: 'O',
  offlineClash: 'C',
  offlineExit: 'Y',
} as const;
export const isExitMark = (mark: string): boolean =>
  mark.startsWith(MARK.exit) || mark.startsWith(MARK.offlineExit);
/** The mark of this scan, if the ticket still remembers it. */
export const findMark = (ticket: Ticket, scanDigest: string): string | undefined =>
  ticket.scanMarks.find((mark) => mark.slice(1) === scanDigest);
/** Scans that a ticket remembers (product.md section 5): a scanner repeats only its newest one. */
export const SCAN_MARKS_MAX = 4;
/** Stands in the place of a mark that doesn't exist yet. */
export const NO_MARK = '-';

const REFUSED_STANDING: Readonly<Record<Exclude<Standing, 'ACTIVE'>, ScanReason>> = {
  BLOCKED: 'BLOCKED',
  SWAPPED: 'SWAPPED',
  REPLACED: 'REPLACED',
  CANCELED: 'CANCELED',
};

/** Whether gate and time allow anybody: what can be told without the ticket. */
export function findClosedReason(
  question: Pick<ScanQuestion, 'direction' | 'gateId'>,
  settings: DoorSettings,
  nowMs: number,
): ScanReason | undefined {
  if (question.direction === 'exit') return undefined;
  const gate = question.gateId === undefined ? undefined : settings.gates.get(question.gateId);
  if (gate?.fromMs !== undefined && nowMs < gate.fromMs) return 'TOO_EARLY';
  if (nowMs > Math.min(gate?.untilMs ?? Infinity, settings.endsAtMs)) return 'TOO_LATE';
  return undefined;
}

/** Types that the gate lets in, or undefined when it lets in all. */
export const findGateTypes = (
  question: Pick<ScanQuestion, 'direction' | 'gateId'>,
  settings: DoorSettings,
): readonly number[] | undefined =>
  question.direction === 'exit' || question.gateId === undefined
    ? undefined
    : settings.gates.get(question.gateId)?.ticketTypeIds;

/** Pure: the same ticket, question, settings and time always give the same decision. */
export function decideScan(
  ticket: Ticket | undefined,
  question: ScanQuestion,
  settings: DoorSettings,
  nowMs: number,
): ScanDecision {
  const no = (reason: ScanReason, repeated = false): ScanDecision => ({
    pass: false,
    reason,
    repeated,
  });
  if (ticket === undefined) return no('UNKNOWN');
  if (ticket.eventId !== question.eventId) return no('WRONG_EVENT');
  // A repeat is answered before any rule: the person is already inside.
  const mark = findMark(ticket, question.scanDigest);
  if (mark?.startsWith(MARK.annulled)) return no('ANNULLED', true);
  const balanceDue = ticket.payment === 'PARTLY';
  const pass = (direction: Direction, repeated = false): ScanDecision => ({
    pass: true,
    direction,
    repeated,
    balanceDue,
  });
  if (mark !== undefined) return pass(isExitMark(mark) ? 'exit' : 'entry', true);

  if (ticket.standing !== 'ACTIVE') return no(REFUSED_STANDING[ticket.standing]);
  if (question.direction === 'exit') {
    return ticket.inside ? pass('exit') : no('NOT_INSIDE');
  }
  if (ticket.payment === 'NOTHING') return no('UNPAID');
  if (ticket.heldUntilMs !== undefined && ticket.heldUntilMs > nowMs) return no('HELD');
  if (!mayEnter(ticket, settings.reentry)) return no('ALREADY_USED');
  if (findGateTypes(question, settings)?.includes(ticket.ticketTypeId) === false)
    return no('WRONG_GATE');
  const closed = findClosedReason(question, settings, nowMs);
  return closed === undefined ? pass('entry') : no(closed);
}

function mayEnter(ticket: Ticket, reentry: Reentry): boolean {
  if (ticket.reentryGranted) return true;
  switch (reentry) {
    case 'always':
      return true;
    case 'afterExit':
      return !ticket.inside;
    case 'never':
      return ticket.admissions === 0;
  }
}
