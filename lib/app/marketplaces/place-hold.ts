// A binding hold (product.md section 8): tickets of a listing are chosen and taken from everybody else by one
// transaction. Whoever meets others chooses again among what is left, until it is decided.
import { type Hold, isAhead, toHeldTicket, toHoldDigest } from '../../domain/marketplaces/hold.ts';
import {
  chooseTickets,
  type Listing,
  toPurchasableQuantities,
} from '../../domain/marketplaces/listing.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { toNewId } from '../ids.ts';
import type { HoldIds, HoldStore, NewHold } from '../marketplace-ports.ts';
import { findHold, type FindHoldDeps } from './find-hold.ts';
import { type AvailabilityDeps, isOffered, loadFree } from './availability.ts';

export interface PlaceHoldDeps extends AvailabilityDeps, FindHoldDeps {
  readonly holds: Pick<HoldStore, 'find' | 'place' | 'resolve'>;
}

export interface PlaceHoldRequest extends HoldIds {
  readonly listingId: string;
  readonly quantity: number;
  /** What the marketplace believes that a ticket costs. */
  readonly unitPrice?: { readonly amountMinor: number; readonly currency: string } | undefined;
  /** Wanted; a later time than the channel allows is cut to that. */
  readonly expiresAtMs?: number | undefined;
  /** How long a hold may live, by the channel's settings. */
  readonly holdMinutes: number;
  readonly nowMs: number;
}

/** Each further try follows somebody else's hold or a change of the listing. */
const TRIES_MAX = 60;

const MINUTE_MS = 60_000;

/**
 * The same request again answers the same hold as it is by then. Refuses `not_found`, `not_available`, `price_changed`,
 * `invalid_split`, `hold_released` when the release came first, `id_reused`, `validation_failed`, `unavailable`.
 */
export async function placeHold(
  deps: PlaceHoldDeps,
  request: PlaceHoldRequest,
): Promise<Result<Hold>> {
  const { organizationId, listingId, nowMs } = request;
  const past = refusePast(request);
  if (past !== undefined) return (await findBefore(deps, request)) ?? past;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const listing = await deps.listings.find({ organizationId, listingId });
    const chosen = await choose(deps, listing, request);
    // A hold of this id bars a second one by itself: it is looked for only where that may be the reason.
    if (!chosen.ok) return (await findBefore(deps, request)) ?? chosen;
    const hold = toHold(request, chosen.value);
    if (await deps.holds.place({ hold, ...chosen.value, nowMs })) return ok(hold);
    const before = await findBefore(deps, request);
    if (before !== undefined) return before;
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

type Chosen = Pick<NewHold, 'listing' | 'tickets'>;

async function choose(
  deps: PlaceHoldDeps,
  listing: Listing | undefined,
  request: PlaceHoldRequest,
): Promise<Result<Chosen>> {
  if (listing === undefined || !isOffered(listing, request.marketplace)) return refuse('not_found');
  const free = await loadFree(deps, listing, request.nowMs);
  const refusal = refuseOffer(listing, free.length, request);
  return refusal ?? ok({ listing, tickets: chooseTickets(free, request.quantity) });
}

/** What this request, or another one with its id, came to before. */
async function findBefore(
  deps: FindHoldDeps,
  request: PlaceHoldRequest,
): Promise<Result<Hold> | undefined> {
  const found = await findHold(deps, request);
  if (found === undefined) return undefined;
  if (isAhead(found)) return refuse('hold_released');
  if (found.digest !== toDigest(request)) return refuse('id_reused');
  return ok(found);
}

/** Why nobody may have so many at this price. */
export function refuseOffer(
  { unitPriceMinor, currency, splits }: Listing,
  available: number,
  { unitPrice, quantity }: Pick<PlaceHoldRequest, 'unitPrice' | 'quantity'>,
) {
  const isOtherPrice =
    unitPrice !== undefined &&
    (unitPrice.amountMinor !== unitPriceMinor || unitPrice.currency !== currency);
  if (isOtherPrice) return refuse('price_changed');
  if (quantity > available) return refuse('not_available');
  return toPurchasableQuantities(available, splits).includes(quantity)
    ? undefined
    : refuse('invalid_split');
}

const toDigest = ({ listingId, quantity, unitPrice }: PlaceHoldRequest): string =>
  toHoldDigest({ listingId, quantity, unitPrice });

function toHold(request: PlaceHoldRequest, { listing, tickets }: Chosen): Hold {
  const { organizationId, marketplace, holdRequestId, quantity, nowMs } = request;
  return {
    organizationId,
    marketplace,
    holdRequestId,
    holdId: toNewId('hold', nowMs),
    listingId: listing.listingId,
    eventId: listing.eventId,
    binding: true,
    tickets: tickets.map(toHeldTicket),
    quantity,
    unitPriceMinor: listing.unitPriceMinor,
    currency: listing.currency,
    status: 'HELD',
    expiresAtMs: toExpiry(request),
    createdAtMs: nowMs,
    digest: toDigest(request),
  };
}

/** A repeat may come when the time that it wants is over: what was held is looked for first. */
export function refusePast({
  expiresAtMs,
  nowMs,
}: Pick<PlaceHoldRequest, 'expiresAtMs' | 'nowMs'>) {
  if (expiresAtMs === undefined || expiresAtMs > nowMs) return undefined;
  const errors = [{ pointer: '/expiresAt', detail: 'must be in the future' }];
  return refuse('validation_failed', { errors });
}

/** At most as long as the channel allows. */
export const toExpiry = ({
  expiresAtMs,
  holdMinutes,
  nowMs,
}: Pick<PlaceHoldRequest, 'expiresAtMs' | 'holdMinutes' | 'nowMs'>): number =>
  Math.min(expiresAtMs ?? Infinity, Math.floor(nowMs + holdMinutes * MINUTE_MS));
