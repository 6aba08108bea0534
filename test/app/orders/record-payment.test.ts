import { describe, expect, it } from 'vitest';
import { recordPayment } from '../../../lib/app/orders/record-payment.ts';
import { settleOrder } from '../../../lib/app/orders/settle-order.ts';
import { createOrdersContainer } from '../../../lib/runtime/container/orders.ts';
import { toOrderMoney } from '../../../lib/domain/orders/totals.ts';
import { createOrderWorld, type EventToSell } from '../../support/order-world.ts';

const world = await createOrderWorld();
const deps = createOrdersContainer({ TABLE_NAME: world.tableName }, world.bare);
const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const settle = async ({ eventUrl }: EventToSell, orderId: number, amount: number) =>
  world.post(`/rest/host/event/${eventUrl}/order/${orderId}/settle`, {
    action: 'MARK_AS_PAID',
    amount,
  });

const record = async (
  orderId: number,
  amountMinor: number,
  {
    providerPaymentId = 'pi_1',
    by = deps,
    ...more
  }: { providerPaymentId?: string; subtotalMinor?: number; by?: typeof deps } = {},
) => {
  const recorded = await recordPayment(by, {
    ...more,
    organizationId: world.organizationId,
    orderId,
    provider: 'stripe',
    providerPaymentId,
    paymentType: 'CARD',
    amountMinor,
    card: { isInternational: false },
    nowMs: world.clock.nowMs,
  });
  if (!recorded.ok) throw new Error(recorded.refusal.code);
  return recorded.value;
};

it('books a payment of a provider once, however often and at once it is told', async () => {
  const event = await world.newEvent();
  const { body } = await world.sell(event);
  await Promise.all([1, 2, 3].map(async () => record(body.orderId, 2500)));
  expect(await world.read(body.orderId)).toMatchObject({
    status: 'PAID',
    transactions: [{ kind: 'PAYMENT', paymentType: 'CARD', amount: money(2500) }],
  });
  expect((await record(body.orderId, 2500)).ledger).toHaveLength(1);
  expect(await world.scan(event, body.tickets[0].barcode)).toMatchObject({ outcome: 'ADMITTED' });
});

it('gives back to a payment what it brought beyond what was due, by a call to its provider', async () => {
  const { body } = await world.sell(await world.newEvent());
  const order = await record(body.orderId, 4000);
  expect(order.ledger).toMatchObject([
    { kind: 'PAYMENT', amountMinor: 4000, excessMinor: 1500 },
    { kind: 'REFUND', cause: 'excess', amountMinor: 1500, provider: 'stripe', status: 'PENDING' },
  ]);
  expect(toOrderMoney(order)).toMatchObject({ status: 'PAID', balanceMinor: 0, paidMinor: 2500 });
});

it('gives back all that comes for an order that was canceled', async () => {
  const { body } = await world.sell(await world.newEvent());
  await world.post(`/v1/orders/${body.orderId}/cancel`);
  const order = await record(body.orderId, 2500);
  expect(order.ledger).toMatchObject([
    { kind: 'PAYMENT', allocations: [], excessMinor: 2500 },
    { kind: 'REFUND', amountMinor: 2500 },
  ]);
  expect(toOrderMoney(order)).toMatchObject({ status: 'CANCELED', paidMinor: 0 });
});

it('books what the page had asked for, whatever the fees are by now', async () => {
  const { body } = await world.sell(await world.newEvent());
  // 25.00 and a card's fee of 1.00, of a schedule that is no more.
  const order = await record(body.orderId, 2600, { subtotalMinor: 2500 });
  expect(order.ledger).toMatchObject([{ amountMinor: 2600, cardFeeMinor: 100 }]);
  expect(toOrderMoney(order)).toMatchObject({ status: 'PAID', balanceMinor: 0 });
});

it('gives back the card fee of what is not due any more, in proportion', async () => {
  const event = await world.newEvent();
  const { body } = await world.sell(event);
  await settle(event, body.orderId, 10);
  const order = await record(body.orderId, 2600, { subtotalMinor: 2500 });
  const [, payment, back] = order.ledger;
  expect(payment).toMatchObject({ amountMinor: 2600, cardFeeMinor: 60, excessMinor: 1040 });
  expect(back).toMatchObject({ kind: 'REFUND', amountMinor: 1040 });
  expect(toOrderMoney(order)).toMatchObject({ status: 'PAID', balanceMinor: 0 });
});

it('books what is paid for an order that has more tickets than can be shown', async () => {
  const { body } = await world.sell(await world.newEvent());
  const orders: typeof deps.orders = {
    ...deps.orders,
    load: async (...ids) => {
      const order = await deps.orders.load(...ids);
      return order && { ...order, isCut: true };
    },
  };
  await record(body.orderId, 2500, { by: { ...deps, orders } });
  expect(await world.read(body.orderId)).toMatchObject({ status: 'PAID' });
});

