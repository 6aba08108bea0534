// The stores of an event's exports.
import type { EventExport, ExportContent } from '../domain/event-export.ts';
import type { FileState } from '../domain/file-state.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Page } from './event-ports.ts';

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

/** Instead of the note with the mark `before`; false when that isn't the last one, or the file isn't wanted any more. */
export type SaveFile = (state: FileState, before: string | undefined) => Promise<boolean>;

export interface EventExportStore {
  /** Replaces the event's last export of this content, with the message that has it made, in one transaction. */
  readonly request: (requested: EventExport) => Promise<void>;
  readonly find: (ids: ContentIds) => Promise<EventExport | undefined>;
  readonly saveFile: (ids: ExportIds, ...note: Parameters<SaveFile>) => Promise<boolean>;
  /** False when another export was asked for meanwhile. */
  readonly finish: (made: ExportIds) => Promise<boolean>;
  /** It has to be asked for anew; does nothing when another one was asked for since. */
  readonly forget: (gone: ExportIds) => Promise<void>;
}

export interface EventTicketReader {
  /** All tickets of an event by id, as they are when they are reached, in constant memory. */
  readonly read: (ids: EventIds, after: string | undefined) => AsyncIterable<Page<Ticket>>;
}
