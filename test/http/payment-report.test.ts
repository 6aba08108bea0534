import { expect, it } from 'vitest';
import { createApi } from '../support/api.ts';
import { createImportWorld } from '../support/import-world.ts';
import { ORDER_ROUTES } from '../../lib/http/routes/orders/routes.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { ok } from '../../lib/domain/result.ts';
import { QUIET } from '../support/world.ts';

const world = await createImportWorld();
const { key } = world;
const orders = createApi(ORDER_ROUTES, {
  ...createOrdersContainer({ TABLE_NAME: world.tableName }, world.bare),
  clock: () => world.clock.nowMs,
  limiter: () => ok(undefined),
  logger: QUIET,
});
const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const report = async (eventId: string) =>
  (await orders(`GET /v1/events/${eventId}/reports/payments`, { key })).body.items;
const post = async (path: `/${string}`, body: unknown = {}) => {
  world.clock.nowMs += 1;
  return (await orders(`POST ${path}`, { key, body })).body;
};

it('adds up every transaction by payment type and kind, and what imports say was paid', async () => {
  const { eventId, eventUrl } = await world.newEvent();
  expect(await report(eventId)).toEqual([]);
  const types = await world.organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
  const sell = async (quantity: number, payment?: unknown) => {
    const items = [{ ticketTypeId: types.body.items[0].ticketTypeId, quantity }];
    return post(`/v1/events/${eventId}/orders`, { items, ...(payment ? { payment } : {}) });
  };
  await sell(2, { paymentType: 'CASH' });
  const cash = await sell(1, { paymentType: 'CASH' });
  await sell(1, { paymentType: 'COMPLIMENTARY' });
  await post(`/v1/orders/${cash.orderId}/refund`, { amount: money(1000) });
  const open = await sell(1);
  const settle = `/rest/host/event/${eventUrl}/order/${open.orderId}/settle` as const;
  await post(settle, { action: 'ADJUST', amount: 5 });
  await post(settle, { action: 'MARK_AS_PAID', amount: 20, paymentType: 'BANK' });
  const file = 'barcode,price,email\nR1,12.50,a@example.com\nR2,7.50,a@example.com\nR3,,\n';
  const { importId } = await world.imported(eventId, file, { autoStart: false });
  const [first] = await world.listAll(`/v1/imports/${importId}/tickets`);
  await post(`/v1/orders/${first.orderId}/refund`, { eventTicketIds: [first.eventTicketId] });
  const none = money(0);
  const all = [
    { paymentType: 'IMPORT', kind: 'PAYMENT', amount: money(2000), cardFees: none },
    { paymentType: 'IMPORT', kind: 'HOST_SETTLES', amount: money(1250), cardFees: none },
    { paymentType: 'BANK', kind: 'PAYMENT', amount: money(2000), cardFees: none },
    { paymentType: 'CASH', kind: 'PAYMENT', amount: money(7500), cardFees: none },
    { paymentType: 'CASH', kind: 'REFUND', amount: money(1000), cardFees: none },
    { paymentType: 'ADJUST', kind: 'WAIVER', amount: money(500), cardFees: none },
  ];
  expect(await report(eventId)).toEqual(all);
  const single = (await world.listAll(`/v1/imports/${importId}/tickets`)).at(-2);
  await world.imports(`DELETE /v1/tickets/${single.eventTicketId}`, { key });
  expect((await report(eventId))[0].amount).toEqual(money(1250));
});

it('404 for an unknown event', async () => {
  const reply = await orders('GET /v1/events/nowhere/reports/payments', { key });
  expect(reply.status).toBe(404);
});
