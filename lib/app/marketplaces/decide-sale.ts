// The host decides on a sale without tickets: it is confirmed after all, or rejected; or, once a marketplace didn't take
// what was decided, is told again.
import {
  isCanceledAhead,
  type MarketplaceSale,
  toRejected,
  toStatus,
  toToldAgain,
} from '../../domain/marketplaces/sale.ts';
import type { RejectReason } from '../../domain/marketplaces/notice.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { SaleStore } from '../marketplace-ports.ts';
import { type ReceiveDeps, sellWaiting } from './receive-sale.ts';

export interface DecideRequest {
  readonly organizationId: string;
  readonly saleId: string;
  readonly nowMs: number;
}

/** Each further try follows another change of this very sale. */
const TRIES_MAX = 20;

type Decide = (sale: MarketplaceSale) => Promise<Result<MarketplaceSale> | 'again'>;

export type ConfirmDeps = Omit<ReceiveDeps, 'channels' | 'sales'> & {
  readonly sales: Pick<SaleStore, 'find' | 'findById' | 'change' | 'sell'>;
};

/**
 * Also from a listing that is offered no more. Repeat-safe. Refuses `not_found`, `not_available` without tickets,
 * `not_confirmable` for a sale that is over, `unavailable`.
 */
export const confirmSale = (
  deps: ConfirmDeps,
  request: DecideRequest & { readonly by: string },
): Promise<Result<MarketplaceSale>> =>
  decideSale(deps, request, async (sale) => {
    const { by, nowMs } = request;
    if (sale.status === 'INVOICED' || sale.status === 'CONFIRMED') return ok(sale);
    if (sale.status === 'CONFIRM_FAILED') return tellAgain(deps, sale, nowMs);
    if (sale.status !== 'UNAVAILABLE') return refuseStatus('not_confirmable', sale);
    const outcome = await sellWaiting(deps, sale, { by, isForced: true, nowMs });
    return outcome === 'unavailable' ? refuse('not_available') : 'again';
  });

/** Repeat-safe. Refuses `not_found`, `not_rejectable` for a sale that has its tickets or is over, `unavailable`. */
export const rejectSale = (
  deps: { readonly sales: Pick<SaleStore, 'find' | 'findById' | 'change'> },
  request: DecideRequest & { readonly reason: RejectReason },
): Promise<Result<MarketplaceSale>> =>
  decideSale(deps, request, async (sale) => {
    const { reason, nowMs } = request;
    if (sale.status === 'REJECTED' || sale.status === 'AUTO_REJECTED') return ok(sale);
    if (sale.status === 'REJECT_FAILED') return tellAgain(deps, sale, nowMs);
    const after = toRejected(sale, { reason, isAuto: false, nowMs });
    if (after === undefined) return refuseStatus('not_rejectable', sale);
    return (await deps.sales.change({ before: sale, after, nowMs })) ? ok(after) : 'again';
  });

/**
 * The marketplace is asked to waive the sale, with its evidence; `isGranted`: it did. Repeat-safe. Refuses `not_found`,
 * `not_waivable` for a sale that has its tickets or is over, and for a grant that nobody asked for, `unavailable`.
 */
export const waiveSale = (
  deps: { readonly sales: Pick<SaleStore, 'find' | 'findById' | 'change'> },
  request: DecideRequest & { readonly isGranted: boolean },
): Promise<Result<MarketplaceSale>> =>
  decideSale(deps, request, async (sale) => {
    const { isGranted, nowMs } = request;
    const isAsked = sale.status === 'WAIVE_REQUESTED' && !isGranted;
    if (sale.status === 'WAIVED' || isAsked) return ok(sale);
    const after = toStatus(sale, isGranted ? 'WAIVED' : 'WAIVE_REQUESTED', nowMs);
    if (after === undefined) return refuseStatus('not_waivable', sale);
    return (await deps.sales.change({ before: sale, after, nowMs })) ? ok(after) : 'again';
  });

async function tellAgain(
  { sales }: { readonly sales: Pick<SaleStore, 'change'> },
  before: MarketplaceSale,
  nowMs: number,
): Promise<Result<MarketplaceSale> | 'again'> {
  const after = toToldAgain(before, nowMs);
  if (after === undefined) return ok(before);
  return (await sales.change({ before, after, nowMs })) ? ok(after) : 'again';
}

const refuseStatus = (
  code: 'not_confirmable' | 'not_rejectable' | 'not_waivable',
  { status }: MarketplaceSale,
) => refuse(code, { detail: `The sale is ${status}.` });

async function decideSale(
  { sales }: { readonly sales: Pick<SaleStore, 'find' | 'findById'> },
  { organizationId, saleId }: DecideRequest,
  decide: Decide,
): Promise<Result<MarketplaceSale>> {
  let sale = await sales.findById(organizationId, saleId);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (sale === undefined) return refuse('not_found');
    const decided = await decide(sale);
    if (decided !== 'again') return decided;
    const now = await sales.find(sale);
    sale = now !== undefined && !isCanceledAhead(now) ? now : undefined;
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}
