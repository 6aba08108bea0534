// Tickets as they are handed to the printer of PDFs, and that printer with the real fonts.
import { createFontLoader } from '../../lib/adapters/ticket-pdf/load-font.ts';
import { createTicketPdf } from '../../lib/adapters/ticket-pdf/ticket-pdf.ts';
import type { PrintedTicket } from '../../lib/app/ticket-pdf-ports.ts';

export const printTickets = createTicketPdf(createFontLoader(process.cwd()));

export const aTicketToPrint = (changes: Partial<PrintedTicket> = {}): PrintedTicket => ({
  eventName: 'Night of Songs',
  startsAt: '2026-06-12T18:00:00Z',
  timezone: 'Europe/Amsterdam',
  ticketTypeName: 'Regular',
  holderName: 'Zoë van der Berg',
  barcode: '7KQ2M8ZC4TXN0R5W',
  symbology: 'QR',
  orderId: 7_312_345_678_901,
  eventTicketId: 7_312_345_678_902,
  priceText: '€ 12,50',
  ...changes,
});
