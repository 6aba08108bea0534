import { describe, expect, it } from 'vitest';
import { createOrderWorld, type EventToSell } from '../support/order-world.ts';

const world = await createOrderWorld();
const { organizers, key, post } = world;
const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });
const codeOf = (reply: { status: number; body: { code?: string } }) => [
  reply.status,
  reply.body.code,
];
const pointersOf = (reply: { body: { errors?: { pointer: string }[] } }) =>
  (reply.body.errors ?? []).map(({ pointer }) => pointer);
const soldOf = async ({ eventId }: EventToSell) =>
  (await organizers(`GET /v1/events/${eventId}`, { key })).body.sold;

const sold = async (quantity = 2, more: Record<string, unknown> = {}) => {
  const event = await world.newEvent();
  const items = [{ ticketTypeId: event.typeId, quantity }];
  const sale = { items, payment: { paymentType: 'CASH' }, ...more };
  const { body } = await world.sell(event, sale);
  return { event, order: body, path: `/v1/orders/${body.orderId}` as const };
};

describe('POST /v1/orders/{orderId}/refund', () => {
  it('200 gives everything back and keeps admission', async () => {
    const { event, order, path } = await sold();
    const reply = await post(`${path}/refund`);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        status: 'REFUNDED',
        paid: money(0),
        balance: money(0),
        transactions: [
          { kind: 'PAYMENT' },
          {
            kind: 'REFUND',
            amount: money(5000),
            of: order.transactions[0].transactionId,
            status: 'DONE',
          },
        ],
      },
    });
    expect(await world.read(order.orderId)).toEqual(reply.body);
    const scan = await world.scan(event, order.tickets[0].barcode);
    expect(scan).toMatchObject({ outcome: 'ADMITTED' });
    expect(scan).not.toHaveProperty('attention');
    expect(await soldOf(event)).toBe(2);
  });
  it('200 with cancel: the tickets admit nobody and their places are free', async () => {
    const { event, order, path } = await sold();
    const [first, second] = order.tickets;
    const body = { eventTicketIds: [first.eventTicketId], cancelTickets: true };
    expect((await post(`${path}/refund`, body)).body).toMatchObject({
      status: 'PARTIALLY_REFUNDED',
      total: money(2500),
      paid: money(2500),
      tickets: [{ status: 'CANCELED', ended: 'CANCELED' }, { status: 'REGISTERED' }],
    });
    expect(await world.scan(event, first.barcode)).toMatchObject({ reason: 'CANCELED' });
    expect(await world.scan(event, second.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    expect(await soldOf(event)).toBe(1);
    const { history } = (await organizers(`GET /v1/tickets/${first.eventTicketId}`, { key })).body;
    expect(history).toMatchObject([{ action: 'CANCELED' }]);
  });
  it('200 cancels 40 tickets in steps and gives their money back at the end', async () => {
    const { event, path } = await sold(40);
    const reply = await post(`${path}/refund`, { cancelTickets: true });
    expect(reply.body).toMatchObject({ status: 'REFUNDED', paid: money(0) });
    expect(await soldOf(event)).toBe(0);
  });
  it('200 for a part; with its Idempotency-Key once, without one each time', async () => {
    const { path } = await sold(1);
    const body = { amount: money(1000) };
    const headers = { 'idempotency-key': 'part' };
    const first = await post(`${path}/refund`, body, headers);
    expect((await post(`${path}/refund`, body, headers)).body).toEqual(first.body);
    expect((await post(`${path}/refund`, body)).body).toMatchObject({
      status: 'PARTIALLY_REFUNDED',
      paid: money(500),
    });
    expect(pointersOf(await post(`${path}/refund`, body))).toEqual(['/amount/amountMinor']);
  });
  it('200 leaves what an import says was paid for the host to settle', async () => {
    const event = await world.newEvent();
    const { orderId } = await world.importOne(event, { priceMinor: 1800 });
    const reply = await post(`/v1/orders/${orderId}/refund`);
    expect(reply.body).toMatchObject({
      status: 'REFUNDED',
      transactions: [{ kind: 'PAYMENT' }, { kind: 'HOST_SETTLES', amount: money(1800) }],
      version: 1,
    });
    expect(await world.read(orderId)).toEqual(reply.body);
    expect(codeOf(await post(`/v1/orders/${orderId}/refund`))).toEqual([409, 'not_refundable']);
  });
  it('409 for what was never paid, what was given away, and what is gone back', async () => {
    const unpaid = await sold(1, { payment: undefined });
    expect(codeOf(await post(`${unpaid.path}/refund`))).toEqual([409, 'order_unpaid']);
    const gift = await sold(1, { payment: { paymentType: 'COMPLIMENTARY' } });
    expect(codeOf(await post(`${gift.path}/refund`))).toEqual([409, 'order_complimentary']);
    const paid = await sold(1);
    await post(`${paid.path}/refund`);
    expect(codeOf(await post(`${paid.path}/refund`))).toEqual([409, 'not_refundable']);
  });
  it('409 ticket_held for a ticket that a marketplace holds or offers', async () => {
    const { order, path } = await sold();
    const [first, second] = order.tickets;
    await world.mark(first.barcode, { hld: world.clock.nowMs + 60_000 });
    expect(codeOf(await post(`${path}/refund`))).toEqual([409, 'ticket_held']);
    await world.mark(second.barcode, { lck: 'ticketswap' });
    const body = { eventTicketIds: [second.eventTicketId] };
    expect(codeOf(await post(`${path}/refund`, body))).toEqual([409, 'ticket_held']);
  });
  it('422 for tickets of another order and another currency, 412 for a stale version', async () => {
    const { path, order } = await sold();
    const body = { amount: money(1, 'USD'), eventTicketIds: [1] };
    expect(pointersOf(await post(`${path}/refund`, body))).toEqual([
      '/amount/currency',
      '/eventTicketIds/0',
    ]);
    const stale = { 'if-match': `"${order.version + 1}"` };
    expect(codeOf(await post(`${path}/refund`, {}, stale))).toEqual([412, 'precondition_failed']);
    expect(codeOf(await post('/v1/orders/99/refund'))).toEqual([404, 'not_found']);
  });
});

