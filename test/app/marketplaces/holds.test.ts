// Holds as a marketplace meets them: asked for, held, extended, released, over, sold.
import { describe, expect, it } from 'vitest';
import { createHoldWorld, HOLD_MINUTES, UNIT_PRICE } from '../../support/hold-world.ts';

const world = await createHoldWorld();
const { calls, clock } = world;
const event = await world.newEvent();
const MINUTE_MS = 60_000;

const refused = (code: string) => ({ ok: false, refusal: { code } });
const held = async (eventId = event.eventId) =>
  (await world.organizers(`GET /v1/events/${eventId}`, { key: world.key })).body.held;
const pass = (milliseconds: number): void => {
  clock.nowMs += milliseconds;
};

describe('a hold', () => {
  it('takes neighbouring seats from everybody else until it is released', async () => {
    const own = await world.newEvent();
    const { listingId, tickets } = await world.listSeats(own, 4);
    const placed = await calls.place({ holdRequestId: 'a-1', listingId, quantity: 3 });
    expect(placed).toMatchObject({
      ok: true,
      value: {
        status: 'HELD',
        binding: true,
        quantity: 3,
        unitPriceMinor: 4000,
        expiresAtMs: clock.nowMs + HOLD_MINUTES * MINUTE_MS,
      },
    });
    expect(placed.ok && placed.value.tickets.map(({ seat }) => seat)).toEqual(['1', '2', '3']);
    expect(await calls.ask(listingId)).toMatchObject({
      value: { available: true, availableQuantity: 1, purchasableQuantities: [1] },
    });
    const other = { marketplace: 'tickpick', listingId, quantity: 2 } as const;
    expect(await calls.place({ ...other, holdRequestId: 'a-2' })).toMatchObject(
      refused('not_available'),
    );
    expect(await world.scan(own, tickets[0]?.barcode ?? '')).toMatchObject({ reason: 'HELD' });
    expect(await held(own.eventId)).toBe(3);
    expect(await calls.release('a-1')).toMatchObject({ ok: true });
    expect(await calls.release('a-1')).toMatchObject({ ok: true });
    expect(await held(own.eventId)).toBe(0);
    expect(await calls.place({ ...other, holdRequestId: 'a-3', quantity: 4 })).toMatchObject({
      ok: true,
    });
    expect(await calls.read('a-1')).toMatchObject({ value: { status: 'RELEASED' } });
  });

  it('is answered again to the same request and refused to another one with its id', async () => {
    const { listingId } = await world.listSeats(event, 3);
    const asked = { holdRequestId: 'b-1', listingId, quantity: 2 };
    const first = await calls.place(asked);
    pass(1);
    expect(await calls.place(asked)).toEqual(first);
    expect(await calls.place({ ...asked, quantity: 1 })).toMatchObject(refused('id_reused'));
    await calls.release('b-1');
    expect(await calls.place(asked)).toMatchObject({ value: { status: 'RELEASED' } });
  });

  it('is refused when its release came first', async () => {
    const { listingId } = await world.listSeats(event, 1);
    expect(await calls.release('c-1')).toMatchObject({ ok: true });
    expect(await calls.place({ holdRequestId: 'c-1', listingId })).toMatchObject(
      refused('hold_released'),
    );
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 1 } });
  });

  it('is over at its time, and its tickets are free before anything cleans up', async () => {
    const own = await world.newEvent();
    const { listingId } = await world.listSeats(own, 2);
    await calls.place({ holdRequestId: 'd-1', listingId, quantity: 2 });
    pass(HOLD_MINUTES * MINUTE_MS - 1);
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 0 } });
    pass(1);
    expect(await calls.invoice('d-1', 'order-d')).toMatchObject(refused('hold_expired'));
    expect(await calls.extend('d-1', clock.nowMs + 1)).toMatchObject(refused('hold_expired'));
    expect(await calls.read('d-1')).toMatchObject({ value: { status: 'EXPIRED' } });
    expect(
      await calls.place({ holdRequestId: 'd-2', listingId, quantity: 2, marketplace: 'tickpick' }),
    ).toMatchObject({ ok: true });
    expect(await calls.invoice('d-1', 'order-d')).toMatchObject(refused('hold_expired'));
    expect(await calls.release('d-1')).toMatchObject({ ok: true });
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 0 } });
    expect(await held(own.eventId)).toBe(2);
    pass(HOLD_MINUTES * MINUTE_MS);
    expect(await calls.expire()).toBeGreaterThan(0);
    expect(await held(own.eventId)).toBe(0);
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 2 } });
  });

  it('is extended to at most the channel’s minutes from now', async () => {
    const { listingId } = await world.listSeats(event, 1);
    await calls.place({ holdRequestId: 'e-1', listingId, expiresAtMs: clock.nowMs + MINUTE_MS });
    pass(MINUTE_MS / 2);
    const expiresAtMs = clock.nowMs + HOLD_MINUTES * MINUTE_MS;
    expect(await calls.extend('e-1', expiresAtMs + 1)).toMatchObject({ value: { expiresAtMs } });
    pass(MINUTE_MS);
    expect(await calls.invoice('e-1', 'order-e')).toMatchObject({ ok: true });
  });

  it('is refused at another price, in a wrong split, and at a marketplace without the listing', async () => {
    const { listingId } = await world.listSeats(event, 3, { splits: 'noSingleLeft' });
    const asked = { holdRequestId: 'f-1', listingId };
    const cheaper = { ...UNIT_PRICE, amountMinor: 3999 };
    expect(await calls.place({ ...asked, unitPrice: cheaper })).toMatchObject(
      refused('price_changed'),
    );
    expect(await calls.place({ ...asked, quantity: 2 })).toMatchObject(refused('invalid_split'));
    expect(await calls.place({ ...asked, marketplace: 'stubhub' })).toMatchObject(
      refused('not_found'),
    );
    expect(await calls.place({ ...asked, quantity: 3, unitPrice: UNIT_PRICE })).toMatchObject({
      ok: true,
    });
  });
});

