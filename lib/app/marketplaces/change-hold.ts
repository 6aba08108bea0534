// Reading, extending and releasing a hold, and the end of one that is over.
import { type Hold, isAhead } from '../../domain/marketplaces/hold.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { HoldStore } from '../marketplace-ports.ts';
import { findHold, type FindHoldDeps, type HoldRequest } from './find-hold.ts';
import { refusePast, toExpiry } from './place-hold.ts';

interface HoldDeps extends FindHoldDeps {
  readonly holds: Pick<HoldStore, 'find' | 'extend' | 'resolve' | 'releaseAhead'>;
}

/** Each further try follows another call for this very hold. */
const TRIES_MAX = 30;

/** Refuses `not_found`, also for a hold of which only the release came. */
export async function readHold(deps: FindHoldDeps, request: HoldRequest): Promise<Result<Hold>> {
  const hold = await findHold(deps, request);
  return hold === undefined || isAhead(hold) ? refuse('not_found') : ok(hold);
}

/**
 * A later time than the channel allows from now on is cut to that. Refuses `not_found`, `hold_expired`,
 * `hold_released`, `already_invoiced`, `validation_failed`, `unavailable`.
 */
export async function extendHold(
  deps: HoldDeps,
  request: HoldRequest & { readonly expiresAtMs: number; readonly holdMinutes: number },
): Promise<Result<Hold>> {
  const { nowMs } = request;
  const expiresAtMs = toExpiry(request);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const found = await readHold(deps, request);
    if (!found.ok) return found;
    const refusal = refuseResolved(found.value) ?? refusePast(request);
    if (refusal !== undefined) return refusal;
    const hold = found.value;
    if (hold.expiresAtMs === expiresAtMs) return found;
    const outcome = await deps.holds.extend(hold, expiresAtMs, nowMs);
    if (outcome === 'committed') return ok({ ...hold, expiresAtMs });
    if (outcome === 'lost' && (await isLost(deps, hold, nowMs))) return refuse('hold_expired');
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

/** What was told of a hold that is no longer held. */
export function refuseResolved({ status }: Pick<Hold, 'status'>) {
  switch (status) {
    case 'HELD':
      return undefined;
    case 'INVOICED':
      return refuse('already_invoiced');
    case 'RELEASED':
      return refuse('hold_released');
    case 'EXPIRED':
      return refuse('hold_expired');
  }
}

/**
 * Repeat-safe; a release that comes before its hold is remembered, one of a hold that is over changes nothing. Refuses
 * `already_invoiced`, `unavailable`.
 */
export async function releaseHold(
  deps: HoldDeps,
  request: HoldRequest,
): Promise<Result<undefined>> {
  const { holds } = deps;
  const { nowMs } = request;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const hold = await findHold(deps, request);
    if (hold === undefined) {
      if (await holds.releaseAhead(request, nowMs)) return ok(undefined);
      continue;
    }
    if (isAhead(hold)) return ok(undefined);
    const { status } = hold;
    if (status === 'INVOICED') return refuse('already_invoiced');
    if (status !== 'HELD') return ok(undefined);
    const outcome = await holds.resolve(hold, 'RELEASED', nowMs);
    if (outcome === 'committed') return ok(undefined);
    if (outcome === 'lost' && (await isLost(deps, hold, nowMs))) return ok(undefined);
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

/** A ticket went to somebody whose clock is ahead: the hold is over, and is told so from now on. */
export async function isLost(
  { holds }: { readonly holds: Pick<HoldStore, 'resolve'> },
  hold: Hold,
  nowMs: number,
): Promise<boolean> {
  const overMs = Math.max(nowMs, hold.expiresAtMs);
  return (await holds.resolve(hold, 'EXPIRED', overMs)) === 'committed';
}
