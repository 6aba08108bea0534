import { describe, expect, it } from 'vitest';
import { createPayloadStore } from '../../lib/table/payload-store.ts';
import { createErasureWorld } from '../support/erasure-world.ts';

const world = await createErasureWorld();
const { key, organizers, newPerson, toFile, importOne, sell, report, plant } = world;
const { findOutsideUploads } = world;

const readTickets = async (eventId: string) =>
  (await organizers(`GET /v1/events/${eventId}/tickets`, { key })).body.items;

describe('an erased person', () => {
  it('is found nowhere an hour later; tickets, money and everybody else are as before', async () => {
    const person = newPerson();
    const { eventId, importId, again, bought, held } = await plant('A', person);
    expect((await world.findTraces(person.pattern)).length).toBeGreaterThan(15);
    const before = await readTickets(eventId);
    const done = await world.erased(person.contactId);
    expect(done.body).toMatchObject({ contactId: person.contactId, completed: true });
    expect(await world.findTraces(person.pattern)).toEqual([]);

    const toNobodys = ({ holderName, note, ...ticket }: Record<string, string>) =>
      person.pattern.test(`${holderName} ${note}`) ? ticket : { ...ticket, holderName, note };
    expect(await readTickets(eventId)).toEqual(JSON.parse(JSON.stringify(before.map(toNobodys))));
    const rows = await world.listAll(`/v1/imports/${again}/rows?outcome=duplicate`);
    expect(rows.map(({ cells }) => cells[0])).toEqual(['A-1', 'A-2', 'A-3', 'A-3']);
    expect(rows[2].cells).toContain('ada@example.com');
    const { progress } = await world.read(importId);
    expect(progress).toMatchObject({ rowsTotal: 6, rowsDone: 6, tickets: 3, rejected: 2 });
    for (const order of [bought, held]) {
      const now = (await organizers(`GET /v1/orders/${order.orderId}`, { key })).body;
      const { status, total, paid, transactions } = order;
      expect(now).toMatchObject({ status, total, paid, transactions });
    }
    const [, other] = (await organizers(`GET /v1/orders/${bought.orderId}`, { key })).body.tickets;
    expect(other).toMatchObject({ holderName: 'Ada' });
    const kept = (await organizers(`GET /v1/orders/${held.orderId}`, { key })).body;
    expect(kept).toMatchObject({ buyer: { firstName: 'Ada', email: 'ada@example.com' } });
  });

  it('takes the deliveries of marketplaces along in which the person stands', async () => {
    const { contactId, ...person } = newPerson();
    const { eventId } = await world.newEvent();
    await importOne(eventId, 'delivered', { contactId, ...person });
    const payloads = createPayloadStore(world);
    const { organizationId } = world;
    const kept = { organizationId, sealed: 'sealed', receivedAtMs: world.clock.nowMs };
    const others = newPerson();
    for (const [payloadDigest, of] of [
      ['d1', [contactId]],
      ['d2', [contactId, others.contactId]],
      ['d3', [others.contactId]],
    ] as const) {
      await payloads.keep({ ...kept, payloadDigest, contactIds: of });
    }
    await world.erased(contactId);
    const left = ['d1', 'd2', 'd3'].map(async (each) => payloads.find(organizationId, each));
    expect(await Promise.all(left)).toEqual([undefined, undefined, 'sealed']);
    expect(await world.findTraces(new RegExp(`BUYER#${contactId}`))).toEqual([]);
  });

  it('is gone for everybody at once', async () => {
    const { contactId, email, ...person } = newPerson();
    const event = await world.newEvent();
    await importOne(event.eventId, 'at-once', { contactId, email, ...person });
    expect((await organizers(`GET /v1/contacts/${contactId}`, { key })).status).toBe(200);
    expect((await world.erase(contactId)).body).toMatchObject({ completed: false });
    for (const path of ['', '/orders'] as const) {
      expect((await organizers(`GET /v1/contacts/${contactId}${path}`, { key })).status).toBe(404);
    }
    const found = await organizers(`GET /v1/contacts?email=${email}`, { key });
    expect(found.body.items).toEqual([]);
  });

  it('is not brought back by the old file, a new one, a repeated message or a single import', async () => {
    const person = newPerson();
    const { eventId, file, importId } = await plant('B', person);
    await world.erased(person.contactId);
    const again = await world.imported(eventId, file);
    expect(again.progress).toMatchObject({ duplicates: 4, rejected: 2 });
    const fresh = await world.newEvent();
    const { progress } = await world.imported(fresh.eventId, toFile('C', person));
    expect(progress).toMatchObject({ tickets: 3, duplicates: 1, rejected: 2, contactsTotal: 1 });
    await report(again.importId);
    await world.worker()(world.run(importId));
    await importOne(eventId, 'B-again', person);
    expect(await findOutsideUploads(person)).toEqual([]);
    expect((await organizers(`GET /v1/contacts/${person.contactId}`, { key })).status).toBe(404);
  });

  it('is found in a file that waits for its start, and in rows that were not imported', async () => {
    const person = newPerson();
    const { eventId } = await world.newEvent();
    const lines = Array.from({ length: 30 }, (_, at) => `W-${at},Ada,ada@example.com`);
    const file = ['barcode,name,email', ...lines, `W-x,${person.name},${person.email}`].join('\n');
    await importOne(eventId, 'W-known', person);
    const waiting = await world.analyzed(eventId, file);
    const full = await world.newEvent({ capacity: 5 });
    const stopped = await world.imported(full.eventId, file, { overCapacity: 'disabled' });
    expect(stopped.status).toBe('STOPPED_SOLD_OUT');
    await report(stopped.importId);
    const clean = await world.newEvent();
    const other = await world.imported(
      clean.eventId,
      'barcode,name,email\nW-o,Ada,ada@example.com',
    );
    await report(other.importId);
    expect((await world.findTraces(person.pattern)).filter(isFile)).toHaveLength(3);
    const files = await world.findTraces(/ada@example\.com/);
    await world.erased(person.contactId);
    expect(await world.findTraces(person.pattern)).toEqual([]);
    const left = await world.findTraces(/ada@example\.com/);
    expect(files.filter((name) => name.includes(other.importId) && !left.includes(name))).toEqual(
      [],
    );
    expect((await world.read(waiting.importId)).status).toBe('ANALYZED');
  });

  it('comes back by a sale, without what was before', async () => {
    const person = newPerson();
    const { eventId } = await plant('D', person);
    await world.erased(person.contactId);
    world.clock.nowMs += 1;
    const order = await sell(eventId, { firstName: 'Carla', email: person.email });
    const read = await organizers(`GET /v1/contacts/${person.contactId}`, { key });
    expect(read.body).toMatchObject({ email: person.email });
    const orders = await organizers(`GET /v1/contacts/${person.contactId}/orders`, { key });
    expect(orders.body.items).toMatchObject([{ orderId: order.orderId }]);
    // The old message once more is about the old erasure.
    await world.work(person.contactId);
    expect((await organizers(`GET /v1/contacts/${person.contactId}`, { key })).status).toBe(200);
    expect((await world.erased(person.contactId)).body).toMatchObject({ completed: true });
    expect(await findOutsideUploads(person)).toEqual([]);
  });

  it('who buys while the erasure is under way keeps what was bought afterwards', async () => {
    const person = newPerson();
    const { eventId } = await plant('E', person);
    await world.erase(person.contactId);
    world.clock.nowMs += 1_000;
    const order = await sell(eventId, { firstName: 'Carla', email: person.email });
    await world.work(person.contactId);
    world.clock.nowMs += 3_600_000;
    await world.work(person.contactId);
    const orders = await organizers(`GET /v1/contacts/${person.contactId}/orders`, { key });
    expect(orders.body.items).toMatchObject([
      { orderId: order.orderId, buyer: { firstName: 'Carla' } },
    ]);
    expect(await world.findTraces(new RegExp(`carla ${person.pattern.source}`, 'i'))).toEqual([]);
  });
});

const isFile = (trace: string): boolean => /^(?:uploads|reports)\//.test(trace);
