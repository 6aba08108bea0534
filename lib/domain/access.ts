// Who is asking: what a key allows. The tenant of every request comes from here and never from the request.
import type { GuessState } from './guessing.ts';

export const SCOPES = ['organizer', 'device', 'marketplace'] as const;
export type Scope = (typeof SCOPES)[number];

export const MARKETPLACES = [
  'gametime',
  'ticket-evolution',
  'ticketnetwork-mercury',
  'tickpick',
  'axs',
  'fanxchange',
  'seatgeek',
  'ticketmaster',
  'ticketnetwork',
  'stubhub',
  'vivid-seats',
  'ticketswap',
] as const;
export type Marketplace = (typeof MARKETPLACES)[number];

export interface Actor {
  readonly organizationId: string;
  readonly keyId: string;
  readonly scope: Scope;
  /** Only with scope marketplace. */
  readonly marketplace?: Marketplace;
  /** Only at the address of a channel that sells by its marketplace's classic flow. */
  readonly isClassic?: true;
  /** Only with scope device: the events it may scan; absent means every event of the organization. */
  readonly eventIds?: readonly string[];
  /** Only with scope device: the gate of its scans; absent means that a scan may name any. */
  readonly gateId?: string;
  /** Only with scope device: whether it was found guessing barcodes. */
  readonly guesses?: GuessState;
}

/** A thing outside a key's limits is answered like an unknown one. */
export const mayUseEvent = (actor: Actor, eventId: string): boolean =>
  actor.eventIds === undefined || actor.eventIds.includes(eventId);

export const mayUseGate = (actor: Actor, gateId: string | undefined): boolean =>
  actor.gateId === undefined || gateId === undefined || gateId === actor.gateId;
