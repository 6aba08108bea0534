import { describe, expect, it } from 'vitest';
import { createDamageCount } from '../../../lib/domain/imports/damage.ts';
import {
  chooseDelimiter,
  findForeignContent,
  findSepLine,
  guessEncoding,
} from '../../../lib/domain/imports/dialect.ts';
import { recogniseHeader } from '../../../lib/domain/imports/fields.ts';
import { guessColumns, isCertain } from '../../../lib/domain/imports/guess-mapping.ts';
import { DELIMITERS } from '../../../lib/domain/imports/import.ts';

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

describe('the dialect', () => {
  const toTrials = (lines: readonly string[]) =>
    DELIMITERS.filter((delimiter) => delimiter !== '').map((delimiter) => ({
      delimiter,
      records: lines.map((line) => line.split(delimiter)),
    }));
  it.each([
    [['barcode;price', '1;35,99', '2;0'], ';'],
    [['a,b', 'c,d'], ','],
    [['8,1', '82', '83', '84', '85'], ''],
    [['barcode|name', '1|x'], '|'],
    [['1', '2'], ''],
  ])('of %j has the delimiter %j', (lines, delimiter) =>
    expect(chooseDelimiter(toTrials(lines))).toBe(delimiter),
  );
  it.each([
    ['sep=;\r\n', ';'],
    ['"sep=,"\n', ','],
    ['SEP=\t\n', '\t'],
    ['sep=x\n', undefined],
    ['barcode\n', undefined],
  ])('of %j is named as %j', (head, delimiter) => expect(findSepLine(head)).toBe(delimiter));
  it.each([
    [Buffer.from('\ufeffabc', 'utf16le'), 'utf-16le'],
    [Buffer.from('\ufeffabc', 'utf16le').swap16(), 'utf-16be'],
    [Buffer.from('barcode,name', 'utf16le'), 'utf-16le'],
    [Buffer.from('barcode,name', 'utf16le').swap16(), 'utf-16be'],
    [Buffer.from('\ufeffabc'), 'utf-8'],
    [Buffer.alloc(64), 'utf-8'],
  ])('of %j is %s', (bytes, encoding) => expect(guessEncoding(bytes)).toBe(encoding));
  it.each(['%PDF-1.7', 'PK\u0003\u0004xlsx'])('of %j is foreign', (head) =>
    expect(findForeignContent(Buffer.from(head))).toBe('not_a_text_file'),
  );
});

describe('damage', () => {
  const warningsFor = (codes: readonly string[]) => {
    const count = createDamageCount({ barcode: 0, price: undefined, currencyDigits: 2 });
    for (const code of codes) count.add([code]);
    return count.toWarnings().map(({ code, count: of }) => [code, of]);
  };
  it.each([
    [['9.37178E+12', '9,3E+12'], [['scientificNotation', 2]]],
    [["'871"], [['apostrophe', 1]]],
    [['+871', '=871', '-871', '@871'], [['formulaSign', 4]]],
    [['*871*'], [['asterisks', 1]]],
    [[' 871', '871 ', '\u00a0871', '8 71'], [['outerSpaces', 3]]],
    [['0123456789012', '1234567890123', '12345678901'], [['lostLeadingZeros', 1]]],
    [['1234', '12345', '12345'], []],
    [['A123', 'B124'], []],
  ])('of %j is %j', (codes, expected) => expect(warningsFor(codes)).toEqual(expected));
});
