// The export of an event's barcodes, with which another organization admits its tickets.
import type { Organization } from './organization.ts';
import type { Event } from './event.ts';
import type { Ticket } from './ticket.ts';

/** A barcode that the door would let in as far as its ticket goes; gates and holds are of the moment. */
export const isExported = ({ standing, payment }: Ticket): boolean =>
  standing === 'ACTIVE' && payment !== 'NOTHING';

/** Headers that our own importer recognises for certain. */
export const EXPORT_HEADER = ['barcode', 'ticket type', 'name', 'section', 'row', 'seat'];

export const toExportCells = (ticket: Ticket, ticketTypeName: string): readonly string[] => [
  ticket.barcode,
  ticketTypeName,
  ticket.holderName ?? '',
  ticket.section ?? '',
  ticket.row ?? '',
  ticket.seat ?? '',
];

export const EXPORT_WARNINGS = ['secureSwapOn'] as const;
export type ExportWarning = (typeof EXPORT_WARNINGS)[number];

/** A swap replaces the barcode here, and nobody tells the organization that has the file. */
export const findExportWarnings = (
  organization: Pick<Organization, 'secureSwap'>,
  event: Pick<Event, 'secureSwap'>,
): readonly ExportWarning[] =>
  organization.secureSwap.enabled && event.secureSwap ? ['secureSwapOn'] : [];
