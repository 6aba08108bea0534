import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrintedTicket } from '../../lib/app/ticket-pdf-ports.ts';
import type { Symbology } from '../../lib/domain/symbology.ts';
import { aBarcode } from '../support/arbitraries.ts';
import { runs } from '../support/campaign.ts';
import { readPdf } from '../support/read-pdf.ts';
import { aTicketToPrint, printTickets } from '../support/tickets-to-print.ts';

const CREATED_AT = new Date('2026-06-01T10:00:00Z');

const print = async (...tickets: readonly PrintedTicket[]) =>
  printTickets({ tickets, language: 'en', createdAt: CREATED_AT });
const read = async (...tickets: readonly PrintedTicket[]) => readPdf(await print(...tickets));

const FORMATS: Readonly<Record<Symbology, string>> = {
  QR: 'QRCode',
  CODE128: 'Code128',
  PDF417: 'PDF417',
  AZTEC: 'Aztec',
};

describe("a ticket's barcode, read from the rendered page", () => {
  it.each([
    ['QR', '7KQ2M8ZC4TXN0R5W'],
    ['CODE128', '7KQ2M8ZC4TXN0R5W'],
    ['PDF417', '7KQ2M8ZC4TXN0R5W'],
    ['AZTEC', '7KQ2M8ZC4TXN0R5W'],
    ['QR', ' 0012 345  '],
    ['CODE128', ' *0012+345* '],
    ['QR', '^ECI000003^FNC1\\000026'],
    ['QR', 'é漢🎫'],
    ['PDF417', 'é漢🎫'],
    ['AZTEC', 'é漢🎫'],
    ['QR', '🎫'.repeat(64)],
    ['PDF417', '🎫'.repeat(64)],
    ['AZTEC', '🎫'.repeat(64)],
    ['QR', '0'.repeat(128)],
    ['CODE128', '9z'.repeat(16)],
  ] as const)('is the stored one, in %s: %j', async (symbology, barcode) => {
    const [page] = await read(aTicketToPrint({ symbology, barcode }));
    expect(page?.barcodes).toEqual([{ text: barcode, format: FORMATS[symbology] }]);
  });

  it.each([
    ['has a character beyond ASCII', 'é1'],
    ['is too long for the page', 'x'.repeat(33)],
  ])('is a QR code where Code 128 is asked for and it %s', async (_why, barcode) => {
    const [page] = await read(aTicketToPrint({ symbology: 'CODE128', barcode }));
    expect(page?.barcodes).toEqual([{ text: barcode, format: 'QRCode' }]);
  });

  it.each(['QR', 'CODE128', 'PDF417', 'AZTEC'] as const)(
    'is any that can be stored, in %s',
    async (symbology) =>
      fc.assert(
        fc.asyncProperty(fc.array(aBarcode, { minLength: 1, maxLength: 2 }), async (barcodes) => {
          const tickets = barcodes.map((barcode) => aTicketToPrint({ symbology, barcode }));
          const pages = await read(...tickets);
          expect(pages.map((page) => page.barcodes.map(({ text }) => text))).toEqual(
            barcodes.map((barcode) => [barcode]),
          );
        }),
        { numRuns: runs(1, 30) },
      ),
  );
});

describe('what a ticket says', () => {
  it('is all there in text that can be copied', async () => {
    const [page] = await read(aTicketToPrint({ section: 'A', row: '3', seat: '12' }));
    for (const text of [
      'Night of Songs',
      'Friday, 12 June 2026 at 20:00 CEST',
      'Regular',
      'Zoë van der Berg',
      'Section',
      '12',
      '€ 12,50',
      '7312345678901',
      '7312345678902',
      '7KQ2M8ZC4TXN0R5W',
    ]) {
      expect(page?.text.replaceAll('\u00a0', ' ')).toContain(text);
    }
  });

  it('is in Dutch for a Dutch organization', async () => {
    const tickets = [aTicketToPrint()];
    const bytes = await printTickets({ tickets, language: 'nl', createdAt: CREATED_AT });
    const [page] = await readPdf(bytes);
    expect(page?.text).toContain('vrijdag 12 juni 2026 om 20:00 CEST');
    expect(page?.text).toContain('Naam');
  });

  it('has a page for each ticket, in order', async () => {
    const pages = await read(
      aTicketToPrint({ barcode: 'ONE' }),
      aTicketToPrint({ barcode: 'TWO' }),
    );
    expect(pages.map(({ barcodes }) => barcodes[0]?.text)).toEqual(['ONE', 'TWO']);
  });

  it('shows the spaces of a barcode that nobody would see', async () => {
    const [page] = await read(aTicketToPrint({ barcode: ' 12  3' }));
    expect(page?.text).toContain('␣12␣␣3');
  });

  it('never fails, whatever the names are made of', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        async (holderName, eventName) => {
          const [page] = await read(aTicketToPrint({ holderName, eventName }));
          expect(page?.barcodes.map(({ text }) => text)).toEqual(['7KQ2M8ZC4TXN0R5W']);
        },
      ),
      { numRuns: runs(2, 100) },
    ));
});

describe('the file', () => {
  it('is the same, byte for byte, for the same tickets', async () => {
    const ticket = aTicketToPrint({ holderName: 'محمد 東京' });
    expect(Buffer.from(await print(ticket)).equals(await print(ticket))).toBe(true);
  });

  it('tells nobody about the holder in what it says of itself', async () => {
    const bytes = Buffer.from(await print(aTicketToPrint({ holderName: 'Canary' })));
    expect(bytes.includes('Canary')).toBe(false);
  });

  it('is small: only the signs that are used are in it', async () => {
    const bytes = await print(aTicketToPrint({ holderName: 'محمد שלום 東京 한국어 😀' }));
    expect(bytes.length).toBeLessThan(60_000);
  });
});
