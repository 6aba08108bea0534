// Files as organizers' other systems and spreadsheets write them: what is understood without help.
import { describe, expect, it } from 'vitest';
import { encode } from '../../support/csv-text.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const NBSP = '\u00a0';

interface Expected {
  readonly name: string;
  readonly file: string | Buffer;
  readonly types?: readonly string[];
  readonly rowsTotal?: number;
  /** Barcode, holder and price in minor units of each ticket. */
  readonly tickets: readonly (readonly [barcode: string, holder?: string, price?: number])[];
  readonly warnings?: readonly string[];
}

const FILES: readonly Expected[] = [
  {
    name: 'a French export with units, decimal commas and a currency sign',
    file:
      'N° de commande;Code-barres;Nom et prénom;Adresse e-mail;Type de billet;Prix TTC (€);Rangée;Siège\r\n' +
      'C-1;3700000000017;Chloé Müller;c@x.fr;Tarif plein;25,50 €;A;12\r\n' +
      `C-2;${NBSP}3700000000024${NBSP};Jean Dupont;j@x.fr;TARIF  PLEIN;1${NBSP}250,00;A;13\r\n`,
    types: ['Tarif plein', 'Tarif réduit'],
    tickets: [
      ['3700000000017', 'Chloé Müller', 2_550],
      [`${NBSP}3700000000024${NBSP}`, 'Jean Dupont', 125_000],
    ],
    warnings: ['outerSpaces'],
  },
  {
    name: 'a German list in Windows-1252 with a title, its date and an empty line above the header',
    file: encode(
      'Gästeliste Sommerfest;;;\r\nErstellt am;01.05.2026;;\r\n;;;\r\n' +
        'Ticket-Nr.;Vorname;Nachname;Preis (EUR)\r\n0400001;Jörg;Weiß;29,90\r\n0400002;Änne;Groß;29,90\r\n',
      'windows-1252',
      false,
    ),
    rowsTotal: 2,
    tickets: [
      ['0400001', 'Jörg Weiß', 2_990],
      ['0400002', 'Änne Groß', 2_990],
    ],
  },
  {
    name: 'a Dutch list in UTF-16 with tabs, a name in parts and trailing empty columns',
    file: encode(
      'Streepjescode\tVoornaam\tTussenvoegsel\tAchternaam\tSoort ticket\tPrijs\t\t\n' +
        "'0087100\tLotte\tvan den\tBerg\tRegulier\t€ 12,50\t\t\n8,71E+12\tBram\t\tSmit\tRegulier\t€ 15,-\t\t\n",
      'utf-16le',
      true,
    ),
    types: ['Regulier'],
    tickets: [
      ["'0087100", 'Lotte Berg', 1_250],
      ['8,71E+12', 'Bram Smit', 1_500],
    ],
    warnings: ['apostrophe', 'scientificNotation'],
  },
  {
    name: 'an English export with numbered columns, behind a byte order mark and a sep= line',
    file:
      '\ufeffsep=,\r\nOrder #,Order Date,First Name,Surname,Email Address,Quantity,Ticket Type,Total Paid,Attendee #,Barcode #\r\n' +
      '1,2026-05-01,Ann,Lee,a@x.com,1,GA,$20.00,7,1112220001\r\n2,2026-05-01,"Bob\nB.",Fox,b@x.com,1,GA,$20.00,8,1122230001\r\n',
    types: ['GA'],
    tickets: [
      ['1112220001', 'Ann Lee', 2_000],
      ['1122230001', 'Bob\nB. Fox', 2_000],
    ],
  },
  {
    name: 'six columns without header of which some rows lack an address or a barcode',
    file: [
      ...[1, 2, 3, 4, 5, 6].map((at) => `Ann,Lee${at},a${at}@x.nl,87100000000${at}0,GA,12/06/2027`),
      'No,Mail,,8710000000099,GA,12/06/2027',
      'No,Code,n@x.nl,,GA,12/06/2027',
    ].join('\n'),
    types: ['GA'],
    tickets: [
      ...[1, 2, 3, 4, 5, 6].map((at) => [`87100000000${at}0`, `Ann Lee${at}`] as const),
      ['8710000000099', 'No Mail'],
    ],
  },
  {
    name: 'codes under "Ticket", which elsewhere is the type',
    file: 'Ticket;Naam\nAB-1001;Jan\nAB-1002;Piet\nAB-1003;Kees\n',
    tickets: [
      ['AB-1001', 'Jan'],
      ['AB-1002', 'Piet'],
      ['AB-1003', 'Kees'],
    ],
  },
  {
    name: 'a title above a list of codes, with empty lines between',
    file: 'Codes for the gate\n\nTicketcode\n001\n002\n\n',
    rowsTotal: 3,
    tickets: [['001'], ['002']],
  },
];

describe.each(FILES)(
  '$name',
  ({ file, types = ['Regular'], rowsTotal, tickets, warnings = [] }) => {
    it('is imported as it stands', async () => {
      const { eventId } = await world.newEvent(
        {},
        types.map((name) => ({ name })),
      );
      const { importId, ...done } = await world.imported(eventId, file);
      const made = await world.listAll(`/v1/imports/${importId}/tickets`);
      expect(
        made.map(({ barcode, holderName, price }) => [barcode, holderName, price?.amountMinor]),
      ).toEqual(tickets.map(([barcode, holder, price]) => [barcode, holder, price]));
      if (rowsTotal !== undefined) expect(done.progress.rowsTotal).toBe(rowsTotal);
      const { tickets: count, rejected, blank } = done.progress;
      expect(count + rejected + blank).toBe(done.progress.rowsTotal);
      const codes = done.warnings.map(({ code }: { code: string }) => code);
      expect(codes.toSorted()).toEqual(warnings);
    });
  },
);

it('what stands above a header are rows when a start says that there is none', async () => {
  const { eventId } = await world.newEvent();
  const { importId, mapping } = await world.analyzed(eventId, 'My list,\ncode,name\nX1,Ann\n');
  expect(mapping.header).toBe(true);
  const body = { mapping: { ...mapping, header: false } };
  await world.imports(`POST /v1/imports/${importId}/start`, { key: world.key, body });
  await world.worker()(world.run(importId));
  expect(await world.read(importId)).toMatchObject({
    status: 'COMPLETED',
    progress: { rowsTotal: 3, rowsDone: 3, tickets: 3 },
  });
});
