// The store of orders, as the use cases see it. Every change of an order is one transaction that states the order's
// version, so whoever decided on an older state decides again.
import type { HistoryEntry } from '../domain/history.ts';
import type { EntryStatus, Order } from '../domain/orders/order.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Bar } from '../domain/ticket-transitions.ts';
import type { Buyer } from './contact-ports.ts';
import type { Page, PageRequest } from './event-ports.ts';
import type { OutboxMessage } from './outbox-ports.ts';

/** A ticket as it was read and as it shall be; what differs is written if the ticket still is as it was read. */
export interface TicketWrite {
  readonly before: Ticket;
  readonly after: Ticket;
  /** Fails while a binding hold lives, or while it is offered for resale. */
  readonly barredBy: readonly Bar[];
  /** Fails after a scan that came in between: what becomes of its admission was decided on. */
  readonly isAdmissionStated?: true;
  readonly history?: Omit<HistoryEntry, 'atMs'>;
}

/** Tickets of a type more (sale, exchange to it) or fewer (cancel, exchange from it), by which counter has them. */
export interface PlaceCount {
  readonly sold: number;
  readonly imported: number;
}

export interface NewOrder {
  readonly order: Order;
  readonly tickets: readonly Ticket[];
  /** Buyer first, then holders with addresses of their own. */
  readonly contacts: readonly Buyer[];
  readonly messages: readonly OutboxMessage[];
  /** By which a repeat of the same request is known, see `OrderStore.create`. */
  readonly request: {
    /** Keyed digest of what was asked for; stands on the order. */
    readonly mac: string;
    /** Digest of the caller's Idempotency-Key and key id, if it sent one. */
    readonly key: string | undefined;
    /** The client brought the order's id. */
    readonly isOwnId: boolean;
  };
  readonly nowMs: number;
}

/** The order with this id, or the one that this Idempotency-Key made; `mac` tells whether it was asked for alike. */
export interface OrderMade {
  readonly as: 'exists';
  readonly orderId: number;
  readonly mac: string;
}

export type CreateOutcome =
  | { readonly as: 'created' }
  | OrderMade
  /** The id belongs to something else. */
  | { readonly as: 'id_taken' }
  /** Made-up ids met somebody else's: make new ones. */
  | { readonly as: 'try_again' }
  | { readonly as: 'sold_out' }
  /** What is left is promised to imports that run right now. */
  | { readonly as: 'busy' };

export interface OrderChange {
  readonly before: Order;
  /** Its ledger begins with the one of `before`; version and lines may differ. */
  readonly after: Order;
  readonly tickets: readonly TicketWrite[];
  /** By type; more are taken only if they fit. */
  readonly places: ReadonlyMap<number, PlaceCount>;
  readonly messages: readonly OutboxMessage[];
  readonly nowMs: number;
}

export type ChangeOutcome =
  | 'committed'
  /** The order, a ticket or the stock is another one by now: read and decide again. */
  | 'changed'
  | 'sold_out'
  | 'busy';

export interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

export interface EntryRetry {
  readonly transactionId: string;
  /** Of the attempt, from 1. */
  readonly retries: number;
  readonly retryKey: string | undefined;
  readonly message: OutboxMessage;
  readonly nowMs: number;
}

export interface OrderStore {
  readonly create: (made: NewOrder) => Promise<CreateOutcome>;
  /** The order that a request like this one made before, if it did. */
  readonly findMade: (made: NewOrder) => Promise<OrderMade | undefined>;
  /** Strongly consistent; an imported order is built from its tickets. */
  readonly load: (organizationId: string, orderId: number) => Promise<Order | undefined>;
  readonly loadTickets: (order: Order) => Promise<readonly Ticket[]>;
  readonly commitChange: (change: OrderChange) => Promise<ChangeOutcome>;
  /**
   * Of a refund on its way, in the attempt that `order` shows; answers false when it is no longer in that attempt, or
   * in a state from which it may come there.
   */
  readonly setEntryStatus: (
    order: Order,
    transactionId: string,
    status: { readonly from: readonly EntryStatus[]; readonly to: EntryStatus },
  ) => Promise<boolean>;
  /** FAILED becomes PENDING in its next attempt, with the message that asks for it; false when it isn't FAILED any more. */
  readonly retryEntry: (order: Order, retry: EntryRetry) => Promise<boolean>;
  /** By order id; imported orders stand among the others, at their first ticket. */
  readonly listByEvent: (ids: EventIds, page: PageRequest) => Promise<Page<Order>>;
  /** By order id; only orders with an item of their own and those that an import names. */
  readonly listByContact: (
    ids: { readonly organizationId: string; readonly contactId: string },
    page: PageRequest,
  ) => Promise<Page<Order>>;
}
