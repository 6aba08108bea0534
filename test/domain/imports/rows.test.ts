import { describe, expect, it } from 'vitest';
import { decideRow, type RowContext, toRowRules } from '../../../lib/domain/imports/rows.ts';
import { parsePrice, toCurrencyDigits } from '../../../lib/domain/imports/price.ts';
import type { ImportField } from '../../../lib/domain/imports/fields.ts';

const rulesFor = (fields: readonly ImportField[], more: Partial<RowContext> = {}) =>
  toRowRules({
    fixes: [],
    mapping: {
      header: true,
      delimiter: ',',
      encoding: 'utf-8',
      columns: fields.map((field, index) => ({ index, field, certainty: 'certain' })),
    },
    header: fields.map((field) => (field === 'other' ? 'Event' : field)),
    columnCount: fields.length,
    requestedTypeId: undefined,
    types: [{ ticketTypeId: 1, name: 'Regular' }],
    currencyDigits: 2,
    ...more,
  });
const TWO_TYPES = [
  { ticketTypeId: 1, name: 'Regular' },
  { ticketTypeId: 2, name: 'Early  Bird' },
];

describe('a row', () => {
  const rules = rulesFor(['barcode', 'name', 'email', 'ticketType', 'invalidated']);
  it.each([
    [['', '', ''], { as: 'blank' }],
    [['B', '', '', '', '', 'x'], { as: 'rejected', reason: 'ragged_row' }],
    [['', 'Ada'], { as: 'rejected', reason: 'barcode_missing' }],
    [['x'.repeat(129)], { as: 'rejected', reason: 'barcode_too_long' }],
    [['a\nb'], { as: 'rejected', reason: 'barcode_control_character' }],
    [['B', 'Ada', 'ada'], { as: 'rejected', reason: 'email_invalid' }],
    [['B', 'Ada', '', 'Other'], { as: 'rejected', reason: 'unknown_ticket_type' }],
    [['B', 'Ada', '', '', 'true'], { as: 'rejected', reason: 'invalidated' }],
  ])('%j is %j', (cells, expected) => expect(decideRow(cells, rules)).toEqual(expected));

  it.each([
    [['B', 'Ada', ' ada@example.com ', 'regular ', 'no', '', '']],
    [['B', 'Ada', 'ada@example.com', ' REGULAR', 'false']],
    [['B', 'Ada']],
  ])('%j is a ticket', (cells) =>
    expect(decideRow(cells, rules)).toEqual({
      as: 'draft',
      draft: expect.objectContaining({ barcode: 'B', ticketTypeId: 1, holderName: 'Ada' }),
    }),
  );

  it.each([' B', 'B ', '\u00a0B', '*B*', '=B', "'B", ' '])('keeps the barcode %j', (barcode) =>
    expect(decideRow([barcode], rules)).toMatchObject({ as: 'draft', draft: { barcode } }),
  );
});

describe('the ticket type', () => {
  it("of the request wins over the column's", () => {
    const rules = rulesFor(['barcode', 'ticketType'], { types: TWO_TYPES, requestedTypeId: 1 });
    expect(decideRow(['B', 'nonsense'], rules)).toMatchObject({ draft: { ticketTypeId: 1 } });
  });
  it('is found without case and with single spaces; an empty cell says nothing with several types', () => {
    const rules = rulesFor(['barcode', 'ticketType'], { types: TWO_TYPES });
    expect(decideRow(['B', 'early bird'], rules)).toMatchObject({ draft: { ticketTypeId: 2 } });
    expect(decideRow(['B', ''], rules)).toMatchObject({ reason: 'unknown_ticket_type' });
  });
});

describe('what has no field of its own', () => {
  it('is kept in the note', () => {
    const rules = rulesFor([
      'barcode',
      'note',
      'orderReference',
      'other',
      'section',
      'firstName',
      'lastName',
    ]);
    const section = 'the block behind the pillar';
    const cells = ['B', 'plus one', 'R1', '2027-06-12', section, 'Ada', 'van den Berg'];
    expect(decideRow(cells, rules)).toMatchObject({
      draft: {
        holderName: 'Ada van den Berg',
        note: `plus one\nsection: ${section}\norder reference: R1\nEvent: 2027-06-12`,
      },
    });
  });
  it('so is a name that is cut on the ticket', () => {
    const name = 'é'.repeat(60);
    const decision = decideRow(['B', name], rulesFor(['barcode', 'name']));
    expect(decision).toMatchObject({
      draft: { holderName: 'é'.repeat(40), note: `name: ${name}` },
    });
  });
});

describe('a column that is escaped for spreadsheets', () => {
  it('gives the barcode back exactly', () => {
    const rules = rulesFor(['barcode'], { header: ['barcode-escaped'] });
    for (const [cell, barcode] of [
      ["'=1", '=1'],
      ["''1", "'1"],
      ['1', '1'],
    ]) {
      expect(decideRow([cell ?? ''], rules)).toMatchObject({ draft: { barcode } });
    }
  });
});

describe('a price', () => {
  it.each([
    ['35,99', 2, 3599],
    ['12.50', 2, 1250],
    ['0', 2, 0],
    ['€ 1.234,50', 2, 123450],
    ['1,234.5', 2, 123450],
    ['1.234', 2, 123400],
    ['EUR 10', 2, 1000],
    ['10,-', 2, 1000],
    ['1500', 0, 1500],
    ['1.234', 3, 1234],
    ['A', 2, undefined],
    ['12.345,678', 2, undefined],
    ['12.3456', 2, undefined],
    ['-5', 2, undefined],
    ['1e3', 2, undefined],
  ])('%j with %i digits is %j', (text, digits, minor) =>
    expect(parsePrice(text, digits)).toBe(minor),
  );
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['HUF', 2],
    ['IQD', 3],
  ])('in %s has %i digits', (currency, digits) => expect(toCurrencyDigits(currency)).toBe(digits));
});
