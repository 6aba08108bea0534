// What a marketplace thinks of a sale is compared with what is known here, and what differs is repaired: here, where it knows
// more, or there, by telling it once more. What can't be repaired asks for the host's attention.
import type { MarketplaceStand, ToldSale } from '../../domain/marketplaces/notice.ts';
import {
  isCanceledAhead,
  type MarketplaceSale,
  type StoredSale,
  toNoticed,
  toSettled,
  toStatus,
  toToldAgain,
} from '../../domain/marketplaces/sale.ts';
import type { SaleIds } from '../marketplace-ports.ts';
import type { ApplyStand } from '../notice-ports.ts';
import type { OpenChannelDeps } from '../channels/find-open-channel.ts';
import type { Clock } from '../ports.ts';
import { cancelSale, type CancelSaleDeps } from './cancel-sale.ts';
import { type LooseHoldDeps, noteHoldPlaced, supersedeLooseHold } from './loose-holds.ts';
import {
  keepForHost,
  type ReceivedSale,
  type ReceiveDeps,
  receiveSale,
  trySale,
} from './receive-sale.ts';

export type TakeSaleDeps = ReceiveDeps & LooseHoldDeps;
export type StandDeps = TakeSaleDeps & CancelSaleDeps & OpenChannelDeps & { readonly clock: Clock };

/** A marketplace that was told a moment ago may not show it yet, and what is on its way needn't be told again. */
const SETTLING_MS = 2 * 60_000;
/** What was refused for good is hardly taken minutes later, and each refusal is a dead letter that alarms somebody. */
const REFUSED_MS = 60 * 60_000;

export const createApplyStand =
  (deps: StandDeps): ApplyStand =>
  async (told) => {
    const { organizationId, marketplace } = told;
    const { sale, stand } = told.told;
    const { marketplaceOrderId } = sale;
    const ids = { organizationId, marketplace, marketplaceOrderId };
    const nowMs = deps.clock();
    if (stand === 'UNDER_REVIEW') {
      const holdRequestId = sale.holdRequestId ?? marketplaceOrderId;
      return noteHoldPlaced(deps, { ...ids, ...sale, holdRequestId, nowMs });
    }
    const known = await deps.sales.find(ids);
    if (stand === 'OPEN' || stand === 'CONFIRMED') {
      if (known !== undefined && !isCanceledAhead(known)) {
        return goesAhead(deps, known, { stand, atMs: told.atMs, nowMs });
      }
      const isConfirmedThere = stand === 'CONFIRMED';
      if (isConfirmedThere && !(await isOurs(deps, organizationId, sale))) return;
      const received = { ...ids, told: sale, receivedAtMs: told.atMs, nowMs };
      return takeSale(deps, { ...received, isConfirmedThere });
    }
    return isOver(deps, known, { ids, stand, nowMs });
  };

/** What goes ahead there of a listing that nobody knows here was sold elsewhere: there is nothing to decide on. */
const isOurs = async (
  { listings }: StandDeps,
  organizationId: string,
  { listingId }: ToldSale['sale'],
): Promise<boolean> => (await listings.find({ organizationId, listingId })) !== undefined;

/** The sale, and the end of the hold that announced it. */
export async function takeSale(deps: TakeSaleDeps, received: ReceivedSale): Promise<void> {
  const { organizationId, marketplace, told, nowMs } = received;
  const { marketplaceOrderId, holdRequestId } = told;
  const saleId = await receiveSale(deps, received);
  await supersedeLooseHold(deps, {
    organizationId,
    marketplace,
    marketplaceOrderId,
    saleId,
    holdRequestId,
    nowMs,
  });
}

interface Ahead {
  readonly stand: Extract<MarketplaceStand, 'OPEN' | 'CONFIRMED'>;
  readonly atMs: number;
  readonly nowMs: number;
}

