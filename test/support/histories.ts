// Recorded histories of the door, checked for linearizability. The stream of the table is the witness: it tells in which
// order an item was written. A history is linearizable when that order agrees with the time of every operation, every
// write was allowed by the state before it, and every refusal was true of a state that the operation can have met.
import { decideScan, type DoorSettings } from '../../lib/domain/scan.ts';
import { findPassedScan } from '../../lib/domain/attendance.ts';
import type { Ticket } from '../../lib/domain/ticket.ts';

/** One write of one barcode's item, in the order of the stream. */
export interface Write {
  readonly before?: Ticket;
  readonly after?: Ticket;
  readonly writtenAtMs: number;
}

/** An operation as its caller saw it. */
export interface Operation {
  readonly kind: 'entry' | 'exit' | 'annul';
  readonly barcode: string;
  readonly scanDigest: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `unknown`: failed, so it may have been done or not. */
  readonly answer: string;
  readonly repeated: boolean;
}

export interface Verdict {
  readonly writes: number;
  readonly admissions: number;
  /** Refusals and repeats: answers that wrote nothing. */
  readonly refusals: number;
  readonly violations: string[];
}

export function checkHistories(
  operations: readonly Operation[],
  writes: ReadonlyMap<string, readonly Write[]>,
  settings: DoorSettings,
): Verdict {
  const verdict: Verdict & { admissions: number; refusals: number } = {
    writes: [...writes.values()].reduce((sum, each) => sum + each.length, 0),
    admissions: 0,
    refusals: 0,
    violations: [],
  };
  const byBarcode = Map.groupBy(operations, ({ barcode }) => barcode);
  for (const [barcode, own] of writes) {
    const fail = (text: string): void => void verdict.violations.push(`${barcode}: ${text}`);
    checkWrites(own, settings, fail);
    verdict.admissions += own.filter((write) => toKind(write) === 'entry').length;
    const done = byBarcode.get(barcode) ?? [];
    const spans = toSpans(own, done);
    checkOrder(own, spans, done, fail);
    const told = done.filter(({ kind, answer }) => kind !== 'annul' && answer !== 'unknown');
    const withoutWrite = told.filter(({ answer, repeated }) => repeated || !PASSED.has(answer));
    verdict.refusals += withoutWrite.length;
    for (const operation of withoutWrite) checkAnswer(operation, { own, spans, settings, fail });
  }
  for (const own of writes.values()) verdict.violations.push(...checkSuccession(own, writes));
  return verdict;
}

/** Nobody is let in twice by two barcodes: an admitted ticket isn't swapped, and a reissued one goes on as it was. */
function checkSuccession(
  own: readonly Write[],
  writes: ReadonlyMap<string, readonly Write[]>,
): readonly string[] {
  return own.flatMap(({ before, after }) => {
    if (before === undefined || after === undefined) return [];
    const { barcode } = before;
    if (after.standing === 'SWAPPED' && before.standing !== 'SWAPPED' && before.admissions > 0) {
      return [`${barcode}: swapped after an admission`];
    }
    if (after.standing !== 'REPLACED' || before.standing === 'REPLACED') return [];
    const next = writes.get(after.replacedBy ?? '')?.[0]?.after;
    const isSame = next !== undefined && toEntered(next) === toEntered(before);
    return isSame ? [] : [`${barcode}: its new barcode forgot who is in`];
  });
}

const toEntered = ({ admissions, inside, reentryGranted = false }: Ticket): string =>
  `${admissions} ${inside} ${reentryGranted}`;

const PASSED = new Set(['ADMITTED', 'EXITED', 'ANNULLED_NOW']);
type Fail = (text: string) => void;

/** What kind of the door's writes this is; undefined for those of others. */
function toKind(write: Write): Operation['kind'] | undefined {
  const passed = findPassedScan(write);
  if (passed === undefined) return undefined;
  if (passed.outcome === 'ANNULLED') return 'annul';
  return passed.direction;
}
const toDigest = (write: Write): string => write.after?.scanMarks[0]?.slice(1) ?? '';

