// The keys of channels, of what came in by them and of what they are told; part of keys.ts, whose header has the table.
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

/** What all who call a channel's marketplace know together. */
export const callsPartition = (organizationId: string): string => `CAL#${organizationId}`;
type CallsPart = 'CIRCUIT' | 'TOKEN' | 'RECONCILE' | `LIMIT#${string}`;
export const CIRCUITS = 'CIRCUIT#';
export const callsKey = (
  {
    organizationId,
    marketplace,
  }: { readonly organizationId: string; readonly marketplace: string },
  part: CallsPart,
): Key => {
  const [kind = part, ...name] = part.split('#');
  return { pk: callsPartition(organizationId), sk: [kind, marketplace, ...name].join('#') };
};

/** A delivery as it came in; the digest is its SHA-256 in hex. */
export const payloadKey = (organizationId: string, payloadDigest: string): Key => ({
  pk: `PLD#${organizationId}#${payloadDigest}`,
  sk: 'PAYLOAD',
});
/** That an address stands in it. */
export const payloadBuyerKey = (
  organizationId: string,
  payloadDigest: string,
  contactId: string,
): Key => ({ pk: payloadKey(organizationId, payloadDigest).pk, sk: `BUYER#${contactId}` });
export const contactPayloadsList = (organizationId: string, contactId: string): string =>
  `CON#${organizationId}#${contactId}#P`;

/** A channel stands in `byDue` as long as its marketplace is asked. */
export const reconcilesDue = (): string => 'DUE#reconcile';
export function parseReconcileKey(pk: string, sk: string) {
  return { organizationId: pk.split('#')[1], marketplace: sk.split('#')[1] };
}

export const differencesPartition = ({
  organizationId,
  marketplace,
}: {
  readonly organizationId: string;
  readonly marketplace: string;
}): string => `DIF#${organizationId}#${marketplace}`;
/** The marketplace's own id is the tail of the key, so any character in it is safe. */
export const differenceKey = (
  ids: Parameters<typeof differencesPartition>[0],
  found: { readonly here: string; readonly there: string; readonly marketplaceOrderId: string },
): Key => ({
  pk: differencesPartition(ids),
  sk: `${found.here}#${found.there}#${found.marketplaceOrderId}`,
});

/** What a marketplace is told of one thing, one message after the other. */
export const laneKey = (
  organizationId: string,
  marketplace: string,
  subject: { readonly kind: string; readonly id: string },
): Key => ({
  pk: `LAN#${organizationId}#${marketplace}#${subject.kind}#${subject.id}`,
  sk: 'LANE',
});
export function parseLaneKey(pk: string) {
  const [, organizationId, marketplace, kind, id] =
    /^LAN#([^#]+)#([^#]+)#([^#]+)#(.+)$/su.exec(pk) ?? [];
  return { organizationId, marketplace, subject: { kind, id } };
}
/** Each message is written to this index and taken out again: 8 × 500 a second. */
export const LANE_SHARDS = 8;
export const lanesDue = (shard: number): string => `DUE#outbound${shard}`;
/** The last character of a subject's id is evenly spread. */
export const laneShard = (subjectId: string): number =>
  subjectId.charCodeAt(subjectId.length - 1) % LANE_SHARDS;
