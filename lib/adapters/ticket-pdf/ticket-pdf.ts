// Tickets as a PDF: a page each, the barcode drawn as shapes in its symbology, text in any script. For workers only: what
// it loads is far too much for the door.
import { PDFDocument } from '@cantoo/pdf-lib';
import type { PrintTickets } from '../../app/ticket-pdf-ports.ts';
import { drawTicketPage, toAllText, toTicketText } from './ticket-page.ts';
import { createTypesetter, type LoadFont } from './typesetter.ts';

/** The same input gives the same bytes. What the file says of itself names no person. */
export const createTicketPdf =
  (loadFont: LoadFont): PrintTickets =>
  async ({ tickets, language, createdAt }) => {
    const pdf = await PDFDocument.create({ updateMetadata: false });
    const printed = tickets.map((ticket) => ({ ticket, text: toTicketText(ticket, language) }));
    pdf.setTitle(printed[0]?.text.title ?? 'Tickets', { showInWindowTitleBar: true });
    pdf.setLanguage(language);
    pdf.setProducer('Swapgate');
    pdf.setCreationDate(createdAt);
    pdf.setModificationDate(createdAt);
    const texts = printed.flatMap(({ text }) => toAllText(text));
    const typesetter = await createTypesetter(pdf, loadFont, texts);
    for (const each of printed) drawTicketPage(pdf, typesetter, each);
    return pdf.save();
  };
