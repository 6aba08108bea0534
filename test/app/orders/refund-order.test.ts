// Refunds of many tickets at once: a refusal changes nothing, a death between the steps is mended by a repeat, and no ticket
// slips through.
import { describe, expect, it } from 'vitest';
import { refundOrder, type RefundWish } from '../../../lib/app/orders/refund-order.ts';
import { LEDGER_MAX } from '../../../lib/domain/orders/order.ts';
import { createOrdersContainer, type OrdersDeps } from '../../../lib/runtime/container/orders.ts';
import { toDeaths } from '../../support/campaign.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createOrderWorld } from '../../support/order-world.ts';

const world = await createOrderWorld();
const env = { TABLE_NAME: world.tableName };
const deps = createOrdersContainer(env, world.bare);

const refund = async (orderId: number, wish: Partial<RefundWish>, by: OrdersDeps = deps) => {
  const { organizationId } = world;
  const nowMs = (world.clock.nowMs += 1);
  const once = { by: 'key_1', ifMatch: undefined, requestKey: undefined };
  const request = { organizationId, orderId, ...once, nowMs };
  return refundOrder(by, request, { cancelTickets: false, ...wish });
};
const codeOf = (result: Awaited<ReturnType<typeof refund>>) =>
  result.ok ? 'ok' : result.refusal.code;

const event = await world.newEvent();
const types = [event.typeId];
while (types.length < 40) types.push(await world.newType(event.eventId));

/** 40 tickets of so many types, paid at once or one by one. */
async function sold(typeCount: number, { quantity = 40 / typeCount, isPaidByOne = false } = {}) {
  const items = types.slice(0, typeCount).map((ticketTypeId) => ({ ticketTypeId, quantity }));
  const payment = isPaidByOne ? {} : { payment: { paymentType: 'CASH' } };
  const { body } = await world.sell(event, { items, ...payment });
  const path = `/rest/host/event/${event.eventUrl}/order/${body.orderId}/settle` as const;
  for (const { eventTicketId } of isPaidByOne ? body.tickets : []) {
    await world.post(path, { action: 'MARK_AS_PAID', amount: 25, eventTicketId });
  }
  const held = async () => {
    const { barcode } = body.tickets.at(-1);
    await world.mark(barcode, { hld: world.clock.nowMs + 600_000 });
  };
  return { orderId: Number(body.orderId), held, read: async () => world.read(body.orderId) };
}
const canceledOf = ({ tickets }: { tickets: readonly { status: string }[] }) =>
  tickets.filter(({ status }) => status === 'CANCELED').length;
const countSold = async () =>
  (await world.organizers(`GET /v1/events/${event.eventId}`, { key: world.key })).body.sold;

describe('a refund that cancels', () => {
  it('is refused before any ticket is canceled when the last of 40 is held', async () => {
    const { orderId, held, read } = await sold(20);
    await held();
    expect(codeOf(await refund(orderId, { cancelTickets: true }))).toBe('ticket_held');
    const order = await read();
    expect([canceledOf(order), order.status]).toEqual([0, 'PAID']);
  });

  it('is refused before any ticket is canceled when it takes too many payments', async () => {
    const first = await world.importOne(event, { priceMinor: 500 });
    const { orderId } = first;
    const more = Array.from({ length: 30 }, (_, at) => ({
      eventTicketId: orderId + 1 + at,
      barcode: `MANY${at}`,
    }));
    for (const ids of more) await world.importOne(event, { ...ids, orderId, priceMinor: 500 });
    expect(codeOf(await refund(orderId, { cancelTickets: true }))).toBe('limit_reached');
    expect(canceledOf(await world.read(orderId))).toBe(0);
  });

  it('of 25 tickets of 25 types with a payment each fits', async () => {
    const before = await countSold();
    const { orderId, read } = await sold(25, { quantity: 1, isPaidByOne: true });
    expect(codeOf(await refund(orderId, { cancelTickets: true }))).toBe('ok');
    const order = await read();
    expect([canceledOf(order), order.status]).toEqual([25, 'REFUNDED']);
    expect(await countSold()).toBe(before);
  });

  it('of 40 tickets of 40 types, killed anywhere, is whole after its repeat', async () => {
    let calls = Infinity;
    const before = await countSold();
    const killed = async (at: number): Promise<void> => {
      const { orderId, read } = await sold(40);
      const dying = createFailingClient(at, 'answerLost');
      await refund(
        orderId,
        { cancelTickets: true },
        createOrdersContainer(env, dying.client),
      ).catch(() => undefined);
      await dying.settle();
      dying.client.destroy();
      calls = dying.countCalls();
      await refund(orderId, { cancelTickets: true });
      const order = await read();
      expect([canceledOf(order), order.status]).toEqual([40, 'REFUNDED']);
      expect(order.transactions).toHaveLength(2);
      expect(await countSold()).toBe(before);
    };
    await killed(0);
    expect(calls).toBeGreaterThan(6);
    for (const at of toDeaths(calls, 3)) await killed(at);
  });
});

describe('a refund without cancel', () => {
  it('is refused when the last of 40 tickets is held while it is decided', async () => {
    const { orderId, held, read } = await sold(1);
    const orders: OrdersDeps['orders'] = {
      ...deps.orders,
      commitChange: async (change) => {
        await held();
        return deps.orders.commitChange(change);
      },
    };
    expect(codeOf(await refund(orderId, {}, { ...deps, orders }))).toBe('ticket_held');
    expect((await read()).status).toBe('PAID');
  });

  it('goes on when only tickets are held that give nothing back', async () => {
    const { orderId, held, read } = await sold(1);
    await held();
    const amount = { amountMinor: 2500, currency: 'EUR' };
    expect(codeOf(await refund(orderId, { amount }))).toBe('ok');
    expect((await read()).status).toBe('PARTIALLY_REFUNDED');
  });

  it('is refused when the ledger is full', async () => {
    const { orderId, read } = await sold(1, { quantity: 1 });
    const orders: OrdersDeps['orders'] = {
      ...deps.orders,
      load: async (...ids) => {
        const order = await deps.orders.load(...ids);
        const [payment] = order?.ledger ?? [];
        if (order === undefined || payment === undefined) return order;
        const waivers = Array.from({ length: LEDGER_MAX - 1 }, (_, at) => ({
          ...payment,
          transactionId: `txn_${at}`,
          kind: 'WAIVER' as const,
          amountMinor: 0,
          allocations: [],
        }));
        return { ...order, ledger: [payment, ...waivers] };
      },
    };
    expect(codeOf(await refund(orderId, {}, { ...deps, orders }))).toBe('limit_reached');
    expect((await read()).status).toBe('PAID');
  });
});