/** The marketplace wants the sale. */
async function goesAhead(deps: StandDeps, sale: MarketplaceSale, ahead: Ahead): Promise<void> {
  const { nowMs } = ahead;
  if (sale.status === 'UNAVAILABLE') {
    // First of all, so that no deadline ends it meanwhile.
    const kept = ahead.stand === 'CONFIRMED' ? await keepForHost(deps, sale, nowMs) : sale;
    if (kept === undefined) throw new Error(CHANGED);
    const channel = await deps.channels.find(sale.organizationId, sale.marketplace);
    return trySale(deps, kept, { channel, nowMs });
  }
  const after = toAgreed(sale, ahead);
  if (after !== undefined) await commit(deps, sale, after, nowMs);
}

function toAgreed(
  sale: MarketplaceSale,
  { stand, atMs, nowMs }: Ahead,
): MarketplaceSale | undefined {
  const isSettling = atMs < sale.changedAtMs + SETTLING_MS;
  switch (sale.status) {
    case 'INVOICED':
    case 'CONFIRM_FAILED':
    case 'CONFIRMED': {
      const { decision } = sale;
      if (stand === 'CONFIRMED') return toSettled(sale, { decision, as: 'taken', nowMs });
      // What is invoiced is on its way there.
      return sale.status === 'INVOICED' ? undefined : tellAgain(sale, { atMs, nowMs });
    }
    case 'REJECTED':
    case 'AUTO_REJECTED':
    case 'REJECT_FAILED':
      if (stand === 'OPEN') return tellAgain(sale, { atMs, nowMs });
      return isSettling ? undefined : toNoticed(sale, 'CONFIRMED_THERE', nowMs);
    case 'CANCELED':
      return isSettling ? undefined : toNoticed(sale, 'CONFIRMED_THERE', nowMs);
    case 'UNAVAILABLE':
    case 'WAIVE_REQUESTED':
    case 'WAIVED':
      return undefined;
  }
}

function tellAgain(
  sale: MarketplaceSale,
  { atMs, nowMs }: Pick<Ahead, 'atMs' | 'nowMs'>,
): MarketplaceSale | undefined {
  const isRefused = sale.status === 'CONFIRM_FAILED' || sale.status === 'REJECT_FAILED';
  const sinceMs = sale.changedAtMs + (isRefused ? REFUSED_MS : SETTLING_MS);
  return atMs < sinceMs ? undefined : toToldAgain(sale, nowMs);
}

/** For the marketplace it is over: rejected, by us or by itself, or canceled. */
async function isOver(
  deps: StandDeps,
  known: StoredSale | undefined,
  {
    ids,
    stand,
    nowMs,
  }: {
    readonly ids: SaleIds;
    readonly stand: Extract<MarketplaceStand, 'REJECTED' | 'CANCELED'>;
    readonly nowMs: number;
  },
): Promise<void> {
  if (known === undefined || isCanceledAhead(known)) return cancelSale(deps, ids, nowMs);
  switch (known.status) {
    case 'REJECTED':
    case 'AUTO_REJECTED':
    case 'WAIVED':
      return;
    case 'WAIVE_REQUESTED':
      return stand === 'CANCELED' ? cancelSale(deps, ids, nowMs) : undefined;
    case 'REJECT_FAILED': {
      const after = toSettled(known, { decision: known.decision, as: 'taken', nowMs });
      if (after !== undefined) await commit(deps, known, after, nowMs);
      return;
    }
    case 'UNAVAILABLE': {
      if (stand === 'CANCELED') return cancelSale(deps, ids, nowMs);
      const after = toStatus(known, 'REJECTED', nowMs, { rejectReason: 'not_available' });
      if (after !== undefined) await commit(deps, known, after, nowMs);
      return;
    }
    case 'INVOICED':
    case 'CONFIRMED':
    case 'CONFIRM_FAILED':
    case 'CANCELED':
      return cancelSale(deps, ids, nowMs);
  }
}

const CHANGED = 'a sale changed while it was compared';

/** Decided on a sale that is another by now, it has to be read and told anew. */
async function commit(
  { sales }: StandDeps,
  before: MarketplaceSale,
  after: MarketplaceSale,
  nowMs: number,
): Promise<void> {
  if (!(await sales.change({ before, after, nowMs }))) {
    throw new Error(CHANGED);
  }
}
