// An imported ticket's item stays below 1 KB even with the door's data on it. A note that doesn't fit lies apart, as an
// item of the import and the row; nothing of it is lost.
import { HOLDER_NAME_BYTES_MAX, type Ticket } from '../domain/ticket.ts';
import { rowKey } from './keys.ts';
import { type TicketItem, toTicketItem } from './ticket-item.ts';

/** One write unit (DynamoDB). */
const ITEM_BYTES_MAX = 1_024;
/** What an admission and an exit put on the ticket, with their names: devices, gates, times, four scan marks. */
const ADMISSION_BYTES = 320;

/** Stands on the ticket for a note that lies apart; a note of a file is never empty. */
const NOTE_APART = '';

export interface TicketWrite {
  readonly item: TicketItem;
  readonly note?: ReturnType<typeof toNoteItem>;
}

export function toTicketWrite(ticket: Ticket): TicketWrite {
  const item = toTicketItem(ticket);
  if (fits(item)) return { item };
  // With the longest barcode the place goes to the note too.
  const { section, row, seat, note = '', ...slim } = ticket;
  const withPlace = toTicketItem({ ...ticket, note: NOTE_APART });
  if (fits(withPlace)) return { item: withPlace, note: toNoteItem(ticket, note) };
  const places = { section, row, seat };
  const lines = Object.entries(places).flatMap(([label, text]) =>
    text === undefined ? [] : [`${label}: ${text}`],
  );
  const full = [...lines, ...(note === '' ? [] : [note])].join('\n');
  const bare = toTicketItem({ ...slim, note: NOTE_APART });
  return { item: bare, note: toNoteItem(ticket, full) };
}

export const isNoteApart = (ticket: Ticket): boolean =>
  ticket.note === NOTE_APART && ticket.importId !== undefined && ticket.importRow !== undefined;

export const toNoteKey = ({ organizationId, importId = '', importRow = 0 }: Ticket) =>
  rowKey({ organizationId, importId }, 'note', importRow);

const toNoteItem = (ticket: Ticket, note: string) => ({
  ...toNoteKey(ticket),
  kind: 'importNote',
  note,
});

/** Under the longest name: whoever gets the ticket later may have it. */
const fits = (item: TicketItem): boolean =>
  toItemBytes({ ...item, nam: 'x'.repeat(HOLDER_NAME_BYTES_MAX) }) + ADMISSION_BYTES <=
  ITEM_BYTES_MAX;

/** DynamoDB's measure: names and texts in UTF-8, a number about one byte for two digits. */
function toItemBytes(item: object): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name);
    bytes +=
      typeof value === 'number'
        ? Math.ceil(String(value).length / 2) + 2
        : Buffer.byteLength(String(value));
  }
  return bytes;
}
