// A listing has another quantity: the lane of each channel that lists it, or did, gets something to tell.
import type { Marketplace } from '../../domain/access.ts';
import type { Channel } from '../../domain/marketplaces/channel.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type { LaneIds, LaneStore, OutboundQueue } from '../outbound-ports.ts';

/** What is offered of a listing, and where. */
export interface ListedQuantity {
  readonly channels: readonly Marketplace[];
  readonly quantity: number;
  /** The listing's id where a format has numbers. */
  readonly number: number;
}

export interface SpreadDeps {
  readonly channels: Pick<ChannelStore, 'list'>;
  readonly lanes: Pick<LaneStore, 'ask'>;
  readonly queue: Pick<OutboundQueue, 'send'>;
  readonly findListed: FindListed;
}

/** Undefined for a listing that is no more. */
export type FindListed = (
  ids: { readonly organizationId: string; readonly listingId: string },
  nowMs: number,
) => Promise<ListedQuantity | undefined>;

/** Repeat-safe: a lane that is asked twice tells the same quantity twice at most. */
export async function spreadListing(
  deps: SpreadDeps,
  event: {
    readonly organizationId: string;
    readonly listingId: string;
    /** Whose own doing it was: it knows. */
    readonly causedBy?: Marketplace | undefined;
    readonly nowMs: number;
  },
): Promise<void> {
  const { organizationId, listingId, causedBy, nowMs } = event;
  const [channels, listed] = await Promise.all([
    deps.channels.list(organizationId),
    deps.findListed({ organizationId, listingId }, nowMs),
  ]);
  const asked: LaneIds[] = [];
  for (const { marketplace } of channels.filter(isTold)) {
    if (marketplace === causedBy) continue;
    const ids = {
      organizationId,
      marketplace,
      subject: { kind: 'listing', id: listingId },
    } as const;
    // One that lists it no longer has to hear that, once.
    const onlyKnown = listed?.channels.includes(marketplace) !== true;
    if (await deps.lanes.ask(ids, { onlyKnown, nowMs })) asked.push(ids);
  }
  if (asked.length === 0) return;
  await deps.queue.send(asked.map((ids) => ({ type: 'outbound.deliver', ...ids })));
}

const isTold = ({ enabled, outbound }: Channel): boolean => enabled && outbound !== undefined;
