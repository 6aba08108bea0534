import { describe, expect, it } from 'vitest';
import { aTicket } from '../../support/builders.ts';
import { createExportWorld } from '../../support/export-world.ts';
import { parseCsv } from '../../support/read-csv.ts';

const world = await createExportWorld();
const { mine, key } = world;
const FACTS = [
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
const CELLS = ['ticket type', 'barcode', 'name', 'section', 'row', 'seat', 'note'];

async function prepare(overrides: Record<string, unknown> = {}) {
  const { eventId } = await world.newEvent(overrides);
  const { body } = await world.organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
  const ticketTypeId = Number(body.items[0].ticketTypeId);
  const base = { organizationId: mine.organizationId, eventId: String(eventId), ticketTypeId };
  return { eventId: base.eventId, ticketTypeId, base };
}

describe('an export of tickets', () => {
  it('has every ticket of the event by id, whatever became of it, with what is known of it', async () => {
    const { eventId, ticketTypeId, base } = await prepare();
    const other = await prepare();
    await world.put(aTicket({ ...other.base, eventTicketId: 3 }));
    const place = { section: 'A', row: '12', seat: '3' };
    const full = { ...place, holderName: 'Ada', note: 'sits, "in front"', importId: 'imp_1' };
    await world.put(
      aTicket({ ...base, ...full, barcode: 't-1', eventTicketId: 9, orderId: 8, priceMinor: 2505 }),
    );
    const gone = { ...base, origin: 'SOLD', standing: 'CANCELED', payment: 'NOTHING' } as const;
    await world.put(aTicket({ ...gone, barcode: 't-2', eventTicketId: 17, priceMinor: 0 }));
    const inside = { ...base, origin: 'SWAP', checkedIn: true, admissions: 2 } as const;
    await world.put(aTicket({ ...inside, barcode: 't-3', eventTicketId: 10 }));
    const type = String(ticketTypeId);
    expect(await parseCsv(await world.exported(mine, eventId, {}, 'tickets'))).toEqual([
      [...FACTS, ...CELLS],
      [
        '9',
        '8',
        type,
        'REGISTERED',
        'IMPORTED',
        'EUR',
        '25.05',
        '0',
        'imp_1',
        'Regular',
        't-1',
        'Ada',
        'A',
        '12',
        '3',
        'sits, "in front"',
      ],
      [
        '10',
        '',
        type,
        'CHECKED_IN',
        'SWAP',
        'EUR',
        '',
        '2',
        '',
        'Regular',
        't-3',
        '',
        '',
        '',
        '',
        '',
      ],
      [
        '17',
        '',
        type,
        'CANCELED',
        'SOLD',
        'EUR',
        '0.00',
        '0',
        '',
        'Regular',
        't-2',
        '',
        '',
        '',
        '',
        '',
      ],
    ]);
  });

  it('tells a ticket once, under its new barcode, after a reissue', async () => {
    const { eventId, base } = await prepare();
    await world.put(aTicket({ ...base, barcode: 'old', eventTicketId: 5, orderId: 5 }));
    const reissued = await world.organizers('POST /v1/tickets/5/reissue', { key, body: {} });
    const [, ...rows] = await parseCsv(await world.exported(mine, eventId, {}, 'tickets'));
    const { barcode } = reissued.body;
    expect(barcode).not.toBe('old');
    expect(rows.map((row) => [row[0], row[10]])).toEqual([['5', barcode]]);
  });

  it('has the whole note of an imported ticket, also one that lies apart', async () => {
    const { eventId } = await world.newEvent();
    const note = 'likes it quiet. '.repeat(60).trim();
    await world.imported(eventId, `barcode,note,ticket type\napart-1,${note},Regular`);
    const [, row = []] = await parseCsv(await world.exported(mine, eventId, {}, 'tickets'));
    expect(row[15]).toContain(note);
  });

  it('escapes the columns that hold what a spreadsheet would run, and says so; raw does not', async () => {
    const { eventId, base } = await prepare();
    await world.put(
      aTicket({ ...base, barcode: '-5', eventTicketId: 1, holderName: '=1+1', note: "'tis" }),
    );
    await world.put(aTicket({ ...base, barcode: 'plain', eventTicketId: 2 }));
    const read = async (raw: boolean) => {
      const records = await parseCsv(await world.exported(mine, eventId, { raw }, 'tickets'));
      return records.map((record) => record.slice(FACTS.length));
    };
    expect(await read(false)).toEqual([
      ['ticket type', 'barcode-escaped', 'name-escaped', 'section', 'row', 'seat', 'note-escaped'],
      ['Regular', "'-5", "'=1+1", '', '', '', "''tis"],
      ['Regular', 'plain', '', '', '', '', ''],
    ]);
    expect(await read(true)).toEqual([
      CELLS,
      ['Regular', '-5', '=1+1', '', '', '', "'tis"],
      ['Regular', 'plain', '', '', '', '', ''],
    ]);
  });

  it('of an event without tickets is its header', async () => {
    const { eventId } = await prepare();
    const file = await world.exported(mine, eventId, {}, 'tickets');
    expect(await parseCsv(file)).toEqual([[...FACTS, ...CELLS]]);
  });
});