describe('POST /v1/orders/{orderId}/cancel', () => {
  it('200 cancels the tickets, frees their places and keeps the money, once', async () => {
    const { event, order, path } = await sold();
    const [first] = order.tickets;
    expect(await world.scan(event, first.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    const canceled = await post(`${path}/cancel`);
    expect(canceled.body).toMatchObject({
      status: 'CANCELED',
      paid: money(5000),
      balance: money(0),
      tickets: [{ status: 'CANCELED' }, { status: 'CANCELED' }],
    });
    expect(await world.scan(event, first.barcode)).toMatchObject({ reason: 'CANCELED' });
    const ticket = await organizers(`GET /v1/tickets/${first.eventTicketId}`, { key });
    expect(ticket.body).toMatchObject({ admissions: 1 });
    expect((await post(`${path}/cancel`)).body).toEqual(canceled.body);
    expect(await soldOf(event)).toBe(0);
    const refunded = await post(`${path}/refund`);
    expect(refunded.body).toMatchObject({ status: 'CANCELED', paid: money(0) });
  });
  it('200 for an imported order', async () => {
    const event = await world.newEvent();
    const { orderId, barcode } = await world.importOne(event);
    expect((await post(`/v1/orders/${orderId}/cancel`)).body).toMatchObject({
      status: 'CANCELED',
      tickets: [{ status: 'CANCELED' }],
    });
    expect(await world.scan(event, barcode)).toMatchObject({ reason: 'CANCELED' });
  });
  it('409 ticket_held while a marketplace holds a ticket', async () => {
    const { order, path } = await sold();
    await world.mark(order.tickets[0].barcode, { hld: world.clock.nowMs + 60_000 });
    expect(codeOf(await post(`${path}/cancel`))).toEqual([409, 'ticket_held']);
  });
  it('404 for an unknown order', async () => {
    expect(codeOf(await post('/v1/orders/99/cancel'))).toEqual([404, 'not_found']);
  });
});

it('changes of one order at the same moment are all made, or refused for what is then true', async () => {
  const { path } = await sold(1);
  const replies = await Promise.all(
    Array.from({ length: 12 }, async () => post(`${path}/refund`, { amount: money(300) })),
  );
  const done = replies.filter(({ status }) => status === 200);
  expect(done).toHaveLength(8);
  expect(replies.filter(({ status }) => status === 422)).toHaveLength(4);
  const { body } = await organizers(`GET ${path}`, { key });
  expect(body.paid).toEqual(money(100));
});
