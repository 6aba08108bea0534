// The channel by which a marketplace may sell something new.
import type { Marketplace } from '../../domain/access.ts';
import type { Channel } from '../../domain/marketplaces/channel.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ChannelStore } from '../channel-ports.ts';

export interface OpenChannelDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
}

/** Refuses `not_found` where there is none, or it is off. */
export async function findOpenChannel(
  { channels }: OpenChannelDeps,
  {
    organizationId,
    marketplace,
  }: { readonly organizationId: string; readonly marketplace: Marketplace },
): Promise<Result<Channel>> {
  const channel = await channels.find(organizationId, marketplace);
  return channel?.enabled === true ? ok(channel) : refuse('not_found');
}
