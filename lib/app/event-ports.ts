// The stores of organizations, events, ticket types and tickets, as the use cases see them.
import type { Event, HeldCounts, Stock, TicketType } from '../domain/event.ts';
import type { Result } from '../domain/result.ts';

export interface PageRequest {
  /** Position after which the page starts: the last id that the caller has seen. */
  readonly after: string | undefined;
  readonly limit: number;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface EventWithStock {
  readonly event: Event;
  readonly stock: Stock;
}
export interface TicketTypeWithStock {
  readonly type: TicketType;
  readonly stock: Stock;
}

/** A capacity of null takes the limit away, undefined leaves it as it is. */
export interface EventStore {
  /** Atomic with the claim of its eventUrl. Refuses `already_exists`, `event_url_taken`. */
  readonly create: (event: Event, capacity: number | null) => Promise<Result<Event>>;
  /** Atomic; refuses `precondition_failed` when the event is no longer the one `before`, `event_url_taken`. */
  readonly update: (
    before: Event,
    after: Event,
    capacity?: number | null,
  ) => Promise<Result<Event>>;
  readonly find: (organizationId: string, eventId: string) => Promise<EventWithStock | undefined>;
  /** Without its stock. */
  readonly findBare: (organizationId: string, eventId: string) => Promise<Event | undefined>;
  readonly findByUrl: (organizationId: string, eventUrl: string) => Promise<Event | undefined>;
  /** Strongly consistent. Apart from the stock, which no hold writes. */
  readonly countHeld: (
    organizationId: string,
    eventId: string,
    nowMs: number,
  ) => Promise<HeldCounts>;
  /** Newest first. */
  readonly list: (organizationId: string, page: PageRequest) => Promise<Page<EventWithStock>>;
  /** Refuses `not_found` without its event and `already_exists` for an id that any event of the organization uses. */
  readonly createTicketType: (
    type: TicketType,
    capacity: number | null,
  ) => Promise<Result<TicketType>>;
  readonly updateTicketType: (
    before: TicketType,
    after: TicketType,
    capacity?: number | null,
  ) => Promise<Result<TicketType>>;
  readonly findTicketType: (
    organizationId: string,
    ticketTypeId: number,
  ) => Promise<TicketTypeWithStock | undefined>;
  /** By id; at most TICKET_TYPES_MAX. */
  readonly listTicketTypes: (
    organizationId: string,
    eventId: string,
  ) => Promise<readonly TicketTypeWithStock[]>;
}
