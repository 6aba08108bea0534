import { describe, expect, it } from 'vitest';
import { aTicket } from '../../support/builders.ts';
import { createExportWorld } from '../../support/export-world.ts';
import { parseCsv } from '../../support/read-csv.ts';

const world = await createExportWorld();
const { mine, key } = world;
const FACTS = [
  'order id',
  'created at',
  'status',
  'currency',
  'total',
  'paid',
  'balance',
  'card fees',
  'tickets',
];
const CELLS = ['first name', 'last name', 'email', 'payment types'];

async function newEvent(currency = 'EUR') {
  const type = { name: 'Regular', price: { amountMinor: 2500, currency } };
  const { eventId, eventUrl } = await world.newEvent({ currency }, [type]);
  const { body } = await world.organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
  const ticketTypeId = Number(body.items[0].ticketTypeId);
  return { eventId: String(eventId), eventUrl: String(eventUrl), ticketTypeId };
}
type SoldEvent = Awaited<ReturnType<typeof newEvent>>;

async function sell({ eventId, ticketTypeId }: SoldEvent, sale: object = {}, quantity = 1) {
  world.clock.nowMs += 1;
  const items = [{ ticketTypeId, quantity }];
  const body = { items, ...sale };
  const sold = await world.organizers(`POST /v1/events/${eventId}/orders`, { key, body });
  if (sold.status !== 201) throw new Error(JSON.stringify(sold.body));
  return sold.body;
}

const read = async ({ eventId }: SoldEvent, raw = false) =>
  parseCsv(await world.exported(mine, eventId, { raw }, 'orders'));

describe('an export of orders', () => {
  it('tells the same of each order as the order itself, sold and imported ones by id', async () => {
    const fees = { cardBp: 290 };
    await world.organizers('PATCH /v1/organization', { key, body: { fees } });
    const event = await newEvent();
    await sell(await newEvent());
    const buyer = { firstName: 'Ada', lastName: 'L.', email: 'ada@example.com' };
    const paid = await sell(event, { buyer, payment: { paymentType: 'CARD' } }, 2);
    const canceled = await sell(event, { payment: { paymentType: 'CASH' } });
    await world.organizers(`POST /v1/orders/${canceled.orderId}/cancel`, { key, body: {} });
    const csv = 'barcode,name,email,price,ticket type\no-1,Bob,bob@example.com,12.50,Regular';
    await world.imported(event.eventId, csv);
    const unpaid = await sell(event);
    const listed = await world.organizers(`GET /v1/events/${event.eventId}/orders`, { key });
    const orders: Order[] = listed.body.items;
    expect(orders.map(({ orderId }) => orderId)).toEqual(
      expect.arrayContaining([paid.orderId, canceled.orderId, unpaid.orderId]),
    );
    const [header, ...rows] = await read(event);
    expect(header).toEqual([...FACTS, ...CELLS]);
    expect(rows.map((row) => row.slice(0, 8))).toEqual(orders.map(toFacts));
    expect(rows.map((row) => row.slice(8))).toEqual([
      ['2', 'Ada', 'L.', 'ada@example.com', 'CARD'],
      ['0', '', '', '', 'CASH'],
      ['1', '', 'Bob', 'bob@example.com', 'IMPORT'],
      ['1', '', '', '', ''],
    ]);
    expect(Number(rows[0]?.[7])).toBeGreaterThan(0);
    expect(rows[2]?.slice(2, 7)).toEqual(['PAID', 'EUR', '12.50', '12.50', '0.00']);
  });

  it('writes amounts with the digits of their currency', async () => {
    const event = await newEvent('JPY');
    await sell(event, { payment: { paymentType: 'CASH' } });
    const [, row = []] = await read(event);
    expect([row[3], row[6], row[7]]).toEqual(['JPY', '0', '0']);
    expect(row[4]).toMatch(/^\d{4,}$/);
  });

  it('names each payment type once', async () => {
    const event = await newEvent();
    const { orderId } = await sell(event, {}, 2);
    for (const paymentType of ['CASH', 'PIN', 'CASH']) {
      const settled = await world.organizers(
        `POST /rest/host/event/${event.eventUrl}/order/${orderId}/settle`,
        { key, body: { action: 'MARK_AS_PAID', amount: 1, paymentType } },
      );
      if (settled.status >= 300) throw new Error(JSON.stringify(settled.body));
    }
    const [, row = []] = await read(event);
    expect(row.at(-1)).toBe('CASH, PIN');
  });

  it('escapes the columns that hold what a spreadsheet would run, and says so; raw does not', async () => {
    const event = await newEvent();
    await sell(event, { buyer: { firstName: '=1+1', lastName: '@x', email: 'a@example.com' } });
    await sell(event, { buyer: { firstName: "'t", lastName: 'Plain' } });
    const toCells = (records: readonly (readonly string[])[]) =>
      records.map((record) => record.slice(FACTS.length));
    expect(toCells(await read(event))).toEqual([
      ['first name-escaped', 'last name-escaped', 'email', 'payment types'],
      ["'=1+1", "'@x", 'a@example.com', ''],
      ["''t", 'Plain', '', ''],
    ]);
    expect(toCells(await read(event, true))).toEqual([
      CELLS,
      ['=1+1', '@x', 'a@example.com', ''],
      ["'t", 'Plain', '', ''],
    ]);
  });

  it('reads long lists page by page, each order once', async () => {
    const event = await newEvent();
    const ids = Array.from({ length: 120 }, (_, at) => 4_096 * (at + 1));
    const { eventId, ticketTypeId } = event;
    const base = { organizationId: mine.organizationId, eventId, ticketTypeId };
    await world.putAll(
      ids.map((id) => aTicket({ ...base, eventTicketId: id, orderId: id, barcode: `page-${id}` })),
    );
    const [, ...rows] = await read(event, true);
    expect(rows.map(([orderId]) => Number(orderId))).toEqual(ids);
  });
});

interface Order {
  readonly orderId: number;
  readonly createdAt: string;
  readonly status: string;
  readonly total: Money;
  readonly paid: Money;
  readonly balance: Money;
  readonly cardFees: Money;
}
interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

const toFacts = (order: Order): readonly string[] => [
  String(order.orderId),
  order.createdAt,
  order.status,
  order.total.currency,
  ...[order.total, order.paid, order.balance, order.cardFees].map(({ amountMinor }) =>
    (amountMinor / 100).toFixed(2),
  ),
];
