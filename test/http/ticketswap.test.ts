import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { aTicket } from '../support/builders.ts';
import { BUYER, createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key, swapKey, ticketswap, organizationId } = world;
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
    expect(await world.scan(event, sold.barcode)).toMatchObject({ reason: 'SWAPPED' });
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
    ['off for the event', async () => offForEvent(), 'RESELL_NOT_ALLOWED', true],
    ['imported', async () => stored({ origin: 'IMPORTED' }), 'RESELL_NOT_ALLOWED', true],
    ['admitted', async () => admitted(), 'TICKET_ALREADY_SCANNED', false],
    [
      'admitted elsewhere',
      async () => stored({ admittedElsewhereMs: 1 }),
      'TICKET_ALREADY_SCANNED',
      false,
    ],
    ['held', async () => stored({ heldUntilMs: 8e12 }), 'RESELL_NOT_ALLOWED', true],
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

  it('unknown: 404 TICKET_NOT_FOUND on both', async () => {
    for (const barcode of ['UNKNOWN', 'x'.repeat(500)]) {
      const body = { barcode, valid: false, swappable: false, error: 'TICKET_NOT_FOUND' };
      expect(await world.validate(barcode)).toMatchObject({ status: 404, body });
      expect(await world.swap(barcode)).toMatchObject({ status: 404, body });
    }
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

describe('the price of a resale', () => {
  it.each([
    ['NL', '30.00', '30.01'],
    ['BE', '25', '25.01'],
    ['IT', 26.25, 26.26],
    ['AU', '27.50', '27.51'],
  ])('%s: %s is taken, %s is above the cap, which is named', async (country, most, more) => {
    const made = await world.newEvent({ country });
    const sold = await world.sellOne(made);
    const above = await world.swap(sold.barcode, {}, { price: more, currency: 'EUR' });
    expect(above).toMatchObject({ status: 400, body: { error: 'RESELL_NOT_ALLOWED' } });
    expect(Number(above.body.maxPrice)).toBe(Number(most));
    const taken = await world.swap(sold.barcode, {}, { price: most, currency: 'EUR' });
    expect(taken.status).toBe(201);
    // What it was sold for at first stays the measure, however often it is sold on.
    expect((await world.validate(taken.body.barcode)).body.type.price).toBe('25.00');
    const { history } = await read(taken.body.id);
    expect(history[0].details.resalePriceMinor).toBe(Math.round(Number(most) * 100));
  });

  it('counts fees if the organization says so', async () => {
    const fees = {
      flats: { EUR: { platformMinor: 100, cardMinor: 0 } },
      platformBp: 0,
      cardBp: 0,
      internationalCardBp: 0,
      mode: 'passed_on',
      cardFeeRefundable: true,
    };
    const patch = async (body: unknown) =>
      expect((await organizers('PATCH /v1/organization', { key, body })).status).toBe(200);
    await patch({ fees, secureSwap: { capBasis: 'priceWithFees' } });
    const sold = await world.sellOne(event);
    await patch({ fees: null, secureSwap: { capBasis: 'price' } });
    expect((await world.validate(sold.barcode)).body.type).toMatchObject({
      price: '25.00',
      service_fee: '1.00',
    });
    const above = await world.swap(sold.barcode, {}, { price: '31.20' });
    expect(above.body.maxPrice).toBe('30.00');
    await patch({ secureSwap: { capBasis: 'priceWithFees' } });
    expect((await world.swap(sold.barcode, {}, { price: '31.20' })).status).toBe(201);
    await patch({ secureSwap: { capBasis: 'price' } });
  });

  it('422 for what is no amount, and for another currency', async () => {
    const sold = await world.sellOne(event);
    for (const ticket of [{ price: '1.001' }, { price: '-1' }, { price: '1', currency: 'USD' }]) {
      const reply = await world.swap(sold.barcode, {}, ticket);
      expect(reply).toMatchObject({ status: 422, body: { error: 'VALIDATION_FAILED' } });
    }
  });

  it('is never refunded to the first buyer', async () => {
    const sold = await world.sellOne(event);
    await world.swap(sold.barcode);
    const refund = await world.post(`/v1/orders/${sold.orderId}/refund`);
    expect(refund).toMatchObject({ status: 409, body: { code: 'not_refundable' } });
    expect(await world.read(sold.orderId)).toMatchObject({ status: 'PAID', paid: money(2500) });
  });
});

describe('a lock', () => {
  it('bars reissue and refund, not validation and swap, until it is taken away', async () => {
    const sold = await world.sellOne(event);
    const reissue = async () => world.post(`/v1/tickets/${sold.eventTicketId}/reissue`);
    const refund = async () => world.post(`/v1/orders/${sold.orderId}/refund`);
    expect((await world.lock(sold.eventTicketId)).status).toBe(201);
    expect(await read(sold.eventTicketId)).toMatchObject({ lockedBy: 'ticketswap' });
    expect((await reissue()).status).toBe(409);
    expect((await refund()).status).toBe(409);
    expect((await world.validate(sold.barcode)).body).toMatchObject({ swappable: true });
    expect((await world.unlock(sold.eventTicketId)).status).toBe(204);
    expect((await world.unlock(sold.eventTicketId)).status).toBe(204);
    expect((await refund()).status).toBe(200);
  });

  it('ends with the swap, and the new ticket has none', async () => {
    const sold = await world.sellOne(event);
    await world.lock(sold.eventTicketId);
    const swapped = await world.swap(sold.barcode);
    expect(await read(sold.eventTicketId)).not.toHaveProperty('lockedBy');
    expect(await read(swapped.body.id)).not.toHaveProperty('lockedBy');
    expect((await world.unlock(sold.eventTicketId)).status).toBe(204);
  });

  it('404 and 409 with error_code', async () => {
    expect(await world.lock(123)).toMatchObject({
      status: 404,
      body: { error_code: 'TICKET_NOT_FOUND' },
    });
    const sold = await world.sellOne(event);
    await world.scan(event, sold.barcode);
    expect(await world.lock(sold.eventTicketId)).toMatchObject({
      status: 409,
      body: { error_code: 'TICKET_NOT_LOCKABLE', reason: 'TICKET_ALREADY_SCANNED' },
    });
  });

  it('is taken for a ticket that is resold with its own barcode', async () => {
    const sold = await world.sellOne(await world.newEvent({ secureSwap: false }));
    expect((await world.lock(sold.eventTicketId)).status).toBe(201);
  });
});

describe('what the new holder is asked', () => {
  const fields = [
    { name: 'birthdate', label: 'Date of birth', type: 'birthdate', isRequired: true },
    { name: 'size', label: 'Size', type: 'single_choice', choices: ['S', 'M'] },
  ];
  it('is told, has to be answered before there is a PDF, and is kept', async () => {
    const made = await world.newEvent({ personalizationFields: fields });
    const sold = await world.sellOne(made);
    const told = await ticketswap(`GET /ticketswap/personalization-fields/${sold.barcode}`, {
      key: swapKey,
    });
    expect(told.body).toMatchObject([
      { name: 'birthdate', is_required: true, sort_order: 0, helper_text: null },
      { name: 'size', is_required: false, sort_order: 1, choices: ['S', 'M'] },
    ]);
    const swapped = (await world.swap(sold.barcode)).body;
    expect(swapped).toMatchObject({ pdf: null, personalization_required: true });
    const personalize = async (barcode: string, answers: Record<string, unknown>) =>
      ticketswap('POST /ticketswap/personalize', {
        key: swapKey,
        body: { ticket: { barcode }, fields: answers },
      });
    const faulty = await personalize(swapped.barcode, { size: 'XL', shoe: 1 });
    expect(faulty.status).toBe(422);
    expect(
      faulty.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted(),
    ).toEqual(['/fields/birthdate', '/fields/shoe', '/fields/size']);
    const done = await personalize(swapped.barcode, { birthdate: '1906-12-09', size: 'M' });
    expect(done).toMatchObject({ status: 200, body: { personalization_required: false } });
    expect(done.body.pdf).toContain('/ticketswap/pdf/');
    expect((await world.validate(swapped.barcode)).body.personalization_required).toBe(false);
    await world.scan(made, swapped.barcode);
    const late = await personalize(swapped.barcode, { birthdate: '1906-12-09' });
    expect(late).toMatchObject({ status: 400, body: { error: 'PERSONALIZATION_NOT_ALLOWED' } });
  });

  it('400 for a ticket that was not resold', async () => {
    const sold = await world.sellOne(event);
    const body = { ticket: { barcode: sold.barcode }, fields: {} };
    const reply = await ticketswap('POST /ticketswap/personalize', { key: swapKey, body });
    expect(reply).toMatchObject({ status: 400, body: { error: 'PERSONALIZATION_NOT_ALLOWED' } });
  });
});

describe('who may ask', () => {
  const path = 'GET /ticketswap/validate?barcode=X' as const;
  it("401, 403 and 404 in TicketSwap's own form", async () => {
    const own = { valid: false, swappable: false };
    expect(await ticketswap(path)).toMatchObject({
      status: 401,
      body: { ...own, error: 'UNAUTHORIZED' },
    });
    expect(await ticketswap(path, { key })).toMatchObject({
      status: 403,
      body: { ...own, error: 'FORBIDDEN' },
    });
    const made = await world.post('/v1/keys', { scope: 'marketplace', marketplace: 'stubhub' });
    expect(await ticketswap(path, { key: made.body.key })).toMatchObject({
      status: 404,
      body: { ...own, error: 'TICKET_NOT_FOUND' },
    });
    const events = await ticketswap('GET /ticketswap/events', { key: made.body.key });
    expect(events).toMatchObject({ status: 404, body: { error_code: 'EVENT_NOT_FOUND' } });
  });

  it('a barcode of another organization is unknown', async () => {
    const theirs = await world.newOrganization();
    const made = await organizers('POST /v1/keys', {
      key: theirs.key,
      body: { scope: 'marketplace', marketplace: 'ticketswap' },
    });
    const sold = await world.sellOne(event);
    const reply = await ticketswap(`GET /ticketswap/validate?barcode=${sold.barcode}`, {
      key: made.body.key,
    });
    expect(reply).toMatchObject({ status: 404, body: { error: 'TICKET_NOT_FOUND' } });
  });

  it('422 for a swap without a buyer, with everything that is wrong', async () => {
    const body = { ticket: {}, customer: { email: 'no address' } };
    const reply = await ticketswap('POST /ticketswap/swap', { key: swapKey, body });
    expect(reply).toMatchObject({ status: 422, body: { error: 'VALIDATION_FAILED' } });
    expect(JSON.stringify(reply.body.errors)).toContain('/ticket/barcode');
  });
});

describe('the catalogue', () => {
  it('has the events that may be swapped, with prices in minor units', async () => {
    const made = await world.newEvent();
    const off = await world.newEvent({ secureSwap: false });
    const { body } = await ticketswap('GET /ticketswap/events', { key: swapKey });
    const ids = body.map(({ id }: { id: string }) => id);
    expect(ids).toContain(made.eventId);
    expect(ids).not.toContain(off.eventId);
    const one = await ticketswap(`GET /ticketswap/events/${made.eventId}`, { key: swapKey });
    expect(one.body.types).toMatchObject([{ id: made.typeId, price: 2500, currency: 'EUR' }]);
    const none = await ticketswap(`GET /ticketswap/events/${off.eventId}`, { key: swapKey });
    expect(none).toMatchObject({ status: 404, body: { error_code: 'EVENT_NOT_FOUND' } });
  });
});

it('takes the names of customers as other systems spell them', async () => {
  for (const customer of [
    {
      firstname: 'Grace',
      lastname: 'Hopper',
      email: BUYER.email,
      firstName: undefined,
      lastName: undefined,
    },
    { name: 'Grace Hopper', firstName: undefined, lastName: undefined },
  ]) {
    const sold = await world.sellOne(event);
    const swapped = await world.swap(sold.barcode, customer);
    expect(await read(swapped.body.id)).toMatchObject({ holderName: 'Grace Hopper' });
  }
});
