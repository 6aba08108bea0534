// Imported tickets that were exchanged: their order has money of its own, so neither an undo nor a DELETE takes them.
import { expect, it } from 'vitest';
import { createUndoWorld } from '../../support/undo-world.ts';

const world = await createUndoWorld();
const { key } = world;
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const TYPES = [
  { name: 'Regular', price: eur(1000) },
  { name: 'VIP', price: eur(2000) },
];

/** Two tickets of one buyer, imported at 10.00 each, and how to exchange the first. */
async function prepare(prefix: string) {
  const event = await world.newEvent({}, TYPES);
  const rows = [1, 2].map(
    (at) => `${prefix}${at},Ada,${prefix}@undo-exchanged.example,Regular,10.00`,
  );
  const file = ['barcode,name,e-mail,ticket type,price', ...rows, ''].join('\n');
  const { importId } = await world.imported(event.eventId, file);
  const tickets = await world.listAll(`/v1/imports/${importId}/tickets`);
  const types = await world.organizers(`GET /v1/events/${event.eventId}/ticket-types`, { key });
  const toTypeId = (wanted: string) =>
    types.body.items.find(({ name }: { name: string }) => name === wanted).ticketTypeId;
  const [{ eventTicketId, orderId }] = tickets;
  const path = `/rest/host/event/${event.eventUrl}/order/${orderId}/transfer-event-ticket` as const;
  const exchange = async (to: string) =>
    world.organizers(`PUT ${path}`, {
      key,
      body: { eventTicketId, newTicketTypeId: toTypeId(to) },
    });
  const readOrder = async () => (await world.organizers(`GET /v1/orders/${orderId}`, { key })).body;
  return { event, importId: String(importId), eventTicketId, exchange, readOrder };
}

it('an undo leaves an exchanged ticket, also one that got its type back, and says why', async () => {
  const { event, importId, exchange, readOrder } = await prepare('undo');
  expect((await exchange('VIP')).status).toBe(200);
  expect((await exchange('Regular')).status).toBe(200);
  const reasons = [{ reason: 'exchanged', count: 1 }];
  expect(await world.undone(importId)).toMatchObject({
    status: 'UNDONE_PARTLY',
    undo: { removed: 1, stayed: 1, reasons },
  });
  expect(await world.toItems(importId)).toEqual(['undo1']);
  expect(await world.toStock(event.eventId)).toEqual(['0 0', '1 0', '1 0']);
  // Their order has an item by now, which goes on telling of both.
  const tickets = [{ barcode: 'undo1', status: 'REGISTERED' }, { status: 'CANCELED' }];
  expect(await readOrder()).toMatchObject({ status: 'PAID', tickets });
});

it('409 not_deletable for an exchanged ticket', async () => {
  const { eventTicketId, exchange } = await prepare('delete');
  expect((await exchange('VIP')).status).toBe(200);
  const reply = await world.imports(`DELETE /v1/tickets/${eventTicketId}`, { key });
  expect(reply).toMatchObject({ status: 409, body: { code: 'not_deletable' } });
});
