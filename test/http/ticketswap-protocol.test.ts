import { describe, expect, it } from 'vitest';
import { refuse } from '../../lib/domain/result.ts';
import { BUYER, createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key, swapKey, ticketswap } = world;
const event = await world.newEvent();
const read = async (ticketId: number) =>
  (await organizers(`GET /v1/tickets/${ticketId}`, { key })).body;

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

  it("429 in TicketSwap's own form, with the time to wait", async () => {
    const refusing = world.ticketswapOver(world.bare, () =>
      refuse('rate_limited', { retryAfterSeconds: 1 }),
    );
    const limited = await refusing(path, { key: swapKey });
    expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(limited.body).toEqual({
      barcode: null,
      valid: false,
      swappable: false,
      error: 'RATE_LIMITED',
    });
    const events = await refusing('GET /ticketswap/events', { key: swapKey });
    expect(events).toMatchObject({ status: 429, body: { error_code: 'RATE_LIMITED' } });
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

describe('the tickets of an order', () => {
  it('are those that still stand', async () => {
    const made = await world.newEvent();
    const items = [{ ticketTypeId: made.typeId, quantity: 2 }];
    const sold = await world.sellOne(made, { items });
    const list = async () =>
      ticketswap(`GET /ticketswap/tickets/${sold.orderId}`, { key: swapKey });
    const before = await list();
    expect(before.body).toHaveLength(2);
    expect(before.body[0]).toMatchObject({
      barcode: sold.barcode,
      swappable: true,
      type: { price: 2500, service_fee: 0, currency: 'EUR' },
    });
    await world.swap(sold.barcode);
    expect((await list()).body).toEqual([before.body[1]]);
    const none = await ticketswap('GET /ticketswap/tickets/123', { key: swapKey });
    expect(none).toMatchObject({ status: 404, body: { error_code: 'TICKETS_NOT_FOUND' } });
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
