import { describe, expect, it } from 'vitest';
import { createOrderWorld } from '../support/order-world.ts';

const world = await createOrderWorld();
const { organizers, key } = world;
const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });
const pointersOf = (reply: { body: { errors?: { pointer: string }[] } }) =>
  (reply.body.errors ?? []).map(({ pointer }) => pointer);
const soldOf = async (eventId: string) =>
  (await organizers(`GET /v1/events/${eventId}`, { key })).body.sold;

describe('POST /v1/events/{eventId}/orders', () => {
  it('201 with tickets that the door admits, paid in full', async () => {
    const event = await world.newEvent();
    const sold = await world.sell(event, {
      buyer: { firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.com' },
      items: [{ ticketTypeId: event.typeId, quantity: 2, holders: [{ name: 'Grace' }] }],
      payment: { paymentType: 'CASH' },
    });
    expect(sold).toMatchObject({
      status: 201,
      body: {
        status: 'PAID',
        buyer: { firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.com' },
        total: money(5000),
        paid: money(5000),
        balance: money(0),
        cardFees: money(0),
        transactions: [{ kind: 'PAYMENT', paymentType: 'CASH', amount: money(5000) }],
        tickets: [{ holderName: 'Grace' }, { holderName: 'Ada Lovelace' }],
      },
    });
    expect(await world.read(sold.body.orderId)).toEqual(sold.body);
    for (const ticket of sold.body.tickets) {
      expect(ticket.barcode).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      expect(await world.scan(event, ticket.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    }
    expect(await soldOf(event.eventId)).toBe(2);
  });

  it('201 UNPAID without a payment: the door refuses until something is paid', async () => {
    const event = await world.newEvent();
    const items = [{ ticketTypeId: event.typeId, quantity: 2 }];
    const { body: order } = await world.sell(event, { items });
    expect(order).toMatchObject({ status: 'UNPAID', paid: money(0), balance: money(5000) });
    const [first, second] = order.tickets;
    expect(await world.scan(event, first.barcode)).toMatchObject({ reason: 'UNPAID' });
    const settle = `/rest/host/event/${event.eventUrl}/order/${order.orderId}/settle` as const;
    const part = await world.post(settle, { action: 'MARK_AS_PAID', amount: 30.5 });
    expect(part.body).toMatchObject({
      status: 'PARTIALLY_PAID',
      balance: money(1950),
      tickets: [{ due: money(0) }, { due: money(1950) }],
    });
    const scan = await world.scan(event, second.barcode);
    expect(scan).toMatchObject({ outcome: 'ADMITTED', attention: 'BALANCE_DUE' });
    expect(await world.scan(event, first.barcode)).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('201 PAID for free types, COMPLIMENTARY only when sold as such, a bundle as one ticket', async () => {
    const free = await world.newEvent({}, { price: money(0) });
    expect((await world.sell(free)).body).toMatchObject({ status: 'PAID', transactions: [] });
    const paid = await world.newEvent({}, { kind: 'bundle' });
    const gift = await world.sell(paid, { payment: { paymentType: 'COMPLIMENTARY' } });
    expect(gift.body).toMatchObject({
      status: 'COMPLIMENTARY',
      total: money(0),
      transactions: [],
      tickets: [{ price: money(0) }],
    });
    expect(gift.body.tickets).toHaveLength(1);
    expect(await world.scan(paid, gift.body.tickets[0].barcode)).toMatchObject({
      outcome: 'ADMITTED',
    });
  });

  it("201 with the organization's fees, a card's apart", async () => {
    const own = await world.newOrganization();
    const fees = {
      flats: { EUR: { platformMinor: 150, cardMinor: 30 } },
      platformBp: 350,
      cardBp: 290,
    };
    await organizers('PATCH /v1/organization', { key: own.key, body: { fees } });
    const event = await world.newEvent({}, { price: money(1000) }, own.key);
    const sold = await organizers(`POST /v1/events/${event.eventId}/orders`, {
      key: own.key,
      body: {
        items: [{ ticketTypeId: event.typeId, quantity: 1 }],
        payment: { paymentType: 'CARD' },
      },
    });
    expect(sold.body).toMatchObject({
      status: 'PAID',
      total: money(1185),
      paid: money(1185),
      cardFees: money(66),
      transactions: [{ amount: money(1251), cardFee: money(66) }],
      tickets: [{ price: money(1000), subtotal: money(1185) }],
    });
  });

  it('409 sold_out, all or nothing, and event_over', async () => {
    const event = await world.newEvent({ capacity: 3 });
    const items = (quantity: number) => [{ ticketTypeId: event.typeId, quantity }];
    expect((await world.sell(event, { items: items(2) })).status).toBe(201);
    const reply = await world.sell(event, { items: items(2) });
    expect(reply).toMatchObject({ status: 409, body: { code: 'sold_out' } });
    expect((await world.sell(event, { items: items(1) })).status).toBe(201);
    const over = await world.newEvent({
      startsAt: '2026-04-30T00:00:00Z',
      endsAt: '2026-05-01T00:00:00Z',
    });
    expect((await world.sell(over)).body.code).toBe('event_over');
  });

  it('409 sold_out for a type whose own capacity is reached', async () => {
    const event = await world.newEvent({ capacity: 9 }, { capacity: 1 });
    const other = await world.newType(event.eventId);
    const items = [event.typeId, other].map((ticketTypeId) => ({ ticketTypeId, quantity: 1 }));
    expect((await world.sell(event, { items })).status).toBe(201);
    expect((await world.sell(event, { items })).body.code).toBe('sold_out');
    expect((await world.sell(event, { items: items.slice(1) })).status).toBe(201);
  });

  it('422 with all faults at once', async () => {
    const event = await world.newEvent();
    const items = [
      { ticketTypeId: 12_345, quantity: 1, holders: [{}, {}] },
      { ticketTypeId: event.typeId, quantity: 40 },
    ];
    const reply = await world.sell(event, { items, payment: { paymentType: 'ticketswap' } });
    expect(pointersOf(reply)).toEqual([
      '/items/0/ticketTypeId',
      '/items/0/holders',
      '/items',
      '/payment/paymentType',
    ]);
    const form = await world.sell(event, { items: [], buyer: { email: 'nobody', age: 3 } });
    expect(pointersOf(form)).toEqual(['/buyer/email', '/buyer/age', '/items']);
    const path = `POST /v1/events/nowhere/orders` as const;
    expect((await organizers(path, { key, body: { items: items.slice(1) } })).status).toBe(404);
  });

  it('sells 40 tickets with 40 holders of their own, each of whom is a contact afterwards', async () => {
    const event = await world.newEvent();
    const holders = Array.from({ length: 40 }, (_, at) => ({
      name: `Holder ${at}`,
      email: `holder-${at}@example.com`,
    }));
    const sold = await world.sell(event, {
      buyer: { email: 'buyer@example.com' },
      items: [{ ticketTypeId: event.typeId, quantity: 40, holders }],
    });
    expect(sold.body.tickets).toHaveLength(40);
    expect(sold.body.tickets.map((ticket: { holderName: string }) => ticket.holderName)).toEqual(
      holders.map(({ name }) => name),
    );
  });
});

describe('the same sale again', () => {
  it("with the client's own id answers the same order; another one 409", async () => {
    const event = await world.newEvent({ capacity: 1 });
    const sale = { orderId: 4711, buyer: { email: 'own@example.com' } };
    const first = await world.sell(event, sale);
    expect(first).toMatchObject({ status: 201, body: { orderId: 4711 } });
    expect(await world.sell(event, sale)).toMatchObject({ status: 201, body: first.body });
    const other = await world.sell(event, { ...sale, payment: { paymentType: 'CASH' } });
    expect(other).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    expect(await soldOf(event.eventId)).toBe(1);
    const next = await world.newEvent();
    expect((await world.sell(next, { ...sale, orderId: 4712 })).status).toBe(201);
  });
  it("409 for the id of an imported ticket's order", async () => {
    const event = await world.newEvent();
    const imported = await world.importOne(event);
    const reply = await world.sell(event, { orderId: imported.orderId });
    expect(reply).toMatchObject({ status: 409, body: { code: 'already_exists' } });
  });
});

describe('GET /v1/orders/{orderId}', () => {
  it('404 for an unknown one and for a foreign one, alike', async () => {
    const { body } = await world.sell(await world.newEvent());
    const other = await world.newOrganization();
    const foreign = await organizers(`GET /v1/orders/${body.orderId}`, { key: other.key });
    const unknown = await organizers('GET /v1/orders/99', { key });
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
  });
  it('tells of an imported order what the import says was paid elsewhere', async () => {
    const event = await world.newEvent();
    const { orderId, barcode } = await world.importOne(event, { priceMinor: 1800 });
    expect(await world.read(orderId)).toMatchObject({
      status: 'PAID',
      total: money(1800),
      paid: money(1800),
      transactions: [
        { kind: 'PAYMENT', paymentType: 'IMPORT', external: true, amount: money(1800) },
      ],
      tickets: [{ eventTicketId: orderId, barcode, status: 'REGISTERED' }],
    });
  });
});
