// Holds whose time is over. It was over the moment it was: this only takes them off the count of held tickets, and tells
// the other marketplaces that there are more tickets again.
import type { HoldStore } from '../marketplace-ports.ts';

/** Of one minute; more wait for the next. */
const HOLDS_MAX = 500;
const HOLDS_PAGE = 25;

export async function expireHolds(
  { holds }: { readonly holds: Pick<HoldStore, 'listDue' | 'resolve'> },
  nowMs: number,
): Promise<number> {
  let expired = 0;
  for (let seen = 0; seen < HOLDS_MAX; seen += HOLDS_PAGE) {
    const due = await holds.listDue(nowMs, HOLDS_PAGE);
    for (const hold of due) {
      // Extended or resolved since the index said so: then it isn't due.
      if (hold.status !== 'HELD' || hold.expiresAtMs > nowMs) continue;
      if ((await holds.resolve(hold, 'EXPIRED', nowMs)) === 'committed') expired += 1;
    }
    if (due.length < HOLDS_PAGE) break;
  }
  return expired;
}
