// The life of a sale at a marketplace, apart from tickets and money: what it is, what it may become, and what of that the
// marketplace has to be told. Each step is a total function: undefined means that there is nothing to do.
import type { Marketplace } from '../access.ts';
import type { RejectReason } from './notice.ts';

/**
 * INVOICED: its tickets are the buyer's, and the marketplace is being told; it becomes CONFIRMED when the marketplace has
 * taken that. A sale of a binding hold is CONFIRMED at once. UNAVAILABLE: the tickets are not to be had, now.
 */
export const SALE_STATUSES = [
  'INVOICED',
  'CONFIRMED',
  'CONFIRM_FAILED',
  'UNAVAILABLE',
  'REJECTED',
  'AUTO_REJECTED',
  'REJECT_FAILED',
  'CANCELED',
  'WAIVE_REQUESTED',
  'WAIVED',
] as const;
export type SaleStatus = (typeof SALE_STATUSES)[number];

/**
 * What somebody should look at. ADMITTED, RESOLD: tickets of a canceled sale that stay sold. NO_HOLD, HOLD_EXPIRED: an OI
 * marketplace sold what it didn't hold any more. CONFIRMED_THERE: the marketplace thinks that a sale goes ahead which
 * was rejected or canceled here, or has no tickets.
 */
export const SALE_ATTENTIONS = [
  'ADMITTED',
  'RESOLD',
  'NO_HOLD',
  'HOLD_EXPIRED',
  'CONFIRMED_THERE',
] as const;
export type SaleAttention = (typeof SALE_ATTENTIONS)[number];

interface SaleIds {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
}

/** Who bought stands in its order alone. */
export interface MarketplaceSale extends SaleIds {
  readonly saleId: string;
  readonly listingId: string;
  readonly quantity: number;
  readonly status: SaleStatus;
  /** As the marketplace told; else the listing's price counts. */
  readonly unitPriceMinor?: number;
  /** Of the price, where the marketplace told it. */
  readonly currency?: string;
  /** Those that the marketplace named; once invoiced those of the tickets. */
  readonly seats?: readonly string[];
  /** Of its tickets, since it was invoiced. */
  readonly orderId?: number;
  /** Until when an unavailable sale waits for tickets; without it, for the host. */
  readonly confirmByMs?: number;
  readonly rejectReason?: RejectReason;
  readonly isAutoRejected?: true;
  readonly attention?: SaleAttention;
  /** SHA-256 of the delivery that told of it: leads to who bought. */
  readonly payloadDigest?: string;
  /** The hold that it comes from, where it was named. */
  readonly holdRequestId?: string;
  /** How many decisions the marketplace was to be told; 0: none. */
  readonly decision: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly version: number;
}

/** All that is known of a sale whose cancellation came before it. */
export interface CanceledAhead extends SaleIds {
  readonly status: 'CANCELED';
  readonly isAhead: true;
}
export type StoredSale = MarketplaceSale | CanceledAhead;

export const isCanceledAhead = (sale: StoredSale): sale is CanceledAhead => 'isAhead' in sale;

/** From each status the ones that may follow it. */
const NEXT: Readonly<Record<SaleStatus, readonly SaleStatus[]>> = {
  INVOICED: ['CONFIRMED', 'CONFIRM_FAILED', 'INVOICED', 'CANCELED'],
  CONFIRMED: ['INVOICED', 'CANCELED'],
  CONFIRM_FAILED: ['CONFIRMED', 'INVOICED', 'CANCELED'],
  UNAVAILABLE: [
    'INVOICED',
    'CONFIRMED',
    'REJECTED',
    'AUTO_REJECTED',
    'WAIVE_REQUESTED',
    'CANCELED',
  ],
  REJECTED: ['REJECTED', 'REJECT_FAILED', 'WAIVE_REQUESTED', 'CANCELED'],
  AUTO_REJECTED: ['AUTO_REJECTED', 'REJECT_FAILED', 'WAIVE_REQUESTED', 'CANCELED'],
  REJECT_FAILED: ['REJECTED', 'AUTO_REJECTED', 'WAIVE_REQUESTED', 'CANCELED'],
  WAIVE_REQUESTED: ['WAIVED', 'REJECTED'],
  WAIVED: [],
  CANCELED: [],
};

type Change = Partial<
  Pick<
    MarketplaceSale,
    | 'orderId'
    | 'seats'
    | 'unitPriceMinor'
    | 'rejectReason'
    | 'isAutoRejected'
    | 'attention'
    | 'decision'
  >
>;

const canBecome = ({ status }: Pick<MarketplaceSale, 'status'>, to: SaleStatus): boolean =>
  NEXT[status].includes(to);

/** Undefined when it can't follow. With the status goes what was to be waited for and to be looked at. */
export function toStatus(
  sale: MarketplaceSale,
  status: SaleStatus,
  nowMs: number,
  change: Change = {},
): MarketplaceSale | undefined {
  if (!canBecome(sale, status)) return undefined;
  const { confirmByMs: _over, attention: _seen, ...rest } = sale;
  return { ...rest, ...change, status, changedAtMs: nowMs, version: sale.version + 1 };
}

