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

type Spoil = (made: ToExchange) => Promise<unknown>;
const isChange = (value: unknown): value is Partial<ToExchange> =>
  typeof value === 'object' && value !== null && !('status' in value);

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

  const block: Spoil = async ({ eventTicketId }) =>
    world.post(`/v1/tickets/${eventTicketId}/block`);
  const toBundle = async ({ event }: ToExchange) =>
    world.newType(event.eventId, { kind: 'bundle', price: eur(0) });
  /** What is wrong, the answer with its cause, and how it came about; what that answers replaces what is asked for. */
  const REFUSED: readonly (readonly [string, number, string, string | undefined, Spoil])[] = [
    ['held', 409, 'not_exchangeable', 'held', (made) => setTicket(made, 'hld', Date.UTC(2030, 1))],
    ['locked', 409, 'not_exchangeable', 'locked', (made) => setTicket(made, 'lck', 'ticketswap')],
    ['swapped', 409, 'not_exchangeable', 'swapped', (made) => setTicket(made, 'std', 'SWAPPED')],
    ['blocked', 409, 'not_exchangeable', 'blocked', block],
    [
      'a canceled ticket',
      ...([409, 'not_exchangeable', 'canceled'] as const),
      async ({ eventTicketId }) => world.post(`/v1/tickets/${eventTicketId}/cancel`),
    ],
    [
      'a canceled order',
      ...([409, 'not_exchangeable', 'canceled'] as const),
      async ({ orderId }) => world.post(`/v1/orders/${orderId}/cancel`),
    ],
    [
      'to a bundle',
      ...([409, 'not_exchangeable', 'bundle'] as const),
      async (made) => ({ to: await toBundle(made) }),
    ],
    [
      'from a bundle',
      ...([409, 'not_exchangeable', 'bundle'] as const),
      async (made) => {
        const items = [{ ticketTypeId: await toBundle(made), quantity: 1 }];
        const { orderId, tickets } = (await world.sell(made.event, { items })).body;
        return { orderId, eventTicketId: tickets[0].eventTicketId };
      },
    ],
    ['the same type', 409, 'same_type', undefined, async ({ event }) => ({ to: event.typeId })],
    ['an unknown type', 404, 'not_found', undefined, async () => ({ to: 1 })],
    ['an unknown ticket', 404, 'not_found', undefined, async () => ({ eventTicketId: 1 })],
    ['an unknown order', 404, 'not_found', undefined, async () => ({ orderId: 1 })],
    [
      "another order's ticket",
      ...([404, 'not_found', undefined] as const),
      async () => ({ eventTicketId: (await setup()).eventTicketId }),
    ],
    [
      "another event's type",
      ...([404, 'not_found', undefined] as const),
      async () => ({ to: (await setup()).to }),
    ],
    [
      'another event',
      ...([404, 'not_found', undefined] as const),
      async () => ({ event: (await setup()).event }),
    ],
  ];
  it.each(REFUSED)('%s: %i %s', async (_, status, code, cause, spoil) => {
    const made = await setup();
    const change = await spoil(made);
    const asked = { ...made, ...(isChange(change) ? change : {}) };
    const before = [await world.read(made.orderId), await soldOf(made)];
    for (const reply of [await world.exchange(asked), await world.quote(asked)]) {
      expect(reply).toMatchObject({ status, body: { code } });
      expect(reply.body.cause).toBe(cause);
    }
    expect([await world.read(made.orderId), await soldOf(made)]).toEqual(before);
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