describe('an invoice', () => {
  it('moves the tickets to an order of the buyer that the marketplace paid', async () => {
    const { listingId, tickets } = await world.listSeats(event, 3);
    await calls.place({ holdRequestId: 'g-1', listingId, quantity: 2 });
    const buyer = { firstName: 'Ada', lastName: 'Holds', email: 'ada.holds@example.com' };
    const made = await calls.invoice('g-1', 'order-g', { buyer });
    expect(made).toMatchObject({ ok: true, value: { status: 'CONFIRMED' } });
    pass(HOLD_MINUTES * MINUTE_MS);
    expect(await calls.invoice('g-1', 'order-g', { buyer })).toEqual(made);
    expect(await calls.invoice('g-1', 'order-h')).toMatchObject(refused('already_invoiced'));
    expect(await calls.release('g-1')).toMatchObject(refused('already_invoiced'));
    const orderId = made.ok ? made.value.orderId : 0;
    const sold = tickets.slice(0, 2);
    expect(await world.read(orderId)).toMatchObject({
      status: 'PAID',
      buyer: { firstName: 'Ada', email: 'ada.holds@example.com' },
      total: { amountMinor: 8000 },
      transactions: [{ paymentType: 'Gametime', amount: { amountMinor: 8000 } }],
      tickets: sold.map(({ barcode }) => ({ barcode, holderName: 'Ada Holds' })),
    });
    expect(await world.read(sold[0]?.orderId ?? 0)).toMatchObject({ status: 'PAID' });
    const ticket = await world.organizers(`GET /v1/tickets/${sold[0]?.eventTicketId}`, {
      key: world.key,
    });
    expect(ticket.body).toMatchObject({ orderId, status: 'REGISTERED' });
    expect(ticket.body.history).toMatchObject([{ action: 'SOLD' }]);
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 1 } });
    expect(await world.scan(event, sold[0]?.barcode ?? '')).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('leaves nothing to refund or to cancel in the order that the tickets left', async () => {
    const { listingId, tickets } = await world.listSeats(event, 1);
    await calls.place({ holdRequestId: 'i-1', listingId });
    await calls.invoice('i-1', 'order-i');
    const left = tickets[0]?.orderId ?? 0;
    expect((await world.post(`/v1/orders/${left}/refund`)).status).toBe(409);
    await world.post(`/v1/orders/${left}/cancel`);
    expect(await world.scan(event, tickets[0]?.barcode ?? '')).toMatchObject({
      outcome: 'ADMITTED',
    });
  });

  it('refuses the marketplace’s order id of another sale', async () => {
    const { listingId } = await world.listSeats(event, 2);
    await calls.place({ holdRequestId: 'j-1', listingId });
    await calls.place({ holdRequestId: 'j-2', listingId });
    expect(await calls.invoice('j-1', 'order-j')).toMatchObject({ ok: true });
    expect(await calls.invoice('j-2', 'order-j')).toMatchObject(refused('already_invoiced'));
    expect(await calls.read('j-2')).toMatchObject({ value: { status: 'HELD' } });
  });

  it('takes forty tickets of as many orders', async () => {
    const { listingId } = await world.listSeats(event, 40);
    expect(await calls.place({ holdRequestId: 'k-1', listingId, quantity: 40 })).toMatchObject({
      ok: true,
    });
    const buyer = { name: 'Forty', email: 'forty.holds@example.com' };
    expect(await calls.invoice('k-1', 'order-k', { buyer })).toMatchObject({ ok: true });
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 0 } });
  });
});

