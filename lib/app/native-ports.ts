// Calls to marketplaces in their own words, as the use cases see them: the wire, and what all workers have to know of it
// together.
import type { Marketplace } from '../domain/access.ts';
import type { Channel } from '../domain/marketplaces/channel.ts';
import type { Circuit } from '../domain/marketplaces/circuit.ts';
import type {
  CallLimit,
  MarketplaceAnswer,
  MarketplaceCall,
  MarketplaceRequest,
} from './sale-format-ports.ts';

export interface MarketplaceReply extends MarketplaceAnswer {
  readonly retryAfterMs?: number;
}

export interface MarketplaceHttp {
  /** One attempt. Undefined: no answer came, or none that could be read. */
  readonly call: (request: MarketplaceRequest) => Promise<MarketplaceReply | undefined>;
}

export interface ChannelIds {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
}

/** An access token, and of which credentials. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly of: string;
}

export interface CallStore {
  readonly findCircuit: (ids: ChannelIds) => Promise<Circuit | undefined>;
  /** Of an organization's channels, those that are not as they were at first. */
  readonly listCircuits: (organizationId: string) => Promise<ReadonlyMap<Marketplace, Circuit>>;
  /** Answers the failures since the last call that worked, this one among them. */
  readonly countFailure: (ids: ChannelIds) => Promise<number>;
  readonly open: (ids: ChannelIds, untilMs: number) => Promise<void>;
  readonly close: (ids: ChannelIds) => Promise<void>;
  /** Of all who want to try a circuit that was open until then, one may. */
  readonly claimProbe: (
    ids: ChannelIds,
    probe: { readonly openUntilMs: number; readonly nextMs: number },
  ) => Promise<boolean>;
  /** False: somebody made such a call too short a time ago. */
  readonly takeTurn: (ids: ChannelIds, limit: CallLimit, nowMs: number) => Promise<boolean>;
  readonly findToken: (ids: ChannelIds) => Promise<AccessToken | undefined>;
  readonly keepToken: (ids: ChannelIds, token: AccessToken) => Promise<void>;
}

export type CallResult =
  | { readonly as: 'answered'; readonly answer: MarketplaceReply }
  /** Not made, or not answered; before then it needn't be tried again. */
  | { readonly as: 'unanswered'; readonly retryAfterMs?: number };

export type CallMarketplace = (channel: Channel, call: MarketplaceCall) => Promise<CallResult>;
