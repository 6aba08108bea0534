// The keys of channels and of what came in by them; part of keys.ts, whose header has the table.
import type { Key } from './keys.ts';

export const channelsPartition = (organizationId: string): string => `CHN#${organizationId}`;
export const channelKey = (organizationId: string, marketplace: string): Key => ({
  pk: channelsPartition(organizationId),
  sk: marketplace,
});
/** Whose channel a call at `/hooks/{channelId}` is for. */
export const hookKey = (channelId: string): Key => ({ pk: `HOK#${channelId}`, sk: 'HOOK' });

/** The delivery's id is the tail of the key, so any character in it is safe. */
export const deliveryKey = (channelId: string, deliveryId: string): Key => ({
  pk: `DLV#${channelId}#${deliveryId}`,
  sk: 'DELIVERY',
});
