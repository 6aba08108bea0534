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

/** What these numbers of misses make of a device, `state` being what it was. */
export function decideGuessState(
  state: GuessState,
  misses: { readonly inMinute: number; readonly inTenMinutes: number },
  nowMs: number,
): GuessState {
  const isSlowed = (state.slowedUntilMs ?? 0) > nowMs;
  if (isSlowed && misses.inTenMinutes >= MISSES_TO_LOCK) {
    return { slowedUntilMs: nowMs + LOCKED_MS + SLOWED_MS, lockedUntilMs: nowMs + LOCKED_MS };
  }
  return misses.inMinute >= MISSES_TO_SLOW ? { ...state, slowedUntilMs: nowMs + SLOWED_MS } : state;
}
