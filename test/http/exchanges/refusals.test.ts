// What an exchange refuses, and the quote that goes stale.
import { describe, expect, it } from 'vitest';
import {
  createExchangeSetup,
  eur,
  SUCCESS,
  type ToExchange,
} from '../../support/exchange-setup.ts';
import { GOLDEN_FEES, toExchangePath } from '../../support/exchange-world.ts';

const { world, setup, setTicket, soldOf } = await createExchangeSetup();
const { organizers, key } = world;

describe('refusals', () => {
  it('404 for whatever is unknown or belongs to something else, identically', async () => {
    const made = await setup();
    const other = await setup();
    const replies = [
      await world.exchange({ ...made, orderId: 1 }),
      await world.exchange({ ...made, event: { ...made.event, eventUrl: 'nowhere' } }),
      await world.exchange({ ...made, event: other.event }),
      await world.exchange({ ...made, eventTicketId: other.eventTicketId }),
      await world.exchange({ ...made, to: 1 }),
      await world.exchange({ ...made, to: other.to }),
      await organizers(`PUT ${toExchangePath(made.event, made.orderId)}`, {
        key: (await world.newOrganization()).key,
        body: { eventTicketId: made.eventTicketId, newTicketTypeId: made.to },
      }),
    ].map(({ status, body: { instance: _instance, ...body } }) => ({ status, body }));
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(replies[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it.each([
    ['held', 'hld', Date.UTC(2030, 1)],
    ['locked', 'lck', 'ticketswap'],
    ['swapped', 'std', 'SWAPPED'],
    ['canceled', 'std', 'CANCELED'],
    ['blocked', 'std', 'BLOCKED'],
  ])('409 not_exchangeable: %s', async (cause, name, value) => {
    const made = await setup();
    await setTicket(made, name, value);
    for (const reply of [await world.exchange(made), await world.quote(made)]) {
      expect(reply).toMatchObject({ status: 409, body: { code: 'not_exchangeable', cause } });
    }
  });

  it('409 not_exchangeable: a bundle, from and to', async () => {
    const made = await setup();
    const bundle = await world.newType(made.event.eventId, { kind: 'bundle', price: eur(0) });
    const items = [{ ticketTypeId: bundle, quantity: 1 }];
    const sold = (await world.sell(made.event, { items })).body;
    const [{ eventTicketId }] = sold.tickets;
    for (const reply of [
      await world.exchange({ ...made, to: bundle }),
      await world.exchange({ ...made, orderId: sold.orderId, eventTicketId }),
    ]) {
      expect(reply).toMatchObject({
        status: 409,
        body: {
          code: 'not_exchangeable',
          cause: 'bundle',
        },
      });
    }
  });

  it('409 not_exchangeable: a canceled order', async () => {
    const made = await setup({});
    await world.post(`/v1/orders/${made.orderId}/cancel`);
    expect(await world.exchange(made)).toMatchObject({ status: 409, body: { cause: 'canceled' } });
  });

  it('409 order_refunded', async () => {
    const made = await setup();
    await world.post(`/v1/orders/${made.orderId}/refund`, { amount: eur(100) });
    expect(await world.exchange(made)).toMatchObject({
      status: 409,
      body: { code: 'order_refunded' },
    });
  });

  it('409 sold_out without any effect', async () => {
    const made = await setup(undefined, 0);
    expect(await world.exchange(made)).toMatchObject({ status: 409, body: { code: 'sold_out' } });
    expect(await world.read(made.orderId)).toMatchObject({ status: 'PAID', total: eur(1185) });
    expect(await soldOf(made)).toEqual([1, 1, 0]);
  });

  it('409 event_over, but a repeat is answered', async () => {
    const made = await setup();
    await world.exchange(made);
    const { nowMs } = world.clock;
    world.clock.nowMs = Date.UTC(2026, 5, 2, 4, 0, 1);
    const over = await world.exchange({ ...made, to: made.event.typeId });
    expect(over).toMatchObject({ status: 409, body: { code: 'event_over' } });
    expect((await world.exchange(made)).body).toEqual(SUCCESS);
    world.clock.nowMs = nowMs;
  });

  it('412 when the order is no longer the one that was read', async () => {
    const made = await setup();
    const headers = { 'if-match': '"7"' };
    expect((await world.exchange({ ...made, headers })).status).toBe(412);
    expect((await world.exchange({ ...made, headers: { 'if-match': '"1"' } })).status).toBe(200);
  });

  it.each([
    ['/paymentDetails/amount', 19.999],
    ['/paymentDetails/amount', '10,35'],
    ['/paymentDetails/amount', 1e21],
    ['/paymentDetails/amount', -1],
    ['/paymentDetails/amount', 10.36],
  ])('422 for an amount that cannot be: %s %s', async (pointer, amount) => {
    const made = await setup();
    const reply = await world.exchange({ ...made, payment: { paymentType: 'CASH', amount } });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect(await world.read(made.orderId)).toMatchObject({ status: 'PAID' });
  });

  it('422 for another order in the payload, and for money that somebody else has', async () => {
    const made = await setup();
    const payment = { paymentType: 'TicketSwap', amount: 1 };
    const reply = await world.exchange({ ...made, payment, more: { orderId: 99 } });
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/orderId',
      '/paymentDetails/paymentType',
    ]);
  });
});

describe('a quote', () => {
  it('tells line by line what the commit then does, and has no effect', async () => {
    const made = await setup({ payment: { paymentType: 'CARD' } });
    const before = await world.read(made.orderId);
    const quoted = await world.quote(made);
    expect(quoted).toMatchObject({
      status: 200,
      body: {
        orderId: made.orderId,
        eventTicketId: made.eventTicketId,
        currency: 'EUR',
        case: 'HIGHER_PRICE',
        from: {
          price: 10,
          flatFee: 1.5,
          percentageFee: 0.35,
          subtotal: 11.85,
        },
        to: {
          name: 'Balcony',
          price: 20,
          flatFee: 1.5,
          percentageFee: 0.7,
          subtotal: 22.2,
        },
        paid: 11.85,
        transactions: [],
        pays: 0,
        refunds: 0,
        due: 10.35,
        dueByCard: 10.97,
        order: {
          before: {
            status: 'PAID',
            total: 11.85,
            paid: 11.85,
            balance: 0,
            cardFees: 0.66,
          },
          after: {
            status: 'PARTIALLY_PAID',
            total: 22.2,
            paid: 11.85,
            balance: 10.35,
          },
        },
        ticket: {
          status: 'REGISTERED',
          reentryGranted: false,
        },
        mails: ['ORDER_CONFIRMATION', 'PAYMENT_LINK'],
      },
    });
    expect(await world.read(made.orderId)).toEqual(before);
    expect((await world.quote(made)).body).toEqual(quoted.body);
    const { quoteId } = quoted.body;
    expect((await world.exchange({ ...made, quoteId })).body).toEqual(SUCCESS);
    expect(await world.read(made.orderId)).toMatchObject({ total: eur(2220), balance: eur(1035) });
    // A repeat of it is a repeat, not a stale quote.
    expect((await world.exchange({ ...made, quoteId })).body).toEqual(SUCCESS);
  });

  it.each<[string, (made: ToExchange) => Promise<unknown>]>([
    [
      'the price',
      async ({ to }) =>
        organizers(`PATCH /v1/ticket-types/${to}`, { key, body: { price: eur(2001) } }),
    ],
    ['the fees', async () => world.fees({ ...GOLDEN_FEES, cardBp: 300 })],
    [
      'the money',
      async (made) => world.exchange({ ...made, to: await world.typeOf(made.event, 1000) }),
    ],
    ['the ticket at the door', async ({ event, barcode }) => world.scan(event, barcode)],
  ])('409 quote_stale after a change of %s', async (_, change) => {
    const made = await setup();
    const { quoteId } = (await world.quote(made)).body;
    await change(made);
    const before = await world.read(made.orderId);
    expect(await world.exchange({ ...made, quoteId })).toMatchObject({
      status: 409,
      body: { code: 'quote_stale' },
    });
    expect(await world.read(made.orderId)).toEqual(before);
    await world.fees(GOLDEN_FEES);
  });

  it('409 quote_stale for another payload', async () => {
    const made = await setup();
    const { quoteId } = (await world.quote(made)).body;
    const payment = { paymentType: 'CASH', amount: 1 };
    expect((await world.exchange({ ...made, payment, quoteId })).body.code).toBe('quote_stale');
  });
});
