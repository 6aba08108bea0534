// Sales that wait for tickets: they are tried again, oldest first, when some of their listing may have come free, and
// rejected when nobody can wait any longer.
import { isCanceledAhead, isOverdue, toRejected } from '../../domain/marketplaces/sale.ts';
import type { ListingIds, SaleIds, SaleStore } from '../marketplace-ports.ts';
import { type ReceiveDeps, trySale } from './receive-sale.ts';

export type WaitingDeps = ReceiveDeps & {
  readonly sales: Pick<SaleStore, 'find' | 'change' | 'sell' | 'listWaiting'>;
};

/** Repeat-safe. One that can't be tried keeps none of the others; then it throws. */
export async function retryWaiting(
  deps: WaitingDeps,
  listing: ListingIds,
  nowMs: number,
): Promise<void> {
  const ends: PromiseSettledResult<void>[] = [];
  for (const ids of await deps.sales.listWaiting(listing)) {
    ends.push(...(await Promise.allSettled([retry(deps, ids, nowMs)])));
  }
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function retry(deps: WaitingDeps, ids: SaleIds, nowMs: number): Promise<void> {
  const sale = await deps.sales.find(ids);
  if (sale === undefined || isCanceledAhead(sale) || sale.status !== 'UNAVAILABLE') return;
  const channel = await deps.channels.find(ids.organizationId, ids.marketplace);
  await trySale(deps, sale, { channel, nowMs });
}

/** Of one minute; more wait for the next. */
const SALES_MAX = 500;
const SALES_PAGE = 25;

/** Whoever confirms one in the same moment wins, or doesn't: it is one or the other. */
export async function rejectDue(
  { sales }: { readonly sales: Pick<SaleStore, 'listDue' | 'change'> },
  nowMs: number,
): Promise<number> {
  let rejected = 0;
  for (let seen = 0; seen < SALES_MAX; seen += SALES_PAGE) {
    const due = await sales.listDue(nowMs, SALES_PAGE);
    for (const before of due) {
      // Decided since the index said so: then it isn't due.
      if (!isOverdue(before, nowMs)) continue;
      const after = toRejected(before, { reason: 'not_available', isAuto: true, nowMs });
      if (after === undefined) continue;
      if (await sales.change({ before, after, nowMs })) rejected += 1;
    }
    if (due.length < SALES_PAGE) break;
  }
  return rejected;
}
