// Links between a ticket and its barcode in organizations that imported it with its origin: the only data that crosses
// from one organization to another. It is ids, barcodes and the time of an admission; never a name or an address.
import type { Origin } from '../domain/links/origin-token.ts';
import type { Link, LinkedSwap, NextBarcode } from '../domain/links/linked-swap.ts';
import type { Order } from '../domain/orders/order.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Clash } from './door/ports.ts';
import type { EventIds } from './export-ports.ts';

/** A linked swap with all that is written with it. */
export interface LinkedCommit {
  readonly swap: LinkedSwap;
  /** That the importing organization has the ticket in; undefined when it can't be found. */
  readonly order: Order | undefined;
  /** Somebody was admitted with the barcode that is retired. */
  readonly clash: Clash | undefined;
  readonly nowMs: number;
}

export interface LinkStore {
  /** The secret under which an organization's origins are signed; undefined for an unknown organization. */
  readonly findSecret: (organizationId: string) => Promise<string | undefined>;
  /** Whether a ticket of this event was ever imported with its origin. */
  readonly isLinked: (ids: EventIds) => Promise<boolean>;
  /** Who imported this ticket. Strongly consistent. */
  readonly list: (origin: Origin) => Promise<readonly Link[]>;
  /** Where an imported ticket comes from, and the barcode that it had there. Strongly consistent. */
  readonly findOrigin: (
    ticket: Origin,
  ) => Promise<{ readonly organizationId: string; readonly barcode: string } | undefined>;
  /** What lies under a barcode, also when it was retired. */
  readonly findBarcode: (organizationId: string, barcode: string) => Promise<Ticket | undefined>;
  /** The ticket under the barcode that it has by now where it was reissued. */
  readonly findCurrent: (organizationId: string, barcode: string) => Promise<Ticket | undefined>;
  /**
   * The barcode after next in the importing organization, all or nothing, with the link that leads to it. Answers false
   * when a fact is another by now: look again.
   */
  readonly commit: (made: LinkedCommit) => Promise<boolean>;
  /** Moves a link on to a barcode that the importing organization has already. Answers false like `commit`. */
  readonly advance: (link: Link, next: NextBarcode, nowMs: number) => Promise<boolean>;
  /** Forgets a link whose ticket is gone or canceled; does nothing when it is another one by now. */
  readonly drop: (link: Link, ticket: Ticket | undefined) => Promise<void>;
  /** Bars swaps of the ticket. Answers false when its barcode was retired meanwhile. */
  readonly markAdmitted: (ticket: Ticket, atMs: number) => Promise<boolean>;
}

/** What the stream's follower tells of linked tickets. */
export interface AdmissionTeller {
  readonly tell: (tickets: readonly Origin[], nowMs: number) => Promise<void>;
}
