// Holds that bind nobody (product.md section 8): what a marketplace of Instant Notification is about to sell. They never
// lower what is available, and their sale ends them. Messages come in any order and more than once.
import type { Marketplace } from '../../domain/access.ts';
import {
  type Hold,
  isAhead,
  type ReleasedAhead,
  toHoldDigest,
  toHoldStatus,
} from '../../domain/marketplaces/hold.ts';
import type { Listing } from '../../domain/marketplaces/listing.ts';
import { PROFILES } from '../../domain/marketplaces/registry.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { findOpenChannel, type OpenChannelDeps } from '../channels/find-open-channel.ts';
import { toNewId } from '../ids.ts';
import type {
  HoldIds,
  HoldStore,
  ListingStore,
  LooseHoldStore,
  SaleIds,
} from '../marketplace-ports.ts';
import { type AvailabilityDeps, isOffered, loadFree } from './availability.ts';
import { releaseHold } from './change-hold.ts';
import { findHold, type HoldRequest } from './find-hold.ts';
import { refuseOffer, refusePast, toExpiry } from './place-hold.ts';

export interface LooseHoldDeps {
  readonly holds: Pick<HoldStore, 'find' | 'extend' | 'resolve' | 'releaseAhead'>;
  readonly looseHolds: LooseHoldStore;
  readonly listings: Pick<ListingStore, 'find'>;
}

export interface LooseHoldRequest extends HoldIds {
  readonly listingId: string;
  readonly quantity: number;
  /** As the marketplace names them. */
  readonly seats?: readonly string[] | undefined;
  readonly unitPrice?: { readonly amountMinor: number; readonly currency: string } | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly holdMinutes: number;
  readonly nowMs: number;
}

/** Each further try follows another message about this very hold. */
const TRIES_MAX = 30;

export const holdsLoosely = (marketplace: Marketplace): boolean =>
  PROFILES[marketplace].nonBindingHolds !== undefined;

/**
 * As a call that is answered: a new hold is refused like a binding one, though nothing is taken. The same request again
 * answers the same hold as it is by then. Refuses `not_found`, `not_available`, `price_changed`, `invalid_split`,
 * `hold_released` when the release came first, `id_reused`, `validation_failed`, `unavailable`.
 */
export async function placeLooseHold(
  deps: LooseHoldDeps & AvailabilityDeps,
  request: LooseHoldRequest,
): Promise<Result<Hold>> {
  const found = await findHold(deps, request);
  const refusal = await refuseFound(deps, request, found);
  if (refusal !== undefined) return refusal;
  const hold = await place(deps, request);
  if (!hold.ok) return hold;
  return hold.value.digest === toDigest(request) ? hold : refuse('id_reused');
}

async function refuseFound(
  deps: AvailabilityDeps,
  request: LooseHoldRequest,
  found: Hold | ReleasedAhead | undefined,
) {
  if (found === undefined) return refusePast(request) ?? (await refuseNew(deps, request));
  if (!isAhead(found)) return undefined;
  return found.sale === undefined ? refuse('hold_released') : refusePast(request);
}

async function refuseNew(deps: AvailabilityDeps, request: LooseHoldRequest) {
  const listing = await findOffered(deps, request);
  if (listing === undefined) return refuse('not_found');
  const free = await loadFree(deps, listing, request.nowMs);
  return refuseOffer(listing, free.length, request);
}

async function findOffered(
  { listings }: Pick<LooseHoldDeps, 'listings'>,
  { organizationId, marketplace, listingId }: LooseHoldRequest,
): Promise<Listing | undefined> {
  const listing = await listings.find({ organizationId, listingId });
  return listing !== undefined && isOffered(listing, marketplace) ? listing : undefined;
}

/** As news of a marketplace: of a listing that isn't offered there, or of a known hold, it changes nothing. */
export async function noteHoldPlaced(
  deps: LooseHoldDeps & OpenChannelDeps,
  request: Omit<LooseHoldRequest, 'holdMinutes'>,
): Promise<void> {
  if (!holdsLoosely(request.marketplace)) return;
  const channel = await findOpenChannel(deps, request);
  if (!channel.ok) return;
  const { holdMinutes } = channel.value;
  const placed = await place(deps, { ...request, holdMinutes });
  if (!placed.ok && placed.refusal.code === 'unavailable')
    throw new Error('a hold changed all the time');
}

