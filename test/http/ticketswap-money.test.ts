import { describe, expect, it } from 'vitest';
import { createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key } = world;
const event = await world.newEvent();
const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const read = async (ticketId: number) =>
  (await organizers(`GET /v1/tickets/${ticketId}`, { key })).body;

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
