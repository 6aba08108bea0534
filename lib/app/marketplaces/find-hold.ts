// A hold as it is told to its marketplace. What was told stays true: before anybody hears that a hold is over, it is over
// for every server, also for one whose clock is behind.
import {
  type Hold,
  isAhead,
  type ReleasedAhead,
  toHoldStatus,
} from '../../domain/marketplaces/hold.ts';
import type { HoldIds, HoldStore } from '../marketplace-ports.ts';

export interface HoldRequest extends HoldIds {
  readonly nowMs: number;
}

export interface FindHoldDeps {
  readonly holds: Pick<HoldStore, 'find' | 'resolve'>;
}

/** Each further try follows another call for this very hold. */
const TRIES_MAX = 30;

export async function findHold(
  { holds }: FindHoldDeps,
  request: HoldRequest,
): Promise<Hold | ReleasedAhead | undefined> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const hold = await holds.find(request);
    if (hold === undefined || isAhead(hold)) return hold;
    const status = toHoldStatus(hold, request.nowMs);
    if (status === hold.status) return hold;
    const outcome = await holds.resolve(hold, 'EXPIRED', request.nowMs);
    if (outcome === 'committed') return { ...hold, status };
  }
  throw new Error('a hold changed all the time while it was looked at');
}
