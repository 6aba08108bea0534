// Tickets as a PDF, as the use cases and workers see them.
import type { Symbology } from '../domain/symbology.ts';
import type { Organization } from '../domain/organization.ts';

export interface PrintedTicket {
  readonly eventName: string;
  /** ISO 8601 with offset or Z; told in the event's own time zone. */
  readonly startsAt: string;
  readonly timezone: string;
  readonly ticketTypeName: string;
  readonly holderName?: string | undefined;
  /** As it is stored: what the reader reads has to be this, character for character. */
  readonly barcode: string;
  readonly symbology: Symbology;
  readonly section?: string | undefined;
  readonly row?: string | undefined;
  readonly seat?: string | undefined;
  readonly orderId: number;
  readonly eventTicketId: number;
  /** As people read it, such as `€ 12,50`. */
  readonly priceText?: string | undefined;
}

export interface TicketPdfInput {
  /** A page each, in this order. */
  readonly tickets: readonly PrintedTicket[];
  readonly language: Organization['language'];
  /** Stands in the file; the same input gives the same bytes. */
  readonly createdAt: Date;
}

export type PrintTickets = (input: TicketPdfInput) => Promise<Uint8Array>;