describe('more tickets than fit in a transaction', () => {
  const load = async (orderId: number) => {
    const order = await deps.orders.load(world.organizationId, orderId);
    if (order === undefined) throw new Error('the order is there');
    return order;
  };

  /** 101 tickets with 10.00 due of each, as exchanges leave them, one after the other. */
  const large = async () => {
    const event = await world.newEvent();
    const { orderId } = await world.importOne(event, { payment: 'NOTHING' });
    const more = Array.from({ length: 100 }, (_, at) => ({
      orderId,
      eventTicketId: orderId + 1 + at,
      barcode: `LARGE${orderId}${at}`,
    }));
    for (const ids of more) await world.importOne(event, { ...ids, payment: 'NOTHING' });
    const before = await load(orderId);
    const lines = before.lines.map((line) => ({ ...line, subtotalMinor: 1000 }));
    const after = { ...before, lines, version: before.version + 1 };
    const nothing = { tickets: [], places: new Map(), messages: [] };
    const { nowMs } = world.clock;
    expect(await deps.orders.commitChange({ before, after, ...nothing, nowMs })).toBe('committed');
    return { event, orderId };
  };
  const countSettled = async (orderId: number) => {
    const tickets = await deps.orders.loadTickets(await load(orderId));
    return tickets.filter(({ payment }) => payment === 'SETTLED').length;
  };

  it('are all told of a payment that is booked', async () => {
    const { orderId } = await large();
    expect((await record(orderId, 101_000)).ledger).toHaveLength(1);
    expect(await countSettled(orderId)).toBe(101);
  });

  it('are all told of what the host settles, which is booked once', async () => {
    const { event, orderId } = await large();
    const settled = await settle(event, orderId, 1010);
    expect(settled).toMatchObject({ status: 200, body: { status: 'PAID' } });
    expect((await load(orderId)).ledger).toMatchObject([{ amountMinor: 101_000 }]);
    expect(await countSettled(orderId)).toBe(101);
  });

  it('get to know by a repeat when the host dies between the steps of a settlement', async () => {
    const { event, orderId } = await large();
    let commits = 0;
    const orders: typeof deps.orders = {
      ...deps.orders,
      commitChange: async (change) => {
        commits += 1;
        if (commits === 2) throw new Error('died');
        return deps.orders.commitChange(change);
      },
    };
    const { organizationId, clock } = world;
    const once = { by: 'key_1', ifMatch: undefined, requestKey: undefined };
    const request = { organizationId, orderId, ...once, nowMs: clock.nowMs };
    const all = { action: 'MARK_AS_PAID', amountMinor: 101_000, isInternational: false } as const;
    await expect(settleOrder({ ...deps, orders }, request, all)).rejects.toThrow('died');
    expect(await countSettled(orderId)).toBeLessThan(101);
    expect(await settle(event, orderId, 1010)).toMatchObject({ body: { code: 'nothing_due' } });
    expect(await countSettled(orderId)).toBe(101);
    expect((await load(orderId)).ledger).toHaveLength(1);
  });
});

it('leaves a ticket alone that lives on in another order', async () => {
  const event = await world.newEvent();
  const items = [{ ticketTypeId: event.typeId, quantity: 2 }];
  const { body } = await world.sell(event, { items });
  const before = await deps.orders.load(world.organizationId, body.orderId);
  if (before === undefined) throw new Error('the order is there');
  const [moved, kept] = before.lines;
  const lines = before.lines.map((line) =>
    line === moved ? { ...line, end: 'MOVED' as const } : line,
  );
  const after = { ...before, lines, version: before.version + 1 };
  const nothing = { tickets: [], places: new Map(), messages: [] };
  const { nowMs } = world.clock;
  expect(await deps.orders.commitChange({ before, after, ...nothing, nowMs })).toBe('committed');
  expect(await settle(event, body.orderId, 25)).toMatchObject({ status: 200 });
  const tickets = await deps.orders.loadTickets(after);
  expect(tickets.map(({ eventTicketId, payment }) => [eventTicketId, payment])).toEqual([
    [moved?.eventTicketId, 'NOTHING'],
    [kept?.eventTicketId, 'SETTLED'],
  ]);
});

it('leaves refunds of its money to the provider: each has its state', async () => {
  const { body } = await world.sell(await world.newEvent());
  await record(body.orderId, 2500);
  const refunded = await world.post(`/v1/orders/${body.orderId}/refund`);
  const [, refund] = refunded.body.transactions;
  expect(refund).toMatchObject({ kind: 'REFUND', status: 'PENDING' });
  const order = await deps.orders.load(world.organizationId, body.orderId);
  if (order === undefined) throw new Error('the order is there');
  const { transactionId } = refund;
  const done = { from: ['PENDING', 'FAILED'], to: 'DONE' } as const;
  expect(await deps.orders.setEntryStatus(order, transactionId, done)).toBe(true);
  expect(await deps.orders.setEntryStatus(order, transactionId, done)).toBe(false);
  const read = await world.read(body.orderId);
  expect(read.transactions[1].status).toBe('DONE');
});
