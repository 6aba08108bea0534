import { describe, expect, it } from 'vitest';
import { recogniseHeader } from '../../../lib/domain/imports/fields.ts';
import { guessColumns, isCertain } from '../../../lib/domain/imports/guess-mapping.ts';

const toFields = (records: readonly (readonly string[])[]) => {
  const { header, columns } = guessColumns(records, records.at(-1)?.length ?? 0);
  return {
    header,
    fields: columns.map(({ field }) => field),
    certainties: columns.map(({ certainty }) => certainty),
  };
};

describe('headers', () => {
  it.each([
    [
      'nl',
      [
        'Streepjescode',
        'Voornaam',
        'Achternaam',
        'E-mailadres',
        'Ticketsoort',
        'Prijs',
        'Bestelnummer',
        'Vak',
        'Rij',
        'Stoel',
        'Opmerking',
      ],
    ],
    [
      'en',
      [
        'Barcode',
        'First Name',
        'Last Name',
        'Email',
        'Ticket Type',
        'Price',
        'Order reference',
        'Section',
        'Row',
        'Seat',
        'Notes',
      ],
    ],
    [
      'de',
      [
        'Strichcode',
        'Vorname',
        'Nachname',
        'E-Mail-Adresse',
        'Ticketart',
        'Preis',
        'Bestellnummer',
        'Block',
        'Reihe',
        'Sitzplatz',
        'Bemerkung',
      ],
    ],
    [
      'fr',
      [
        'Code-barres',
        'Prénom',
        'Nom de famille',
        'Courriel',
        'Type de billet',
        'Prix',
        'Numéro de commande',
        'Secteur',
        'Rangée',
        'Siège',
        'Remarque',
      ],
    ],
  ])('are recognised in %s', (_language, header) => {
    expect(header.map((cell) => recogniseHeader(cell)?.field)).toEqual([
      'barcode',
      'firstName',
      'lastName',
      'email',
      'ticketType',
      'price',
      'orderReference',
      'section',
      'row',
      'seat',
      'note',
    ]);
  });
  it('"Nom" beside "Prénom" is the last name', () => {
    expect(
      toFields([
        ['Code-barres', 'Nom', 'Prénom'],
        ['123', 'Curie', 'Marie'],
      ]).fields,
    ).toEqual(['barcode', 'lastName', 'firstName']);
  });
  it('of two barcode columns the plainer word wins and nothing is certain', () => {
    const guess = guessColumns(
      [
        ['Code', 'Barcode'],
        ['1', '2'],
      ],
      2,
    );
    expect(guess.columns.map(({ field }) => field)).toEqual(['other', 'barcode']);
    expect(isCertain({ ...guess, delimiter: ',', encoding: 'utf-8' })).toBe(false);
  });
  it('an unknown header is kept for the note and makes nothing certain', () => {
    expect(
      toFields([
        ['barcode', 'Kleur'],
        ['123', 'geel'],
      ]),
    ).toEqual({ header: true, fields: ['barcode', 'other'], certainties: ['certain', 'unknown'] });
  });
  it.each([
    [
      [
        'order_id',
        'shop_name',
        'event_name',
        'barcode',
        'ticket_name',
        'ticket_invalidated',
        'email',
      ],
      ['orderReference', 'other', 'other', 'barcode', 'ticketType', 'invalidated', 'email'],
    ],
    [
      [
        'Time',
        'Event',
        'Gate',
        'Price',
        'Barcode',
        'Section',
        'Row',
        'Seat',
        'Ticket Type',
        'Ext/Int',
        'Entry Mode',
      ],
      [
        'other',
        'other',
        'other',
        'price',
        'barcode',
        'section',
        'row',
        'seat',
        'ticketType',
        'other',
        'other',
      ],
    ],
  ])('the public layout %j is certain', (header, fields) => {
    const guess = toFields([header, header.map((_cell, index) => String(index))]);
    expect(guess.fields).toEqual(fields);
    expect(new Set(guess.certainties)).toEqual(new Set(['certain']));
  });
});

describe('a file without header', () => {
  it('in six columns is known by what stands in it', () => {
    const record = [
      'Femke',
      'Kowalska',
      'femke@example.net',
      '5840951405832',
      'General Admission',
      '2027-06-12',
    ];
    expect(toFields([record, record])).toMatchObject({
      header: false,
      fields: ['firstName', 'lastName', 'email', 'barcode', 'ticketType', 'other'],
    });
  });
  it('in other columns: the codes are probably the barcode', () => {
    const records = [
      ['Ada', 'X1234', 'ada@example.com'],
      ['Bob', 'X1235', 'bob@example.com'],
    ];
    expect(toFields(records)).toEqual({
      header: false,
      fields: ['other', 'barcode', 'email'],
      certainties: ['unknown', 'likely', 'likely'],
    });
  });
  it('in one column is a list of barcodes, the first one too', () => {
    expect(toFields([['8781'], ['8782']])).toMatchObject({ header: false, fields: ['barcode'] });
  });
});
