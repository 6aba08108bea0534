// One profile for each marketplace: how it works with us, in whose wire format, and how its calls prove themselves.
// README's table of systems repeats this file.
import type { Marketplace } from '../access.ts';

/** OI asks before it sells, ION tells after it sold, swap replaces barcodes (product.md section 8). */
type Protocol = 'OI' | 'ION' | 'swap';

/**
 * `key`: a marketplace key of ours. `standardWebhooks`: HMAC with several active secrets, fresh and once. `authorization`:
 * a static value of that header. `bodyHmac`: TicketNetwork's webhooks. `ticketEvolution`: signature of its v9 API.
 * `mercury`: client credentials and an identity header, as Mercury's clients have them.
 */
export const AUTH_MODES = [
  'key',
  'standardWebhooks',
  'authorization',
  'bodyHmac',
  'ticketEvolution',
  'mercury',
] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** What calls of ours to a marketplace prove themselves with, and what beside it they need. */
export const CREDENTIAL_NAMES = [
  'clientId',
  'clientSecret',
  'tokenUrl',
  'userAgent',
  'apiToken',
  'token',
  'apiKey',
  'secret',
  'reviewerId',
] as const;
export type CredentialName = (typeof CREDENTIAL_NAMES)[number];

export interface Profile {
  readonly name: string;
  readonly protocol: Protocol;
  /** `canonical`: it speaks our own protocol, because its own isn't public or not built yet. */
  readonly wireFormat: 'native' | 'canonical';
  /** What of the native format isn't public and was named by us. */
  readonly ownNames?: string;
  readonly authModes: readonly AuthMode[];
  /** Has native calls, made with these; absent: what it is told goes out in the canonical protocol. */
  readonly credentials?: readonly CredentialName[];
  /** Its native calls and notices are those of a classic sale flow, to be chosen by `auth.flow`. */
  readonly hasClassicFlow?: true;
  /** Whether the host may remove a non-binding hold without a penalty; absent: its holds are binding, or it has none. */
  readonly nonBindingHolds?: 'free' | 'penalty';
}

const CANONICAL = {
  wireFormat: 'canonical',
  authModes: ['key', 'standardWebhooks', 'authorization'],
} as const;

export const PROFILES: Readonly<Record<Marketplace, Profile>> = {
  gametime: {
    name: 'Gametime',
    protocol: 'OI',
    ...CANONICAL,
    credentials: ['apiKey'],
    hasClassicFlow: true,
  },
  'ticket-evolution': {
    name: 'Ticket Evolution',
    protocol: 'OI',
    wireFormat: 'native',
    ownNames: 'paths, field names and status codes of its three calls; lines of a classic order',
    authModes: ['key', 'standardWebhooks', 'authorization', 'ticketEvolution'],
    credentials: ['token', 'secret', 'reviewerId'],
    hasClassicFlow: true,
  },
  'ticketnetwork-mercury': {
    name: 'TicketNetwork Mercury',
    protocol: 'OI',
    wireFormat: 'native',
    ownNames: 'that Mercury calls us as its clients call it',
    authModes: ['key', 'standardWebhooks', 'mercury'],
  },
  tickpick: { name: 'TickPick', protocol: 'OI', ...CANONICAL },
  axs: { name: 'AXS', protocol: 'ION', nonBindingHolds: 'free', ...CANONICAL },
  fanxchange: { name: 'FanXchange', protocol: 'ION', nonBindingHolds: 'free', ...CANONICAL },
  seatgeek: {
    name: 'SeatGeek',
    protocol: 'ION',
    wireFormat: 'native',
    ownNames: 'where a message names its order; how a listing is named when it is taken off',
    authModes: CANONICAL.authModes,
    credentials: ['token'],
    nonBindingHolds: 'free',
  },
  ticketmaster: { name: 'Ticketmaster', protocol: 'ION', nonBindingHolds: 'free', ...CANONICAL },
  ticketnetwork: {
    name: 'TicketNetwork',
    protocol: 'ION',
    wireFormat: 'canonical',
    authModes: ['key', 'standardWebhooks', 'authorization', 'bodyHmac'],
    nonBindingHolds: 'free',
  },
  stubhub: {
    name: 'StubHub',
    protocol: 'ION',
    wireFormat: 'native',
    ownNames: 'values of `topic`',
    authModes: CANONICAL.authModes,
    credentials: ['clientId', 'clientSecret', 'tokenUrl', 'userAgent'],
    nonBindingHolds: 'penalty',
  },
  'vivid-seats': {
    name: 'Vivid Seats',
    protocol: 'ION',
    wireFormat: 'native',
    ownNames: 'outer elements of its XML; statuses of rejected and canceled orders',
    authModes: CANONICAL.authModes,
    credentials: ['apiToken'],
    nonBindingHolds: 'penalty',
  },
  ticketswap: { name: 'TicketSwap', protocol: 'swap', wireFormat: 'native', authModes: ['key'] },
};
