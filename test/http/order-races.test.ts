import { describe, expect, it } from 'vitest';
import { ORDER_ROUTES } from '../../lib/http/routes/orders/routes.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { createApi } from '../support/api.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { createOrderWorld, type EventToSell } from '../support/order-world.ts';
import { createLogger } from '../../lib/runtime/logger.ts';

const world = await createOrderWorld();
const { organizers, key } = world;
const read = async ({ eventId }: EventToSell) =>
  (await organizers(`GET /v1/events/${eventId}`, { key })).body;

describe('buyers at once', () => {
  it('64 of single tickets get exactly as many as there are', async () => {
    const event = await world.newEvent({ capacity: 40 });
    const replies = await Promise.all(Array.from({ length: 64 }, async () => world.sell(event)));
    const codes = replies.map(({ status, body }) => (status === 201 ? 'sold' : body.code));
    expect(codes.filter((code) => code === 'sold')).toHaveLength(40);
    expect(codes.filter((code) => code === 'sold_out')).toHaveLength(24);
    expect(await read(event)).toMatchObject({ sold: 40, available: 0 });
  });
  it('of some tickets each are refused only what is not there any more', async () => {
    const event = await world.newEvent({}, { capacity: 20 });
    const quantities = Array.from({ length: 20 }, (_, at) => (at % 3) + 1);
    const replies = await Promise.all(
      quantities.map(async (quantity) =>
        world.sell(event, { items: [{ ticketTypeId: event.typeId, quantity }] }),
      ),
    );
    const { sold } = await read(event);
    expect(sold).toBeLessThanOrEqual(20);
    for (const [at, { status, body }] of replies.entries()) {
      if (status === 201) continue;
      expect(body.code).toBe('sold_out');
      expect(quantities[at]).toBeGreaterThan(20 - sold);
    }
  });
});

it('sold_out is not told while an import only has places reserved', async () => {
  const event = await world.newEvent({ capacity: 1 });
  await world.setStock(event, { reserved: 1 });
  const sale = world.sell(event);
  setTimeout(() => void world.setStock(event, { reserved: 0 }), 100);
  expect((await sale).status).toBe(201);
});

/** Lets a process die at every call of a sale in turn; each time the same request is sent again. */
async function dieAndRepeat(
  mode: DeathMode,
  toRequest: (at: number) => { readonly sale?: object; readonly headers?: Record<string, string> },
) {
  const event = await world.newEvent({ capacity: 100 });
  for (let at = 1; ; at += 1) {
    const { sale = {}, headers = {} } = toRequest(at);
    const body = { items: [{ ticketTypeId: event.typeId, quantity: 2 }], ...sale };
    const failing = createFailingClient(at, mode);
    const deps = createOrdersContainer({ TABLE_NAME: world.tableName }, failing.client);
    const shared = { clock: () => world.clock.nowMs, logger: MUTE };
    const dying = createApi(ORDER_ROUTES, { ...deps, ...shared });
    const path = `POST /v1/events/${event.eventId}/orders` as const;
    const first = await dying(path, { key, body, headers });
    // A request that died with its Idempotency-Key in flight may be taken over after a minute.
    world.clock.nowMs += 61_000;
    const again = await world.post(`/v1/events/${event.eventId}/orders`, body, headers);
    expect(again.status).toBe(201);
    if (first.status === 201) expect(again.body).toEqual(first.body);
    expect(await read(event)).toMatchObject({ sold: 2 * at });
    if (failing.countCalls() < at) return at;
  }
}

const MUTE = createLogger({ info: () => {}, error: () => {} });

describe.each(['notSent', 'answerLost'] as const)('a sale whose process dies (%s)', (mode) => {
  const base = mode === 'notSent' ? 1000 : 2000;
  it("is made once by the client's order id", async () => {
    expect(await dieAndRepeat(mode, (at) => ({ sale: { orderId: base + at } }))).toBeGreaterThan(5);
  });
  it('is made once by its Idempotency-Key', async () => {
    const toRequest = (at: number) => ({ headers: { 'idempotency-key': `${mode} ${at}` } });
    expect(await dieAndRepeat(mode, toRequest)).toBeGreaterThan(5);
  });
});

it('a refund whose answer was lost is made once by its Idempotency-Key', async () => {
  const event = await world.newEvent();
  const sold = await world.sell(event, { payment: { paymentType: 'CASH' } });
  const path = `/v1/orders/${sold.body.orderId}/refund` as const;
  const body = { amount: { amountMinor: 1000, currency: 'EUR' } };
  const headers = { 'idempotency-key': 'refund once' };
  for (let at = 1; ; at += 1) {
    const failing = createFailingClient(at, 'answerLost');
    const deps = createOrdersContainer({ TABLE_NAME: world.tableName }, failing.client);
    const shared = { clock: () => world.clock.nowMs, logger: MUTE };
    const dying = createApi(ORDER_ROUTES, { ...deps, ...shared });
    const reply = await dying(`POST ${path}`, { key, body, headers });
    world.clock.nowMs += 61_000;
    if (failing.countCalls() < at) {
      expect(reply.body.paid).toEqual({ amountMinor: 1500, currency: 'EUR' });
      return;
    }
  }
});
