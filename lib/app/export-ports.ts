// The stores of barcode exports.
import type { BarcodeExport } from '../domain/barcode-export.ts';
import type { Ticket } from '../domain/ticket.ts';

export interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

export interface BarcodeExportStore {
  /** Replaces the event's last export, with the message that has it made, in one transaction. */
  readonly request: (requested: BarcodeExport) => Promise<void>;
  readonly find: (ids: EventIds) => Promise<BarcodeExport | undefined>;
  /** Does nothing when another export was asked for meanwhile. */
  readonly finish: (made: BarcodeExport) => Promise<void>;
}

export interface EventTicketReader {
  /** All tickets of an event by id, as they are when they are reached, in constant memory. */
  readonly read: (ids: EventIds) => AsyncIterable<Ticket>;
}
