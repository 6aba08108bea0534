import { expect, it } from 'vitest';
import { createOrderWorld, type EventToSell } from '../support/order-world.ts';

const world = await createOrderWorld();
const { organizers, key } = world;

async function listPages(
  { eventId }: EventToSell,
  limit: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor = ''; ;) {
    const query = `limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await organizers(`GET /v1/events/${eventId}/orders?${query}`, { key });
    ids.push(...body.items.map((order: { orderId: number }) => order.orderId));
    if (body.nextCursor === undefined) return ids;
    cursor = body.nextCursor;
    await between();
  }
}

/** Sold and imported orders in turn, some with more tickets than one. */
async function fill(event: EventToSell, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let at = 0; at < count; at += 1) {
    if (at % 3 === 0) {
      const items = [{ ticketTypeId: event.typeId, quantity: (at % 4) + 1 }];
      ids.push((await world.sell(event, { items })).body.orderId);
    } else {
      const { orderId } = await world.importOne(event);
      if (at % 3 === 1) await world.importOne(event, { orderId });
      ids.push(orderId);
    }
  }
  return ids;
}

it('every order is listed once, in the order of its id, while others are added and changed', async () => {
  const event = await world.newEvent();
  const before = await fill(event, 45);
  const added: number[] = [];
  let turn = 0;
  const listed = await listPages(event, 7, async () => {
    added.push((await world.sell(event)).body.orderId);
    // An imported order that gets an item of its own stays where it is.
    await world.post(`/v1/orders/${before[(turn += 5)]}/cancel`);
  });
  expect(listed.slice(0, before.length)).toEqual(before);
  expect(listed.slice(before.length)).toEqual(added.slice(0, listed.length - before.length));
  expect(await listPages(event, 100)).toEqual([...before, ...added]);
});

it('an imported order is listed under its id also when its first ticket was deleted', async () => {
  const event = await world.newEvent();
  const first = await world.importOne(event);
  const second = await world.importOne(event, { orderId: first.orderId });
  await world.remove(first.barcode);
  expect(await listPages(event, 1)).toEqual([first.orderId]);
  expect(await world.read(first.orderId)).toMatchObject({
    tickets: [{ eventTicketId: second.eventTicketId }],
  });
});

it('orders of another event are not listed', async () => {
  const [event, other] = [await world.newEvent(), await world.newEvent()];
  await fill(other, 3);
  expect(await listPages(event, 10)).toEqual([]);
});

it('404 for an unknown event, 422 for a cursor of another list', async () => {
  const unknown = await organizers('GET /v1/events/nowhere/orders', { key });
  const event = await world.newEvent();
  const cursor = Buffer.from('c1.abc').toString('base64url');
  const path = `GET /v1/events/${event.eventId}/orders?cursor=${cursor}` as const;
  const odd = await organizers(path, { key });
  expect([unknown.status, odd.status]).toEqual([404, 422]);
});
