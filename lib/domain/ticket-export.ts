// What the export of an event's tickets says of each. Facts are of our own making and never run in a spreadsheet; cells
// are what people wrote.
import { toDecimal } from './money.ts';
import { type Ticket, toTicketStatus } from './ticket.ts';

export const TICKET_FACTS = [
  'event ticket id',
  'order id',
  'ticket type id',
  'status',
  'origin',
  'currency',
  'price',
  'admissions',
  'import id',
];
export const TICKET_HEADER = ['ticket type', 'barcode', 'name', 'section', 'row', 'seat', 'note'];

export const toTicketLine = (
  ticket: Ticket,
  of: { readonly ticketTypeName: string; readonly currency: string },
) => ({
  facts: [
    String(ticket.eventTicketId),
    String(ticket.orderId ?? ''),
    String(ticket.ticketTypeId),
    toTicketStatus(ticket),
    ticket.origin,
    of.currency,
    ticket.priceMinor === undefined ? '' : toDecimal(ticket.priceMinor, of.currency),
    String(ticket.admissions),
    ticket.importId ?? '',
  ],
  cells: [
    of.ticketTypeName,
    ticket.barcode,
    ticket.holderName ?? '',
    ticket.section ?? '',
    ticket.row ?? '',
    ticket.seat ?? '',
    ticket.note ?? '',
  ],
});
