// Mercury's lock: a hold whose request id is used once, and whose price may be overridden (reference A2).
import type { Hold } from '../../domain/marketplaces/hold.ts';
import { decideLock, toOverriddenId } from '../../domain/marketplaces/mercury.ts';
import { parseDecimal } from '../../domain/money.ts';
import { type Result, refuse } from '../../domain/result.ts';
import type { DeliveryMemory } from '../channel-ports.ts';
import { findOpenChannel, type OpenChannelDeps } from '../channels/find-open-channel.ts';
import { findTicketGroup, type TicketGroupDeps } from './find-ticket-group.ts';
import { readHold, releaseHold } from './change-hold.ts';
import { placeHold, type PlaceHoldDeps } from './place-hold.ts';
import type { HoldIds, HoldStore } from '../marketplace-ports.ts';

type HoldRequest = HoldIds & { readonly nowMs: number };

export type LockDeps = PlaceHoldDeps &
  TicketGroupDeps &
  OpenChannelDeps & { readonly deliveries: DeliveryMemory };

export interface LockRequest extends HoldRequest {
  readonly channelId: string;
  readonly requestId: string;
  readonly ticketGroupId: string;
  readonly quantity: number;
  /** A decimal of the listing's currency. */
  readonly price: number;
  readonly overridePrice: boolean;
}

/**
 * Refuses `price_changed`; `id_reused` for a request id that was here before, whatever came of it; and whatever a hold
 * is refused with.
 */
export async function lockTickets(deps: LockDeps, asked: LockRequest): Promise<Result<Hold>> {
  const { organizationId, marketplace, holdRequestId, quantity, nowMs } = asked;
  const channel = await findOpenChannel(deps, asked);
  if (!channel.ok) return channel;
  const found = await findTicketGroup(deps, asked);
  if (!found.ok) return found;
  const { value: listing } = found;
  const unitPrice = { amountMinor: listing.unitPriceMinor, currency: listing.currency };
  const decided = decideLock({
    lockRequestId: holdRequestId,
    askedMinor: parseDecimal(asked.price, unitPrice.currency) ?? 0,
    currentMinor: unitPrice.amountMinor,
    overridePrice: asked.overridePrice,
  });
  if (decided.as === 'risen') return refuse('price_changed');
  const use = toUse({ ...asked, id: `lock ${holdRequestId}` });
  if (!(await deps.deliveries.remember(use, nowMs))) return refuse('id_reused');
  return placeHold(deps, {
    organizationId,
    marketplace,
    holdRequestId: decided.lockRequestId,
    listingId: listing.listingId,
    quantity,
    unitPrice,
    holdMinutes: channel.value.holdMinutes,
    nowMs,
  });
}

/** An id that is used once, remembered like a delivery: no delivery's id has a space. */
export const toUse = ({
  channelId,
  requestId: claimant,
  id,
}: {
  readonly channelId: string;
  readonly requestId: string;
  readonly id: string;
}) => ({ channelId, id, attempt: 0, fingerprint: '', claimant });

interface FindDeps {
  readonly holds: Pick<HoldStore, 'find' | 'resolve'>;
}

/** An overridden lock is found by the id that it was asked for, too: its answer may have got lost. */
export async function findLock(deps: FindDeps, asked: HoldRequest): Promise<Result<Hold>> {
  const own = await readHold(deps, asked);
  if (own.ok || own.refusal.code !== 'not_found') return own;
  return readHold(deps, { ...asked, holdRequestId: toOverriddenId(asked.holdRequestId) });
}

/** Of a lock that is still to come nobody knows whether its price will be overridden: it is released by both ids. */
export async function unlock(
  deps: { readonly holds: Pick<HoldStore, 'find' | 'extend' | 'resolve' | 'releaseAhead'> },
  asked: HoldRequest,
): Promise<Result<undefined>> {
  const found = await findLock(deps, asked);
  if (found.ok) return releaseHold(deps, { ...asked, holdRequestId: found.value.holdRequestId });
  const own = await releaseHold(deps, asked);
  if (!own.ok) return own;
  return releaseHold(deps, { ...asked, holdRequestId: toOverriddenId(asked.holdRequestId) });
}
