// The export of an event's barcodes, with which another organization admits its tickets.
import type { Organization } from './organization.ts';
import type { Event } from './event.ts';
import { toOriginToken } from './links/origin-token.ts';
import type { Ticket } from './ticket.ts';

/** A barcode that the door would let in as far as its ticket goes; gates and holds are of the moment. */
export const isExported = ({ standing, payment }: Ticket): boolean =>
  standing === 'ACTIVE' && payment !== 'NOTHING';

/** Headers that our own importer recognises for certain. */
export const EXPORT_HEADER = [
  'barcode',
  'ticket type',
  'name',
  'section',
  'row',
  'seat',
  'swapgate-origin',
];

export const toExportCells = (
  ticket: Ticket,
  { ticketTypeName, secret }: { readonly ticketTypeName: string; readonly secret: string },
): readonly string[] => [
  ticket.barcode,
  ticketTypeName,
  ticket.holderName ?? '',
  ticket.section ?? '',
  ticket.row ?? '',
  ticket.seat ?? '',
  toOriginToken(ticket, secret),
];

export const EXPORT_WARNINGS = ['secureSwapOn'] as const;
export type ExportWarning = (typeof EXPORT_WARNINGS)[number];

/** A swap replaces the barcode here, and only who imports the file on this Swapgate, with its origins, is told. */
export const findExportWarnings = ({
  organization,
  event,
  isLinked,
}: {
  readonly organization: Pick<Organization, 'secureSwap'>;
  readonly event: Pick<Event, 'secureSwap'>;
  readonly isLinked: boolean;
}): readonly ExportWarning[] =>
  organization.secureSwap.enabled && event.secureSwap && !isLinked ? ['secureSwapOn'] : [];
