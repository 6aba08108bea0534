// Guessing barcodes at the door: a device that asks for many barcodes which don't exist is slowed, then locked. Only
// UNKNOWN and MALFORMED count. Nobody who scans by hand gets there, whatever people bring along: it takes twenty misses
// within a minute to be slowed, and going on at a machine's pace to be locked.
import type { ScanReason } from './scan.ts';

/** Product.md section 2: never before 20 in a minute. */
const MISSES_TO_SLOW = 20;
export const MISSES_WINDOW_MS = 60_000;
/** While slowed, one scan in this time: a queue still moves, 12 digits would take a hundred thousand years. */
export const SLOWED_INTERVAL_MS = 2_000;
const SLOWED_MS = 5 * 60_000;
/** Misses within ten minutes, of a device that is slowed already. */
const MISSES_TO_LOCK = 100;
export const LOCK_WINDOW_MS = 10 * 60_000;
const LOCKED_MS = 10 * 60_000;

/** Until when a device is slowed or locked; absent: it is not. */
export interface GuessState {
  readonly slowedUntilMs?: number;
  readonly lockedUntilMs?: number;
}

export const isMiss = (reason: ScanReason | undefined): boolean =>
  reason === 'UNKNOWN' || reason === 'MALFORMED';

/**
 * An offline scan's miss counts when it happened: a scanner that syncs an evening has not guessed all of it now. What a
 * device says of its time is believed for a day, so that it can't have ever more minutes to guess in.
 */
const OFFLINE_BELIEVED_MS = 24 * 3_600_000;
export const toMissMs = (
  { atMs, isOffline }: { readonly atMs: number; readonly isOffline: boolean },
  nowMs: number,
): number => (isOffline ? Math.max(atMs, nowMs - OFFLINE_BELIEVED_MS) : atMs);

export interface Misses {
  readonly inMinute: number;
  readonly inTenMinutes: number;
}

/** The most misses that lie within a minute and within ten of them. */
export function countBusiest(timesMs: readonly number[]): Misses {
  const within = (windowMs: number): number =>
    Math.max(
      0,
      ...timesMs.map(
        (endMs) => timesMs.filter((atMs) => atMs <= endMs && atMs > endMs - windowMs).length,
      ),
    );
  return { inMinute: within(MISSES_WINDOW_MS), inTenMinutes: within(LOCK_WINDOW_MS) };
}

/** What these numbers of misses make of a device, `state` being what it was. */
export function decideGuessState(state: GuessState, misses: Misses, nowMs: number): GuessState {
  const isSlowed = (state.slowedUntilMs ?? 0) > nowMs;
  if (isSlowed && misses.inTenMinutes >= MISSES_TO_LOCK) {
    return { slowedUntilMs: nowMs + LOCKED_MS + SLOWED_MS, lockedUntilMs: nowMs + LOCKED_MS };
  }
  return misses.inMinute >= MISSES_TO_SLOW ? { ...state, slowedUntilMs: nowMs + SLOWED_MS } : state;
}