/** Remembered when it comes before its hold. */
export async function noteHoldReleased(
  deps: Pick<LooseHoldDeps, 'holds'>,
  request: HoldRequest,
): Promise<void> {
  if (!holdsLoosely(request.marketplace)) return;
  const released = await releaseHold(deps, request);
  if (!released.ok && released.refusal.code === 'unavailable') {
    throw new Error('a hold changed all the time');
  }
}

/**
 * By the host; its marketplace isn't told. Repeat-safe. Refuses `not_found`, `hold_binding`, `already_invoiced`,
 * `penalty_applies` where the marketplace makes the host pay for it, `unavailable`.
 */
export async function removeHold(
  deps: { readonly holds: Pick<HoldStore, 'find' | 'findById'> & LooseHoldDeps['holds'] },
  request: {
    readonly organizationId: string;
    readonly holdId: string;
    readonly acceptsPenalty: boolean;
    readonly nowMs: number;
  },
): Promise<Result<undefined>> {
  const { organizationId, holdId, nowMs } = request;
  const hold = await deps.holds.findById(organizationId, holdId);
  if (hold === undefined) return refuse('not_found');
  if (hold.binding) return refuse('hold_binding');
  const isPaidFor = PROFILES[hold.marketplace].nonBindingHolds === 'penalty';
  if (toHoldStatus(hold, nowMs) === 'HELD' && isPaidFor && !request.acceptsPenalty) {
    return refuse('penalty_applies');
  }
  const { marketplace, holdRequestId } = hold;
  return releaseHold(deps, { organizationId, marketplace, holdRequestId, nowMs });
}

export interface SaleOfHold extends SaleIds {
  readonly saleId: string;
  /** Where the sale names its hold; else they have one id. */
  readonly holdRequestId?: string | undefined;
  readonly nowMs: number;
}

/** The hold of a sale is INVOICED by it, whatever was told of the hold before, and also when it comes only later. */
export async function supersedeLooseHold(
  { looseHolds }: Pick<LooseHoldDeps, 'looseHolds'>,
  { organizationId, marketplace, marketplaceOrderId, ...request }: SaleOfHold,
): Promise<void> {
  if (!holdsLoosely(marketplace)) return;
  const { holdRequestId = marketplaceOrderId, saleId, nowMs } = request;
  const ids = { organizationId, marketplace, holdRequestId };
  await looseHolds.supersede(ids, { saleId, marketplaceOrderId }, nowMs);
}

/** Refuses `not_found` for a listing that isn't offered there, `unavailable`. */
async function place(deps: LooseHoldDeps, request: LooseHoldRequest): Promise<Result<Hold>> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const found = await findHold(deps, request);
    if (found !== undefined && !isAhead(found)) return ok(found);
    const listing = await findOffered(deps, request);
    if (listing === undefined) return refuse('not_found');
    const hold = toHold(request, listing, found);
    if (await deps.looseHolds.place(hold, found)) return ok(hold);
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

const toDigest = ({ listingId, quantity, unitPrice }: LooseHoldRequest): string =>
  toHoldDigest({ listingId, quantity, unitPrice });

function toHold(
  request: LooseHoldRequest,
  listing: Listing,
  ahead: ReleasedAhead | undefined,
): Hold {
  const { organizationId, marketplace, holdRequestId, quantity, seats, nowMs } = request;
  return {
    organizationId,
    marketplace,
    holdRequestId,
    holdId: toNewId('hold', nowMs),
    listingId: listing.listingId,
    eventId: listing.eventId,
    binding: false,
    tickets: [],
    ...(seats === undefined ? {} : { seats }),
    quantity,
    unitPriceMinor: listing.unitPriceMinor,
    currency: listing.currency,
    ...toStanding(ahead, nowMs),
    expiresAtMs: toExpiry(request),
    createdAtMs: nowMs,
    digest: toDigest(request),
  };
}

/** What came before the hold has ended it already. */
function toStanding(
  ahead: ReleasedAhead | undefined,
  resolvedAtMs: number,
): Pick<Hold, 'status' | 'sale' | 'resolvedAtMs'> {
  if (ahead === undefined) return { status: 'HELD' };
  const { sale } = ahead;
  return sale === undefined
    ? { status: 'RELEASED', resolvedAtMs }
    : { status: 'INVOICED', resolvedAtMs, sale };
}
