// Reading and changing tickets, as the use cases see it.
import type { HistoryEntry } from '../domain/history.ts';
import type { Origin, Ticket, TicketStatus } from '../domain/ticket.ts';
import type { TicketChange } from '../domain/ticket-transitions.ts';
import type { Page, PageRequest } from './event-ports.ts';

export interface TicketFilter {
  readonly status: TicketStatus | undefined;
  readonly origin: Origin | undefined;
  readonly ticketTypeId: number | undefined;
  readonly orderId: number | undefined;
}

export interface TicketStore {
  /** Exact, whatever happened a moment ago. */
  readonly find: (organizationId: string, eventTicketId: number) => Promise<Ticket | undefined>;
  /**
   * In ticket-id order. A filtered page may hold fewer items than asked for and still have a next one: it looks at a
   * bounded number of tickets.
   */
  readonly listByEvent: (
    ids: { readonly organizationId: string; readonly eventId: string },
    filter: TicketFilter,
    page: PageRequest,
  ) => Promise<Page<Ticket>>;
  /** Newest first. */
  readonly loadHistory: (
    organizationId: string,
    eventTicketId: number,
    limit: number,
  ) => Promise<readonly HistoryEntry[]>;
}

export interface MadeChange {
  readonly change: TicketChange;
  /** The key whose request it is. */
  readonly by: string;
  readonly nowMs: number;
}

/** `changed`: the ticket is no longer as it was read. `busy`: the import that makes it has not booked it yet. */
export type ChangeOutcome =
  | { readonly as: 'committed'; readonly ticket: Ticket }
  | { readonly as: 'changed' | 'busy' };

export interface TicketChangeStore {
  /** Another standing under the same barcode. */
  readonly commit: (ticket: Ticket, made: MadeChange) => Promise<ChangeOutcome>;
  /** The barcode is retired for good, and the ticket lives on under this one as it is, admissions included. */
  readonly reissue: (
    ticket: Ticket,
    made: MadeChange & { readonly barcode: string },
  ) => Promise<ChangeOutcome>;
}
