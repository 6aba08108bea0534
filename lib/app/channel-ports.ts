// The stores of channels and of what came in by them, as the use cases see them.
import type { Actor, Marketplace } from '../domain/access.ts';
import type { Channel } from '../domain/marketplaces/channel.ts';
import type { Delivery, InboundCall } from '../domain/marketplaces/verify-inbound.ts';
import type { Result } from '../domain/result.ts';

/** Whether a marketplace may hold, and how long. */
export type ChannelSwitch = Pick<Channel, 'enabled' | 'holdMinutes'>;

export interface ChannelStore {
  readonly find: (organizationId: string, marketplace: Marketplace) => Promise<Channel | undefined>;
  /** In one read: what of the channel isn't sealed, for calls that prove themselves by a key. */
  readonly findSwitch: (
    organizationId: string,
    marketplace: Marketplace,
  ) => Promise<ChannelSwitch | undefined>;
  /** Of a call that names nothing but the channel. */
  readonly findById: (channelId: string) => Promise<Channel | undefined>;
  /** By marketplace; there are no more than marketplaces. */
  readonly list: (organizationId: string) => Promise<readonly Channel[]>;
  /** Refuses `precondition_failed` when the channel is no longer the one `before`. */
  readonly put: (before: Channel | undefined, after: Channel) => Promise<Result<Channel>>;
}

export interface SeenDelivery extends Omit<Delivery, 'content'> {
  readonly channelId: string;
  /** Digest of what was delivered where. */
  readonly fingerprint: string;
  /** This very request: one that is written again after a lost reply knows itself by it. */
  readonly claimant: string;
}

export interface DeliveryMemory {
  /** Remembers it for 30 days. False: it, or a later attempt of it, was here before, or its id came with something else. */
  readonly remember: (delivery: SeenDelivery, nowMs: number) => Promise<boolean>;
}

export interface InboundRequest {
  readonly channelId: string;
  readonly call: InboundCall;
  readonly requestId: string;
  readonly nowMs: number;
  /** Whether the same delivery again is refused. */
  readonly isRemembered: boolean;
}

export type AdmitInbound = (request: InboundRequest) => Promise<Result<Actor>>;
