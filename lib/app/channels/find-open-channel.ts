// The channel by which a marketplace may sell something new.
import type { Marketplace } from '../../domain/access.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ChannelSwitch, ChannelStore } from '../channel-ports.ts';

export interface OpenChannelDeps {
  readonly channels: Pick<ChannelStore, 'findSwitch'>;
}

/** Refuses `not_found` where there is none, or it is off: also to whoever has the marketplace's key. */
export async function findOpenChannel(
  { channels }: OpenChannelDeps,
  {
    organizationId,
    marketplace,
  }: { readonly organizationId: string; readonly marketplace: Marketplace },
): Promise<Result<ChannelSwitch>> {
  const channel = await channels.findSwitch(organizationId, marketplace);
  return channel?.enabled === true ? ok(channel) : refuse('not_found');
}
