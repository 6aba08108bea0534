// Slows and locks devices that guess. Each process counts what it answers itself, which acts at once; what all processes
// answered together is counted behind the queue and comes in with the key, which is read once a cache period.
import type { Actor } from '../../domain/access.ts';
import {
  countBusiest,
  decideGuessState,
  type GuessState,
  LOCK_WINDOW_MS,
  type Misses,
  MISSES_WINDOW_MS,
  SLOWED_INTERVAL_MS,
} from '../../domain/guessing.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';

export interface GuessGuard {
  /** Refuses `rate_limited` for a device that is locked, or slowed and too early. */
  readonly check: (actor: Actor, nowMs: number) => Result<undefined>;
  readonly miss: (actor: Actor, nowMs: number) => void;
  /** All of one batch; other batches are counted behind the queue. */
  readonly missOffline: (actor: Actor, timesMs: readonly number[], nowMs: number) => void;
}

interface Guesser {
  readonly missesMs: number[];
  state: GuessState;
  nextMs: number;
}

/** Devices that missed lately; the least recently seen goes first. */
const GUESSERS_MAX = 10_000;

export function createGuessGuard(): GuessGuard {
  const guessers = new Map<string, Guesser>();

  const find = (keyId: string): Guesser => {
    const found = guessers.get(keyId) ?? { missesMs: [], state: {}, nextMs: 0 };
    guessers.delete(keyId);
    guessers.set(keyId, found);
    if (guessers.size > GUESSERS_MAX) {
      const [oldest] = guessers.keys();
      if (oldest !== undefined) guessers.delete(oldest);
    }
    return found;
  };

  const note = ({ keyId, guesses = {} }: Actor, misses: Misses, nowMs: number): void => {
    const guesser = find(keyId);
    guesser.state = decideGuessState({ ...guesses, ...guesser.state }, misses, nowMs);
  };

  return {
    check(actor, nowMs) {
      const own = guessers.get(actor.keyId);
      if (own === undefined && actor.guesses === undefined) return ok(undefined);
      const states = [own?.state ?? {}, actor.guesses ?? {}];
      const until = (name: keyof GuessState): number =>
        Math.max(...states.map((state) => state[name] ?? 0));
      const lockedMs = until('lockedUntilMs') - nowMs;
      if (lockedMs > 0) return tooManyGuesses(lockedMs);
      if (until('slowedUntilMs') <= nowMs) return ok(undefined);
      const guesser = find(actor.keyId);
      if (guesser.nextMs > nowMs) return tooManyGuesses(guesser.nextMs - nowMs);
      guesser.nextMs = nowMs + SLOWED_INTERVAL_MS;
      return ok(undefined);
    },

    miss(actor, nowMs) {
      const guesser = find(actor.keyId);
      guesser.missesMs.push(nowMs);
      while ((guesser.missesMs[0] ?? nowMs) <= nowMs - LOCK_WINDOW_MS) guesser.missesMs.shift();
      const inMinute = guesser.missesMs.filter((atMs) => atMs > nowMs - MISSES_WINDOW_MS).length;
      note(actor, { inMinute, inTenMinutes: guesser.missesMs.length }, nowMs);
    },

    missOffline(actor, timesMs, nowMs) {
      if (timesMs.length > 0) note(actor, countBusiest(timesMs), nowMs);
    },
  };
}

const tooManyGuesses = (waitMs: number) =>
  refuse('rate_limited', {
    detail: 'This device asks for too many barcodes that do not exist.',
    retryAfterSeconds: Math.ceil(waitMs / 1_000),
  });
