// A channel: what an organization and a marketplace have agreed on. Its secrets are part of it here; no answer has them.
import type { Marketplace } from '../access.ts';
import type { AuthMode, CredentialName } from './registry.ts';

/** How a call to `/hooks/{channelId}` proves whose it is. */
type InboundProof =
  | { readonly mode: 'key' }
  | { readonly mode: 'standardWebhooks'; readonly secrets: readonly string[] }
  | { readonly mode: 'authorization'; readonly value: string }
  | { readonly mode: 'bodyHmac'; readonly secret: string }
  | { readonly mode: 'ticketEvolution'; readonly token: string; readonly secret: string }
  | {
      readonly mode: 'mercury';
      readonly clientId: string;
      readonly clientSecret: string;
      /** Named by `X-Identity-Context`. */
      readonly brokerId: number;
    };
export type InboundAuth = InboundProof & {
  /** A marketplace of OI that tells of sales by its native classic flow instead. */
  readonly flow?: 'classic';
};

export type Credentials = Readonly<Partial<Record<CredentialName, string>>>;

export interface Outbound {
  readonly url: string;
  /** Signs what is sent there (Standard Webhooks). */
  readonly secret: string;
  /** With them the marketplace's own calls are made below the address, and nothing is signed. */
  readonly credentials?: Credentials;
}

export interface Channel {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly channelId: string;
  /** A channel that is off places no new holds and is told nothing; what it holds already it may still buy. */
  readonly enabled: boolean;
  readonly auth: InboundAuth;
  readonly holdMinutes: number;
  readonly autoRejectAfterMinutes: number;
  /** What the marketplace keeps of a sale. */
  readonly feePercent?: number;
  readonly outbound?: Outbound;
  readonly createdAt: string;
  readonly version: number;
}

export const HOLD_MINUTES_DEFAULT = 10;
export const AUTO_REJECT_MINUTES_DEFAULT = 60;

/** Of each mode the fields that no answer has; the rest may be shown. */
export const AUTH_SECRETS: Readonly<Record<AuthMode, readonly string[]>> = {
  key: [],
  standardWebhooks: ['secrets'],
  authorization: ['value'],
  bodyHmac: ['secret'],
  ticketEvolution: ['token', 'secret'],
  mercury: ['clientSecret'],
};

/** Credentials that an answer may show. */
export const OPEN_CREDENTIALS: ReadonlySet<string> = new Set<CredentialName>([
  'clientId',
  'tokenUrl',
  'userAgent',
  'reviewerId',
]);

/** Whether calls of ours go to the marketplace in its own words. */
export const makesCalls = ({ outbound }: Pick<Channel, 'outbound'>): boolean =>
  outbound?.credentials !== undefined;

export const isClassic = ({ auth }: Pick<Channel, 'auth'>): boolean => auth.flow === 'classic';