/** The host's decision, or that of the deadline: the marketplace is told. */
export const toRejected = (
  sale: MarketplaceSale,
  {
    reason,
    isAuto,
    nowMs,
  }: { readonly reason: RejectReason; readonly isAuto: boolean; readonly nowMs: number },
): MarketplaceSale | undefined =>
  sale.status === 'UNAVAILABLE' || (isToBeWaived(sale) && !isAuto)
    ? toStatus(sale, isAuto ? 'AUTO_REJECTED' : 'REJECTED', nowMs, {
        rejectReason: reason,
        decision: sale.decision + 1,
        ...(isAuto ? { isAutoRejected: true } : {}),
      })
    : undefined;

/** The marketplace is asked to let the host off; nothing was rejected before. */
const isToBeWaived = ({ status, rejectReason }: MarketplaceSale): boolean =>
  status === 'WAIVE_REQUESTED' && rejectReason === undefined;

/**
 * Its marketplace cancels it. Where that was asked for it is the waiver; what was rejected before follows from that, and
 * says nothing of a waiver.
 */
export const toCanceled = (
  sale: MarketplaceSale,
  nowMs: number,
  change: Change = {},
): MarketplaceSale | undefined =>
  toStatus(sale, isToBeWaived(sale) ? 'WAIVED' : 'CANCELED', nowMs, change);

/** It goes ahead there without its tickets: nobody but the host rejects it. Undefined when that is known. */
export function toConfirmedThere(
  { confirmByMs, ...sale }: MarketplaceSale,
  nowMs: number,
): MarketplaceSale | undefined {
  const { attention = 'CONFIRMED_THERE' } = sale;
  const isKnown = confirmByMs === undefined && sale.attention !== undefined;
  if (sale.status !== 'UNAVAILABLE' || isKnown) return undefined;
  return { ...sale, attention, changedAtMs: nowMs, version: sale.version + 1 };
}

/** Waits no longer than this for tickets. */
export const isOverdue = ({ status, confirmByMs }: MarketplaceSale, nowMs: number): boolean =>
  status === 'UNAVAILABLE' && confirmByMs !== undefined && confirmByMs <= nowMs;

/** What its marketplace has to hear of it, or undefined. */
export function toToldType({
  status,
  decision,
  rejectReason,
}: MarketplaceSale): 'sale.confirmed' | 'sale.rejected' | undefined {
  if (decision === 0) return undefined;
  switch (status) {
    case 'INVOICED':
    case 'CONFIRMED':
    case 'CONFIRM_FAILED':
      return 'sale.confirmed';
    case 'REJECTED':
    case 'AUTO_REJECTED':
    case 'REJECT_FAILED':
      return 'sale.rejected';
    case 'WAIVE_REQUESTED':
    case 'WAIVED':
      return rejectReason === undefined ? undefined : 'sale.rejected';
    case 'UNAVAILABLE':
    case 'CANCELED':
      return undefined;
  }
}

/**
 * What became of telling: `taken`, also where nobody has to be told; `failed` for good, until it is told again. Undefined
 * when that was known, or was about another decision.
 */
export function toSettled(
  sale: MarketplaceSale,
  {
    decision,
    as,
    nowMs,
  }: { readonly decision: number; readonly as: 'taken' | 'failed'; readonly nowMs: number },
): MarketplaceSale | undefined {
  if (decision !== sale.decision) return undefined;
  const type = toToldType(sale);
  // What was rejected and is to be waived stays that.
  const isWaiving = sale.status === 'WAIVE_REQUESTED' || sale.status === 'WAIVED';
  if (type === undefined || isWaiving) return undefined;
  const status = toSettledStatus(sale, type, as);
  // What was taken once isn't refused any more.
  const isKnown = status === sale.status || (as === 'failed' && sale.status === 'CONFIRMED');
  return isKnown ? undefined : toStatus(sale, status, nowMs);
}

function toSettledStatus(
  { isAutoRejected }: MarketplaceSale,
  type: 'sale.confirmed' | 'sale.rejected',
  as: 'taken' | 'failed',
): SaleStatus {
  if (type === 'sale.confirmed') return as === 'taken' ? 'CONFIRMED' : 'CONFIRM_FAILED';
  if (as === 'failed') return 'REJECT_FAILED';
  return isAutoRejected === true ? 'AUTO_REJECTED' : 'REJECTED';
}

/** The marketplace doesn't know what was decided, though it was told: it is told once more. */
export function toToldAgain(sale: MarketplaceSale, nowMs: number): MarketplaceSale | undefined {
  const type = toToldType(sale);
  if (type === undefined) return undefined;
  const status = type === 'sale.confirmed' ? 'INVOICED' : toSettledStatus(sale, type, 'taken');
  return toStatus(sale, status, nowMs, { decision: sale.decision + 1 });
}

/** The host should look at it; undefined when that is known. */
export const toNoticed = (
  sale: MarketplaceSale,
  attention: SaleAttention,
  nowMs: number,
): MarketplaceSale | undefined =>
  sale.attention === undefined
    ? { ...sale, attention, changedAtMs: nowMs, version: sale.version + 1 }
    : undefined;
