// How long a marketplace may hold.
import { HOLD_MINUTES_DEFAULT } from '../../domain/marketplaces/channel.ts';
import type { Marketplace } from '../../domain/access.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ChannelStore } from '../channel-ports.ts';

export interface HoldMinutesDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
}

/**
 * Whoever has a marketplace's key may hold without a channel, as long as a new channel would allow. Refuses `not_found`
 * for a channel that is off.
 */
export async function findHoldMinutes(
  { channels }: HoldMinutesDeps,
  {
    organizationId,
    marketplace,
  }: { readonly organizationId: string; readonly marketplace: Marketplace },
): Promise<Result<number>> {
  const channel = await channels.find(organizationId, marketplace);
  if (channel?.enabled === false) return refuse('not_found');
  return ok(channel?.holdMinutes ?? HOLD_MINUTES_DEFAULT);
}
