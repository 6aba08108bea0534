import { describe, expect, it } from 'vitest';
import { EXPORT_CONTENTS, type ExportContent } from '../../lib/domain/event-export.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createErasureWorld } from '../support/erasure-world.ts';
import { createFailingClient } from '../support/failing-client.ts';

const world = await createErasureWorld();
const { key, organizers } = world;
/** The deaths are meant. */
const logger = createLogger({ info: () => {}, error: () => {} });

let persons = 0;
/** Somebody with a name and an address that nothing else in the table has. */
function newPerson() {
  persons += 1;
  const name = `Carla Canary${persons}x`;
  const email = `Canary${persons}x@example.com`;
  return {
    name,
    email,
    contactId: world.toId(email),
    pattern: new RegExp(`canary${persons}x`, 'i'),
  };
}
type Person = ReturnType<typeof newPerson>;

const toFile = (tag: string, { name, email }: Person) =>
  [
    'barcode,name,email,company,note,ticket type',
    `${tag}-1,${name},${email},${name} Ltd,${name} sits in front,Regular`,
    `${tag}-2,${name},${email},,${`${name} likes it quiet. `.repeat(40)},Regular`,
    `${tag}-3,Ada,ada@example.com,Engines,by the door,Regular`,
    `${tag}-3,${name},${email.toUpperCase()},,duplicate of the file,Regular`,
    `${tag}-4,${name},${email},,rejected,Nowhere`,
    `,${name},${email},,no barcode,Regular`,
  ].join('\n');
const importOne = (eventId: string, barcode: string, { name, email }: Person) =>
  world.imports(`POST /v1/events/${eventId}/tickets/import`, {
    key,
    body: { barcode, createWhenSoldOut: true, holder: { name, email } },
  });

async function sell(eventId: string, buyer: object, holders: readonly object[] = []) {
  const { body } = await organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
  const [{ ticketTypeId }] = body.items;
  const sold = await organizers(`POST /v1/events/${eventId}/orders`, {
    key,
    body: {
      buyer,
      items: [{ ticketTypeId, quantity: 2, holders }],
      payment: { paymentType: 'CASH' },
    },
  });
  if (sold.status !== 201) throw new Error(JSON.stringify(sold.body));
  return sold.body;
}

async function report(importId: string) {
  await world.imports(`POST /v1/imports/${importId}/report`, { key, body: {} });
  const items = await world.allItems();
  const found = items.find((item) => item['kind'] === 'import' && item['importId'] === importId);
  const { reportId } = (found ?? {})['report'] as { reportId: string };
  const { organizationId } = world;
  await world.worker()({ type: 'import.report', organizationId, importId, reportId });
}

async function exportOnce(eventId: string, content: ExportContent) {
  world.clock.nowMs += 1;
  const { organizationId } = world;
  const path = `/v1/events/${eventId}/${content}-export` as const;
  const { exportId } = (await world.imports(`POST ${path}`, { key, body: {} })).body;
  const message = { type: 'event.export', organizationId, eventId, content, exportId };
  if ((await world.worker()(message)) > 0) throw new Error('the export failed');
}