/** Every write of the door was allowed, and no two admissions lie side by side. */
function checkWrites(own: readonly Write[], settings: DoorSettings, fail: Fail): void {
  let open: string | undefined;
  for (const write of own) {
    const { before, after } = write;
    const kind = toKind(write);
    if (after?.reentryGranted && !before?.reentryGranted) open = undefined;
    if (kind === undefined || before === undefined || after === undefined) continue;
    if (kind === 'entry') {
      if (open !== undefined) fail(`admitted ${toDigest(write)} on top of ${open}`);
      open = toDigest(write);
    } else {
      open = undefined;
    }
    if (kind === 'annul') {
      if (after.admissions !== before.admissions - 1) fail('an annul took off another number');
      continue;
    }
    const question = { eventId: before.eventId, direction: kind, scanDigest: toDigest(write) };
    const atMs = (kind === 'entry' ? after.lastAdmission : after.lastExit)?.atMs ?? 0;
    const decision = decideScan(before, question, settings, atMs);
    if (!decision.pass || decision.repeated) fail(`a ${kind} was written that was not allowed`);
  }
}

/** Each passed operation is one write, in an order that agrees with the clock. */
function checkOrder(
  own: readonly Write[],
  spans: readonly Span[],
  done: readonly Operation[],
  fail: Fail,
): void {
  let latestStartMs = -Infinity;
  for (const [index, write] of own.entries()) {
    const kind = toKind(write);
    if (kind === undefined) continue;
    const { startMs, endMs } = spans[index] ?? ALWAYS;
    if (startMs === Infinity) fail(`${kind} ${toDigest(write)} that nobody asked for`);
    if (endMs < latestStartMs)
      fail(`${kind} ${toDigest(write)} was told before a write ahead of it began`);
    latestStartMs = Math.max(latestStartMs, startMs);
  }
  const written = new Set(own.map((write) => `${toKind(write)} ${toDigest(write)}`));
  for (const { kind, scanDigest, answer } of done) {
    if (PASSED.has(answer) && !written.has(`${kind} ${scanDigest}`)) fail(`${answer} of no write`);
  }
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}
const ALWAYS: Span = { startMs: -Infinity, endMs: Infinity };

/**
 * Of each write, from the first time that it was asked for until it was told. A scan that its ticket had forgotten, four
 * scans later, is written again when it is repeated: which of its answers belongs to which write is then unknown.
 */
function toSpans(own: readonly Write[], done: readonly Operation[]): readonly Span[] {
  const name = (kind: Operation['kind'] | undefined, digest: string) => `${kind} ${digest}`;
  const names = own.map((write) => name(toKind(write), toDigest(write)));
  const times = Map.groupBy(names, (one) => one);
  const asked = Map.groupBy(done, ({ kind, scanDigest }) => name(kind, scanDigest));
  return own.map((write, index) => {
    const one = names[index] ?? '';
    if (toKind(write) === undefined) return ALWAYS;
    const mine = asked.get(one) ?? [];
    const told = mine.filter(({ answer }) => PASSED.has(answer));
    const isOnce = times.get(one)?.length === 1;
    return {
      startMs: Math.min(...mine.map(({ startMs }) => startMs)),
      endMs: isOnce ? Math.min(...told.map(({ endMs }) => endMs)) : Infinity,
    };
  });
}

/** An answer without a write was true of a state that the operation can have met: after each write that had ended, before each that had not begun. */
function checkAnswer(
  operation: Operation,
  {
    own,
    spans,
    settings,
    fail,
  }: {
    readonly own: readonly Write[];
    readonly spans: readonly Span[];
    readonly settings: DoorSettings;
    readonly fail: Fail;
  },
): void {
  let first = 0;
  for (const [index, { endMs }] of spans.entries())
    if (endMs < operation.startMs) first = index + 1;
  let last = own.length;
  for (const [index, { startMs }] of [...spans.entries()].toReversed()) {
    if (startMs > operation.endMs) last = index;
  }
  for (let index = first; index <= last; index += 1) {
    const state = index === 0 ? own[0]?.before : own[index - 1]?.after;
    if (isTrue(operation, state, settings)) return;
  }
  const { kind, answer, scanDigest } = operation;
  fail(`${kind} ${scanDigest} was answered ${answer}, which never was true meanwhile`);
}

/** A refusal with this reason, or a repeat of a scan that the ticket remembers. */
function isTrue(
  { kind, scanDigest, answer, repeated }: Operation,
  state: Ticket | undefined,
  settings: DoorSettings,
): boolean {
  const direction = kind === 'exit' ? 'exit' : 'entry';
  const question = { eventId: settings.eventId, direction, scanDigest } as const;
  const decision = decideScan(state, question, settings, 0);
  if (decision.repeated !== repeated) return false;
  if (!decision.pass) return decision.reason === answer;
  return answer === (decision.direction === 'entry' ? 'ADMITTED' : 'EXITED');
}
