import { describe, expect, it } from 'vitest';
import { createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key } = world;
const event = await world.newEvent();
const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const read = async (ticketId: number) =>
  (await organizers(`GET /v1/tickets/${ticketId}`, { key })).body;

const patch = async (path: `/${string}`, body: unknown) =>
  expect((await organizers(`PATCH ${path}`, { key, body })).status).toBe(200);

/** The most that may be asked by country, for a ticket of 25.00 and a fee of 1.01: by the price, and with the fee. */
const CAPS = [
  ['FR', '25.00', '26.01'],
  ['PT', '25.00', '26.01'],
  ['NO', '25.00', '26.01'],
  ['BE', '25.00', '26.01'],
  ['DK', '26.25', '27.31'],
  ['IT', '26.25', '27.31'],
  ['PL', '26.25', '27.31'],
  ['AU', '27.50', '28.61'],
  ['NL', '30.00', '31.21'],
  ['US', '30.00', '31.21'],
] as const;
const FEES = {
  flats: { EUR: { platformMinor: 101, cardMinor: 0 } },
  platformBp: 0,
  cardBp: 0,
  internationalCardBp: 0,
  mode: 'passed_on',
  cardFeeRefundable: true,
};

describe('the cap of a resale', () => {
  it.each(['price', 'priceWithFees'])(
    'by %s is that of the country: what is above is refused with the cap named',
    async (capBasis) => {
      await patch('/v1/organization', { fees: FEES, secureSwap: { capBasis } });
      for (const [country, ofPrice, withFees] of CAPS) {
        const most = capBasis === 'price' ? ofPrice : withFees;
        const sold = await world.sellOne(await world.newEvent({ country }));
        const more = (Number(most) + 0.01).toFixed(2);
        const above = await world.swap(sold.barcode, {}, { price: more, currency: 'EUR' });
        expect(above).toMatchObject({
          status: 400,
          body: {
            barcode: sold.barcode,
            valid: true,
            swappable: true,
            error: 'RESELL_NOT_ALLOWED',
            maxPrice: most,
          },
        });
        const taken = await world.swap(sold.barcode, {}, { price: Number(most) });
        expect(taken.status).toBe(201);
        // What it was sold for at first stays the measure, however often it is sold on.
        const again = await world.swap(
          taken.body.barcode,
          { email: 'j@cap.example' },
          { price: more },
        );
        expect(again.body.maxPrice).toBe(most);
        const { history } = await read(taken.body.id);
        expect(history[0].details.resalePriceMinor).toBe(Math.round(Number(most) * 100));
      }
      await patch('/v1/organization', { fees: null, secureSwap: { capBasis: 'price' } });
    },
  );

  it('counts by the setting of now', async () => {
    await patch('/v1/organization', { fees: FEES });
    const sold = await world.sellOne(event);
    await patch('/v1/organization', { fees: null });
    const before = await world.allItems();
    expect((await world.swap(sold.barcode, {}, { price: '31.21' })).body.maxPrice).toBe('30.00');
    expect(await world.allItems()).toEqual(before);
    await patch('/v1/organization', { secureSwap: { capBasis: 'priceWithFees' } });
    expect((await world.swap(sold.barcode, {}, { price: '31.21' })).status).toBe(201);
    await patch('/v1/organization', { secureSwap: { capBasis: 'price' } });
  });
});

describe('the price of a resale', () => {
  it('is told as it was paid, whatever the type and the fees cost by now, also further on', async () => {
    await patch('/v1/organization', { fees: FEES });
    const made = await world.newEvent();
    const sold = await world.sellOne(made);
    await patch('/v1/organization', { fees: null });
    const price = { amountMinor: 9900, currency: 'EUR' };
    await patch(`/v1/ticket-types/${made.typeId}`, { price });
    const paid = { price: '25.00', service_fee: '1.01', currency: 'EUR' };
    expect((await world.validate(sold.barcode)).body.type).toMatchObject(paid);
    const first = await world.swap(sold.barcode, {}, { price: '20.00' });
    const second = await world.swap(first.body.barcode, { email: 'joan@paid.example' });
    expect((await world.validate(second.body.barcode)).body.type).toMatchObject(paid);
    expect((await world.validate(sold.barcode)).body.type).toMatchObject(paid);
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
    const swapped = await world.swap(sold.barcode);
    expect(swapped.status).toBe(201);
    const before = await world.allItems();
    const whole = await world.post(`/v1/orders/${sold.orderId}/refund`);
    expect(whole).toMatchObject({ status: 409, body: { code: 'not_refundable' } });
    const one = await world.post(`/v1/orders/${sold.orderId}/refund`, {
      eventTicketIds: [sold.eventTicketId],
      cancelTickets: true,
    });
    expect(one.status).toBe(409);
    expect(await world.allItems()).toEqual(before);
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