describe('what can be listed', () => {
  it('is a ticket once, and what was sold never again', async () => {
    const { listingId, tickets } = await world.listSeats(event, 2);
    const [first, second] = tickets.map(({ eventTicketId }) => eventTicketId);
    expect(await calls.list([first ?? 0])).toMatchObject({
      refusal: {
        code: 'not_listable',
        errors: [{ pointer: '/eventTicketIds/0', detail: 'is in an open listing' }],
      },
    });
    await calls.place({ holdRequestId: 'l-1', listingId });
    await calls.invoice('l-1', 'order-l');
    expect(await calls.list([first ?? 0, second ?? 0])).toMatchObject({
      refusal: {
        code: 'not_listable',
        errors: [{ detail: 'is not stock' }, { detail: 'is in an open listing' }],
      },
    });
  });

  it('is in one listing even when two are made at once', async () => {
    const tickets = await world.importSeats(event, 2);
    const ids = tickets.map(({ eventTicketId }) => eventTicketId);
    const made = await Promise.all([calls.list(ids), calls.list(ids.toReversed())]);
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('is what an order without a buyer has, and not what somebody bought', async () => {
    const paid = { payment: { paymentType: 'CASH' } };
    const own = await world.sell(event, paid);
    expect(await calls.list([own.body.tickets[0].eventTicketId])).toMatchObject({ ok: true });
    const buyer = { firstName: 'Bo', email: 'bo.holds@example.com' };
    const sold = await world.sell(event, { ...paid, buyer });
    expect(await calls.list([sold.body.tickets[0].eventTicketId])).toMatchObject(
      refused('not_listable'),
    );
  });
});

describe('a ticket of a listing', () => {
  const gone = {
    scanned: async (ticket: { barcode: string }) => world.scan(event, ticket.barcode),
    blocked: async (ticket: { eventTicketId: number }) =>
      world.post(`/v1/tickets/${ticket.eventTicketId}/block`),
    canceled: async (ticket: { eventTicketId: number }) =>
      world.post(`/v1/tickets/${ticket.eventTicketId}/cancel`),
    locked: async (ticket: { barcode: string }) =>
      world.mark(ticket.barcode, { lck: 'ticketswap' }),
  };
  it.each(Object.entries(gone))('disappears when it is %s', async (_what, act) => {
    const { listingId, tickets } = await world.listSeats(event, 2);
    const [first] = tickets;
    if (first === undefined) throw new Error('two tickets');
    await act(first);
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 1 } });
  });

  it('stays under another barcode', async () => {
    const { listingId, tickets } = await world.listSeats(event, 1);
    await world.post(`/v1/tickets/${tickets[0]?.eventTicketId}/reissue`);
    expect(await calls.place({ holdRequestId: 'm-1', listingId })).toMatchObject({ ok: true });
    expect(await calls.invoice('m-1', 'order-m')).toMatchObject({ ok: true });
  });

  it('can neither be blocked, reissued, canceled nor refunded with cancel while it is held', async () => {
    const { listingId, tickets } = await world.listSeats(event, 1);
    const [{ eventTicketId, orderId } = { eventTicketId: 0, orderId: 0 }] = tickets;
    await calls.place({ holdRequestId: 'n-1', listingId });
    const answers = await Promise.all([
      world.post(`/v1/tickets/${eventTicketId}/block`),
      world.post(`/v1/tickets/${eventTicketId}/reissue`),
      world.post(`/v1/tickets/${eventTicketId}/cancel`),
      world.post(`/v1/orders/${orderId}/cancel`),
      world.post(`/v1/orders/${orderId}/refund`, { cancelTickets: true }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409]);
    expect(await calls.invoice('n-1', 'order-n')).toMatchObject({ ok: true });
  });
});