/** Through every input. */
async function plant(tag: string, person: Person) {
  const { name, email } = person;
  const event = await world.newEvent({ endsAt: '2030-01-01T00:00:00Z' });
  const file = toFile(tag, person);
  const { importId } = await world.imported(event.eventId, file);
  const again = await world.imported(event.eventId, file);
  await importOne(event.eventId, `${tag}-single`, person);
  const bought = await sell(event.eventId, { firstName: name, lastName: name, email }, [
    { name },
    { name: 'Ada', email: 'ada@example.com' },
  ]);
  const held = await sell(event.eventId, { firstName: 'Ada', email: 'ada@example.com' }, [
    { name, email },
    { name: 'Bob' },
  ]);
  await report(importId);
  await report(again.importId);
  return { eventId: event.eventId, file, importId, again: again.importId, bought, held };
}

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

  it('is in no export any more, of whatever event; each can be asked for again', async () => {
    const person = newPerson();
    const { eventId } = await plant('X', person);
    for (const content of EXPORT_CONTENTS) await exportOnce(eventId, content);
    const files = (await world.findTraces(person.pattern)).filter(isExport);
    expect(files).toHaveLength(EXPORT_CONTENTS.length);
    const beside = await world.newEvent();
    await exportOnce(beside.eventId, 'tickets');
    await world.erase(person.contactId);
    await world.work(person.contactId);
    expect((await world.findTraces(/./)).filter(isExport)).toEqual([]);
    for (const content of EXPORT_CONTENTS) {
      const path = `/v1/events/${eventId}/${content}-export` as const;
      expect((await world.imports(`GET ${path}`, { key })).body.code).toBe('report_not_ready');
      await exportOnce(eventId, content);
      expect((await world.imports(`GET ${path}`, { key })).status).toBe(200);
    }
    expect((await world.findTraces(person.pattern)).filter(isExport)).toEqual([]);
  });

  it('is not left in an export that was made while the erasure was under way', async () => {
    const person = newPerson();
    const { eventId } = await plant('Y', person);
    await exportOnce(eventId, 'tickets');
    const [file = ''] = (await world.findTraces(person.pattern)).filter(isExport);
    await world.erase(person.contactId);
    await world.work(person.contactId);
    // A worker that had read the tickets before writes its file now.
    await world.objects.write(file, 'text/csv', toChunks(person.name));
    expect((await world.findTraces(person.pattern)).filter(isExport)).toEqual([file]);
    world.clock.nowMs += 3_600_000;
    await world.work(person.contactId);
    expect((await world.findTraces(person.pattern)).filter(isExport)).toEqual([]);
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

describe('an erasure whose worker dies', () => {
  it.each(['notSent', 'answerLost'] as const)(
    'at any call (%s) is completed by the next ones',
    async (mode) => {
      const person = newPerson();
      await plant(`F${mode}`, person);
      await world.erase(person.contactId);
      let deaths = 0;
      for (let at = 1; ; at += 17) {
        const { client, countCalls } = createFailingClient(at, mode);
        const failed = await world.worker({ logger }, client)(world.message(person.contactId));
        if (countCalls() < at) break;
        deaths += failed;
      }
      expect(deaths).toBeGreaterThan(2);
      world.clock.nowMs += 3_600_000;
      await world.worker(
        { logger },
        createFailingClient(12, mode).client,
      )(world.message(person.contactId));
      await world.work(person.contactId);
      expect((await world.erase(person.contactId)).body).toMatchObject({ completed: true });
      expect(await world.findTraces(person.pattern)).toEqual([]);
    },
  );
});

describe('an import that runs while somebody is erased', () => {
  it('dead at any call and gone on with later, leaves nothing of the person', async () => {
    for (let at = 4, isOver = false; !isOver; at += 13) {
      const person = newPerson();
      const event = await world.newEvent();
      await importOne(event.eventId, `G${at}-known`, person);
      const { importId, mapping } = await world.analyzed(event.eventId, toFile(`G${at}`, person));
      await world.imports(`POST /v1/imports/${importId}/start`, { key, body: { mapping } });
      const { client, countCalls } = createFailingClient(at, 'answerLost');
      await world.worker({ logger }, client)(world.run(importId));
      isOver = countCalls() < at;
      await world.erase(person.contactId);
      await world.work(person.contactId);
      await world.worker()(world.run(importId));
      world.clock.nowMs += 3_600_000;
      await world.work(person.contactId);
      const { status, progress } = await world.read(importId);
      expect(status).toBe('COMPLETED_WITH_REJECTS');
      expect(progress).toMatchObject({ tickets: 3, duplicates: 1, rejected: 2, rowsDone: 6 });
      expect(await findOutsideUploads(person)).toEqual([]);
    }
  });
});

async function* toChunks(text: string) {
  yield text;
}

const isExport = (trace: string): boolean => /^reports\/[^/]+\/exports\//.test(trace);
const isFile = (trace: string): boolean => /^(?:uploads|reports)\//.test(trace);

/** An upload goes at the end of its import, whoever stands in it. */
const findOutsideUploads = async ({ pattern }: Person) =>
  (await world.findTraces(pattern)).filter((trace) => !trace.startsWith('uploads/'));
