import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { aTicket } from '../support/builders.ts';
import { createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key, organizationId } = world;
const event = await world.newEvent();
const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const read = async (ticketId: number) =>
  (await organizers(`GET /v1/tickets/${ticketId}`, { key })).body;

describe('a resale as TicketSwap does it', () => {
  it('validates, locks, swaps, and again: the newest barcode alone admits', async () => {
    const sold = await world.sellOne(event);
    const validated = await world.validate(sold.barcode);
    expect(validated).toMatchObject({
      status: 200,
      body: {
        id: sold.eventTicketId,
        barcode: sold.barcode,
        valid: true,
        swappable: true,
        scanned_at: null,
        pdf: expect.stringMatching(/^http:\/\/localhost\/ticketswap\/pdf\//),
        personalization_required: false,
        event: { id: event.eventId, name: 'Night', date_only: false },
        type: { id: event.typeId, price: '25.00', service_fee: '0.00', currency: 'EUR' },
      },
    });
    expect(validated.body).not.toHaveProperty('error');
    expect((await world.lock(validated.body.id)).status).toBe(201);
    expect((await world.lock(validated.body.id)).status).toBe(201);

    const first = await world.swap(sold.barcode);
    expect(first.status).toBe(201);
    expect(Object.keys(first.body).toSorted()).toEqual([
      'barcode',
      'id',
      'pdf',
      'personalization_required',
    ]);
    expect(await world.scan(event, sold.barcode)).toMatchObject({
      reason: 'SWAPPED',
      // Not the seller's: whoever stands there may be anybody.
      ticket: { holderName: '' },
    });
    const second = await world.swap(first.body.barcode, { email: 'joan@example.com' });
    expect(second.status).toBe(201);
    expect(await world.scan(event, first.body.barcode)).toMatchObject({ reason: 'SWAPPED' });
    expect(await world.scan(event, second.body.barcode)).toMatchObject({
      outcome: 'ADMITTED',
      ticket: { holderName: 'Grace Hopper', origin: 'SWAP' },
    });
  });

  it('keeps the chain both ways, and the sum of sold tickets', async () => {
    const made = await world.newEvent();
    const sold = await world.sellOne(made);
    const first = (await world.swap(sold.barcode)).body;
    const second = (await world.swap(first.barcode, { email: 'joan@example.com' })).body;
    const chain = [await read(sold.eventTicketId), await read(first.id), await read(second.id)];
    expect(
      chain.map(({ status, successorId, predecessorId }) => [status, predecessorId, successorId]),
    ).toEqual([
      ['SWAPPED', undefined, first.id],
      ['SWAPPED', sold.eventTicketId, second.id],
      ['REGISTERED', first.id, undefined],
    ]);
    expect(chain[1].history).toMatchObject([
      { action: 'SWAPPED', details: { successorId: second.id } },
      { action: 'SWAPPED', details: { predecessorId: sold.eventTicketId } },
    ]);
    const stock = await organizers(`GET /v1/events/${made.eventId}`, { key });
    expect(stock.body.sold).toBe(1);
  });

  it('makes an order with payment type TicketSwap, a contact once, and the mail with the ticket', async () => {
    const made = await world.newEvent();
    const sold = await world.sellOne(made, {
      items: [{ ticketTypeId: made.typeId, quantity: 2 }],
    });
    const swapped = (await world.swap(sold.barcode, { email: ' Grace@Example.com ' })).body;
    const ticket = await read(swapped.id);
    const order = await world.read(ticket.orderId);
    expect(order).toMatchObject({
      status: 'PAID',
      buyer: { firstName: 'Grace', lastName: 'Hopper' },
      total: money(2500),
      transactions: [{ kind: 'PAYMENT', paymentType: 'TicketSwap', amount: money(2500) }],
    });
    const items = await world.allItems();
    const contacts = items.filter((item) => item['kind'] === 'contact');
    const emails = contacts.map((item) =>
      (item['contact'] as { email: string }).email.toLowerCase(),
    );
    expect(emails.filter((email) => email.trim() === 'grace@example.com')).toHaveLength(1);
    const messages = items.map((item) => item['message']);
    expect(messages).toContainEqual({
      type: 'mail.swapped',
      organizationId,
      orderId: ticket.orderId,
    });
    const reports = items.filter(
      ({ pk, kind }) => kind === 'paymentReport' && String(pk).includes(made.eventId),
    );
    expect(reports).toContainEqual(
      expect.objectContaining({ sk: 'PAY#PAYMENT#TicketSwap', amountMinor: 2500 }),
    );
  });

  it('answers a repeat alike while the new barcode is current, and nobody else', async () => {
    const sold = await world.sellOne(event);
    const first = await world.swap(sold.barcode);
    const before = await world.allItems();
    const again = await world.swap(sold.barcode, { email: ' GRACE@example.com', firstName: 'G' });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    const other = await world.swap(sold.barcode, { email: 'eve@example.com' });
    expect(other).toMatchObject({
      status: 400,
      body: {
        barcode: sold.barcode,
        valid: false,
        swappable: false,
        error: 'TICKET_ALREADY_SWAPPED',
      },
    });
    expect(await world.allItems()).toEqual(before);
    await world.swap(first.body.barcode, { email: 'joan@example.com' });
    const late = await world.swap(sold.barcode);
    expect(late.body.error).toBe('TICKET_ALREADY_SWAPPED');
  });
});

describe('a ticket that may not be resold', () => {
  const cases: readonly (readonly [string, () => Promise<string>, string, boolean])[] = [
    ['off at the organization', async () => offForOrganization(), 'RESELL_NOT_ALLOWED', true],
    ['off at the event', async () => offForEvent(), 'RESELL_NOT_ALLOWED', true],
    ['imported', async () => stored({ origin: 'IMPORTED' }), 'RESELL_NOT_ALLOWED', true],
    ['checked in', async () => admitted(), 'TICKET_ALREADY_SCANNED', false],
    ['already swapped', async () => swappedBefore(), 'TICKET_ALREADY_SWAPPED', false],
    ['refunded in full', async () => refunded(), 'RESELL_NOT_ALLOWED', true],
    [
      'admitted elsewhere',
      async () => stored({ admittedElsewhereMs: 1 }),
      'TICKET_ALREADY_SCANNED',
      false,
    ],
    ['blocked', async () => changed('block'), 'RESELL_NOT_ALLOWED', false],
    ['canceled', async () => canceled(), 'ORDER_CANCELLED', false],
    [
      'unpaid',
      async () => (await world.sellOne(event, { payment: undefined })).barcode,
      'RESELL_NOT_ALLOWED',
      false,
    ],
    ['a bundle', async () => bundle(), 'RESELL_NOT_ALLOWED', true],
    ['of an event that is over', async () => over(), 'RESELL_NOT_ALLOWED', true],
    ['replaced by a reissue', async () => changed('reissue'), 'TICKET_ALREADY_SWAPPED', false],
  ];
  it.each(cases)('%s: says so and changes nothing', async (_name, make, error, valid) => {
    const barcode = await make();
    onTestFinished(async () => world.setSwitches(true));
    const before = await world.allItems();
    const validated = await world.validate(barcode);
    expect(validated).toMatchObject({
      status: 200,
      body: { barcode, valid, swappable: false, error, type: { currency: 'EUR' } },
    });
    const swapped = await world.swap(barcode);
    expect(swapped.status).toBe(400);
    expect(swapped.body).toEqual({ barcode, valid, swappable: false, error });
    expect(await world.allItems()).toEqual(before);
  });

  it('unknown: 404 TICKET_NOT_FOUND on both, and changes nothing', async () => {
    const before = await world.allItems();
    for (const barcode of ['UNKNOWN', 'x'.repeat(500)]) {
      const body = { barcode, valid: false, swappable: false, error: 'TICKET_NOT_FOUND' };
      expect(await world.validate(barcode)).toMatchObject({ status: 404, body });
      expect(await world.swap(barcode)).toMatchObject({ status: 404, body });
    }
    expect(await world.allItems()).toEqual(before);
  });

  it('off at the organization: from the answer on, and on again', async () => {
    const sold = await world.sellOne(event);
    await world.setSwitches(false);
    const refused = await world.swap(sold.barcode);
    expect(refused.body).toMatchObject({ error: 'RESELL_NOT_ALLOWED', valid: true });
    expect(await world.validate(sold.barcode)).toMatchObject({
      body: { valid: true, swappable: false },
    });
    await world.setSwitches(true);
    expect((await world.swap(sold.barcode)).status).toBe(201);
  });

  async function stored(overrides: Partial<Ticket>): Promise<string> {
    const ids = { organizationId, eventId: event.eventId, ticketTypeId: event.typeId };
    const ticket = aTicket({ ...ids, origin: 'SOLD', ...overrides });
    await world.put(ticket);
    return ticket.barcode;
  }
  async function offForOrganization(): Promise<string> {
    const { barcode } = await world.sellOne(event);
    await world.setSwitches(false);
    return barcode;
  }
  async function swappedBefore(): Promise<string> {
    const { barcode } = await world.sellOne(event);
    await world.swap(barcode, { email: 'somebody.else@example.com' });
    return barcode;
  }
  async function refunded(): Promise<string> {
    const { barcode, orderId } = await world.sellOne(event);
    expect((await world.post(`/v1/orders/${orderId}/refund`)).status).toBe(200);
    expect(await world.scan(event, barcode)).toMatchObject({ outcome: 'ADMITTED' });
    const other = await world.sellOne(event);
    await world.post(`/v1/orders/${other.orderId}/refund`);
    return other.barcode;
  }
  async function offForEvent(): Promise<string> {
    const sold = await world.sellOne(await world.newEvent({ secureSwap: false }));
    return sold.barcode;
  }
  async function admitted(): Promise<string> {
    const { barcode } = await world.sellOne(event);
    await world.scan(event, barcode);
    return barcode;
  }
  async function changed(action: 'block' | 'reissue'): Promise<string> {
    const { barcode, eventTicketId } = await world.sellOne(event);
    await world.post(`/v1/tickets/${eventTicketId}/${action}`);
    return barcode;
  }
  async function canceled(): Promise<string> {
    const { barcode, orderId } = await world.sellOne(event);
    await world.post(`/v1/orders/${orderId}/cancel`);
    return barcode;
  }
  async function bundle(): Promise<string> {
    const typeId = await world.newType(event.eventId, { kind: 'bundle' });
    const items = [{ ticketTypeId: typeId, quantity: 1 }];
    return (await world.sellOne(event, { items })).barcode;
  }
  async function over(): Promise<string> {
    const made = await world.newEvent();
    const { barcode } = await world.sellOne(made);
    const body = { startsAt: '2026-05-01T20:00:00Z', endsAt: '2026-05-02T20:00:00Z' };
    await organizers(`PATCH /v1/events/${made.eventId}`, { key, body });
    return barcode;
  }
});
