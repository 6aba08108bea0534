// The stores of an event's exports.
import type { EventExport, ExportContent } from '../domain/event-export.ts';
import type { Ticket } from '../domain/ticket.ts';

export interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

export interface ContentIds extends EventIds {
  readonly content: ExportContent;
}

export interface ExportIds extends ContentIds {
  readonly exportId: string;
}

export interface EventExportStore {
  /** Replaces the event's last export of this content, with the message that has it made, in one transaction. */
  readonly request: (requested: EventExport) => Promise<void>;
  readonly find: (ids: ContentIds) => Promise<EventExport | undefined>;
  /** Does nothing when another export was asked for meanwhile. */
  readonly finish: (made: ExportIds) => Promise<void>;
  /** It has to be asked for anew; does nothing when another one was asked for since. */
  readonly forget: (gone: ExportIds) => Promise<void>;
}

export interface EventTicketReader {
  /** All tickets of an event by id, as they are when they are reached, in constant memory. */
  readonly read: (ids: EventIds) => AsyncIterable<Ticket>;
}
