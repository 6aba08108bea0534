import { describe, expect, it } from 'vitest';
import { createUndoWorld } from '../support/undo-world.ts';

const world = await createUndoWorld();
const { organizers, key } = world;
const event = await world.newEvent({ capacity: 20, endsAt: '2030-01-01T00:00:00Z' });
const { eventId } = event;
const types = await organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
const [{ ticketTypeId }] = types.body.items;
const device = await organizers('POST /v1/devices', {
  key,
  body: { name: 'Door', eventIds: [eventId] },
});

async function sell(quantity: number, email = 'ada@example.com') {
  const sold = await organizers(`POST /v1/events/${eventId}/orders`, {
    key,
    body: {
      buyer: { firstName: 'Ada', email },
      items: [{ ticketTypeId, quantity }],
      payment: { paymentType: 'CASH' },
    },
  });
  if (sold.status !== 201) throw new Error(JSON.stringify(sold.body));
  return sold.body;
}
const cancel = (eventTicketId: number) =>
  organizers(`POST /v1/tickets/${eventTicketId}/cancel`, { key });
const readOrder = async (orderId: number) =>
  (await organizers(`GET /v1/orders/${orderId}`, { key })).body;
const taken = async () => {
  const { sold, imported } = (await organizers(`GET /v1/events/${eventId}`, { key })).body;
  return `${sold} ${imported}`;
};
const scan = async (barcode: string, scanId: string) =>
  (
    await world.scans('POST /v1/validate', {
      key: device.body.key,
      body: { scanId, eventId, barcode },
    })
  ).body;

describe('canceling a ticket', () => {
  it('frees its place, retires its barcode and leaves the others of its order', async () => {
    const order = await sell(2);
    const [one, two] = order.tickets;
    const before = await taken();
    const reply = await cancel(one.eventTicketId);
    expect(reply).toMatchObject({ status: 200, body: { status: 'CANCELED' } });
    expect(reply.body.history).toMatchObject([{ action: 'CANCELED' }]);
    expect(`${before} > ${await taken()}`).toBe('2 0 > 1 0');
    expect(await scan(one.barcode, '1')).toMatchObject({ reason: 'CANCELED' });
    expect(await scan(two.barcode, '1')).toMatchObject({ outcome: 'ADMITTED' });
    const now = await readOrder(order.orderId);
    expect(now.tickets.map(({ status }: { status: string }) => status)).toEqual([
      'CANCELED',
      'CHECKED_IN',
    ]);
    const again = await world.imports(`POST /v1/events/${eventId}/tickets/import`, {
      key,
      body: { barcode: one.barcode, createWhenSoldOut: true },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'barcode_exists' } });
  });

  it('eight times at once has its effect once', async () => {
    const order = await sell(1);
    const [{ eventTicketId }] = order.tickets;
    const before = await taken();
    const replies = await Promise.all(Array.from({ length: 8 }, () => cancel(eventTicketId)));
    expect(replies.map(({ status, body }) => `${status} ${body.status}`)).toEqual(
      Array.from({ length: 8 }, () => '200 CANCELED'),
    );
    const [sold] = before.split(' ');
    expect(await taken()).toBe(`${Number(sold) - 1} 0`);
    const read = await organizers(`GET /v1/tickets/${eventTicketId}`, { key });
    expect(read.body.history).toHaveLength(1);
  });

  it('of an import gives back the place and stays when the import is undone', async () => {
    const { importId } = await world.imported(eventId, 'barcode\nimp-1\nimp-2\n');
    const [first] = await world.listAll(`/v1/imports/${importId}/tickets`);
    const [, before] = (await taken()).split(' ');
    expect((await cancel(first.eventTicketId)).status).toBe(200);
    const [, after] = (await taken()).split(' ');
    expect(`${before} > ${after}`).toBe('2 > 1');
    const undone = await world.undone(importId);
    expect(undone).toMatchObject({ status: 'UNDONE_PARTLY', progress: { tickets: 1 } });
    expect((await taken()).split(' ')[1]).toBe('0');
  });

  it('after a reissue retires the newest barcode too', async () => {
    const order = await sell(1);
    const [{ eventTicketId }] = order.tickets;
    const { barcode } = (await organizers(`POST /v1/tickets/${eventTicketId}/reissue`, { key }))
      .body;
    expect((await readOrder(order.orderId)).tickets).toMatchObject([{ barcode }]);
    expect((await cancel(eventTicketId)).body).toMatchObject({ status: 'CANCELED', barcode });
    expect(await scan(barcode, '1')).toMatchObject({ reason: 'CANCELED' });
  });

  it('409 not_cancelable when it was swapped, ticket_held while a marketplace holds it', async () => {
    const [swapped, held] = (await sell(2)).tickets;
    await world.change(swapped.barcode, { std: 'SWAPPED' });
    await world.change(held.barcode, { hld: world.clock.nowMs + 1e6 });
    const [one, two] = [await cancel(swapped.eventTicketId), await cancel(held.eventTicketId)];
    expect(one).toMatchObject({ status: 409, body: { code: 'not_cancelable' } });
    expect(two).toMatchObject({ status: 409, body: { code: 'ticket_held' } });
  });
});

describe('tickets of an order and orders of a contact', () => {
  it('are listed page by page, imported ones too', async () => {
    const order = await sell(3, 'bob@example.com');
    await world.imported(eventId, 'barcode,email\nbob-1,bob@example.com\nbob-2,bob@example.com\n');
    const path = `GET /v1/events/${eventId}/tickets?orderId=${order.orderId}` as const;
    const one = await organizers(`${path}&limit=2`, { key });
    const two = await organizers(`${path}&limit=2&cursor=${one.body.nextCursor}`, { key });
    const listed = [...one.body.items, ...two.body.items];
    const toIds = (tickets: { eventTicketId: number }[]) =>
      tickets.map(({ eventTicketId }) => eventTicketId);
    expect(toIds(listed)).toEqual(toIds(order.tickets));
    const [bob] = (await organizers('GET /v1/contacts?email=BOB@example.com', { key })).body.items;
    const orders = await organizers(`GET /v1/contacts/${bob.contactId}/orders`, { key });
    const shown = orders.body.items.map((item: { orderId: number; tickets: unknown[] }) => [
      item.orderId === order.orderId,
      item.tickets.length,
    ]);
    expect(shown).toEqual([
      [true, 3],
      [false, 2],
    ]);
  });
});
