import { describe, expect, it } from 'vitest';
import { aTicket } from '../support/builders.ts';
import { createImportWorld } from '../support/import-world.ts';

const world = await createImportWorld();
const { imports, key } = world;
const codesOf = (reply: { body: { code?: string; errors?: { pointer: string }[] } }) => [
  reply.body.code,
  ...(reply.body.errors ?? []).map(({ pointer }) => pointer),
];

describe('the single importer', () => {
  it('with an address makes the contact, once, and never changes it', async () => {
    const event = await world.newEvent();
    const importOne = (barcode: string, name: string) =>
      imports(`POST /v1/events/${event.eventId}/tickets/import`, {
        key,
        body: { barcode, holder: { name, email: 'Single@Example.com' }, createWhenSoldOut: true },
      });
    const [one, two] = [
      await importOne('single-1', 'First'),
      await importOne('single-2', 'Second'),
    ];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.orderId).toBe(one.body.eventTicketId);
    expect(two.body.orderId).toBe(two.body.eventTicketId);
    const contacts = (await world.allItems()).filter((item) => item['kind'] === 'contact');
    expect(contacts.map((item) => item['contact'])).toMatchObject([
      { email: 'Single@Example.com', name: 'First' },
    ]);
  });

  it('201 with the ticket as GET tells it; the device admits it', async () => {
    const event = await world.newEvent();
    const body = { barcode: ' *S-1* ', holder: { name: 'Ada' }, createWhenSoldOut: false };
    const made = await imports(`POST /v1/events/${event.eventId}/tickets/import`, { key, body });
    expect(made).toMatchObject({
      status: 201,
      body: { barcode: ' *S-1* ', status: 'REGISTERED', origin: 'IMPORTED', holderName: 'Ada' },
    });
    const read = await world.organizers(`GET /v1/tickets/${made.body.eventTicketId}`, { key });
    expect(read.body).toEqual({ ...made.body, history: [] });
  });
  it('409 sold_out only without createWhenSoldOut, barcode_exists before it', async () => {
    const event = await world.newEvent({ capacity: 1 });
    const post = (barcode: string, createWhenSoldOut: boolean) =>
      imports(`POST /v1/events/${event.eventId}/tickets/import`, {
        key,
        body: { barcode, createWhenSoldOut },
      });
    expect((await post('cap-1', false)).status).toBe(201);
    expect(codesOf(await post('cap-2', false))).toEqual(['sold_out']);
    expect(codesOf(await post('cap-1', false))).toEqual(['barcode_exists']);
    expect((await post('cap-2', true)).status).toBe(201);
  });
  it('422 for a barcode that can not be one and a type that has to be named', async () => {
    const event = await world.newEvent({}, [{ name: 'A' }, { name: 'B' }]);
    const body = { barcode: 'a\tb', createWhenSoldOut: true };
    const reply = await imports(`POST /v1/events/${event.eventId}/tickets/import`, { key, body });
    expect(codesOf(reply)).toEqual(['validation_failed', '/barcode', '/ticketTypeId']);
    const path = 'POST /v1/events/nowhere/tickets/import';
    expect((await imports(path, { key, body })).status).toBe(404);
  });
});

describe('DELETE /v1/tickets/{eventTicketId}', () => {
  it('204 frees the barcode and its place', async () => {
    const event = await world.newEvent({ capacity: 1 });
    const path = `POST /v1/events/${event.eventId}/tickets/import` as const;
    const body = { barcode: 'del-1', createWhenSoldOut: false };
    const made = await imports(path, { key, body });
    const target = `DELETE /v1/tickets/${made.body.eventTicketId}` as const;
    const other = await world.newOrganization();
    expect((await imports(target, { key: other.key })).status).toBe(404);
    expect((await imports(target, { key })).status).toBe(204);
    expect((await imports(target, { key })).status).toBe(404);
    expect((await imports(path, { key, body })).status).toBe(201);
  });
  it('409 for a ticket that was admitted; the others of its import can go', async () => {
    const event = await world.newEvent();
    const device = await world.organizers('POST /v1/devices', {
      key,
      body: { name: 'Gate', eventIds: [event.eventId] },
    });
    const { importId } = await world.imported(event.eventId, 'barcode\ndel-2\ndel-3\n');
    const [admitted, fresh] = await world.listAll(`/v1/imports/${importId}/tickets`);
    const scan = { scanId: 's-1', eventId: event.eventId, barcode: 'del-2' };
    const outcome = await world.scans('POST /v1/validate', { key: device.body.key, body: scan });
    expect(outcome.body.outcome).toBe('ADMITTED');
    const remove = (ticket: { eventTicketId: number }) =>
      imports(`DELETE /v1/tickets/${ticket.eventTicketId}`, { key });
    expect(codesOf(await remove(admitted))).toEqual(['not_deletable']);
    expect((await remove(fresh)).status).toBe(204);
    const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key });
    expect(stock.body.imported).toBe(1);
  });
  it('409 for a ticket whose chunk is not booked yet, and for one that was sold', async () => {
    const event = await world.newEvent();
    const { importId } = await world.analyzed(event.eventId, 'barcode\ndel-4\n');
    const { organizationId } = world;
    const base = { organizationId, eventId: event.eventId };
    const early = aTicket({ ...base, importId, importRow: 1 });
    const sold = aTicket({ ...base, origin: 'SOLD' });
    for (const ticket of [early, sold]) {
      await world.put(ticket);
      const reply = await imports(`DELETE /v1/tickets/${ticket.eventTicketId}`, { key });
      expect(codesOf(reply)).toEqual(['not_deletable']);
    }
  });
});

it('GET /v1/import-template.csv imports as it is, every column certain', async () => {
  const template = await imports('GET /v1/import-template.csv', { key });
  expect(template.headers['content-type']).toBe('text/csv; charset=utf-8');
  const event = await world.newEvent({}, [{ name: 'Regular' }, { name: 'VIP' }]);
  const done = await world.imported(event.eventId, template.body, { autoStart: false });
  expect(done).toMatchObject({
    status: 'COMPLETED',
    progress: { tickets: 2, rowsTotal: 2 },
    warnings: [],
  });
  const [ticket] = await world.listAll(`/v1/imports/${done.importId}/tickets`);
  expect(ticket).toMatchObject({
    price: { amountMinor: 2500 },
    section: 'A',
    row: '3',
    seat: '12',
  });
});
