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

export interface Profile {
  readonly name: string;
  readonly protocol: Protocol;
  /** `canonical`: it speaks our own protocol, because its own isn't public or not built yet. */
  readonly wireFormat: 'native' | 'canonical';
  /** What of the native format isn't public and was named by us. */
  readonly ownNames?: string;
  readonly authModes: readonly AuthMode[];
  /** Whether the host may remove a non-binding hold without a penalty; absent: its holds are binding, or it has none. */
  readonly nonBindingHolds?: 'free' | 'penalty';
}

const CANONICAL = {
  wireFormat: 'canonical',
  authModes: ['key', 'standardWebhooks', 'authorization'],
} as const;

export const PROFILES: Readonly<Record<Marketplace, Profile>> = {
  gametime: { name: 'Gametime', protocol: 'OI', ...CANONICAL },
  'ticket-evolution': {
    name: 'Ticket Evolution',
    protocol: 'OI',
    wireFormat: 'native',
    ownNames: 'paths, field names and status codes of its three calls',
    authModes: ['key', 'standardWebhooks', 'ticketEvolution'],
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
  seatgeek: { name: 'SeatGeek', protocol: 'ION', nonBindingHolds: 'free', ...CANONICAL },
  ticketmaster: { name: 'Ticketmaster', protocol: 'ION', nonBindingHolds: 'free', ...CANONICAL },
  ticketnetwork: {
    name: 'TicketNetwork',
    protocol: 'ION',
    wireFormat: 'canonical',
    authModes: ['key', 'standardWebhooks', 'authorization', 'bodyHmac'],
    nonBindingHolds: 'free',
  },
  stubhub: { name: 'StubHub', protocol: 'ION', nonBindingHolds: 'penalty', ...CANONICAL },
  'vivid-seats': { name: 'Vivid Seats', protocol: 'ION', nonBindingHolds: 'penalty', ...CANONICAL },
  ticketswap: { name: 'TicketSwap', protocol: 'swap', wireFormat: 'native', authModes: ['key'] },
};
