import { describe, expect, it } from 'vitest';
import { anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers } = world;
const { key } = await world.newOrganization();
const pointersOf = (reply: { body: { errors: { pointer: string }[] } }) =>
  reply.body.errors.map((fault) => fault.pointer);
const newEvent = async (overrides: Record<string, unknown> = {}) =>
  (await organizers('POST /v1/events', { key, body: anEvent(overrides) })).body;
const PRICE = { amountMinor: 2500, currency: 'EUR' };

describe('organization', () => {
  it('starts with SecureSwap off, and a change keeps what it does not name', async () => {
    const own = await world.newOrganization();
    const before = await organizers('GET /v1/organization', { key: own.key });
    expect(before.body).toMatchObject({
      name: 'Test Hall',
      secureSwap: { enabled: false, capBasis: 'price' },
    });
    const body = { secureSwap: { enabled: true } };
    const after = await organizers('PATCH /v1/organization', { key: own.key, body });
    expect(after.body).toMatchObject({
      name: 'Test Hall',
      secureSwap: { enabled: true, capBasis: 'price' },
    });
    expect(after.headers['etag']).toBe('"2"');
  });

  it('412 when it changed since it was read; of two changes from one version one wins', async () => {
    const own = await world.newOrganization();
    const { headers } = await organizers('GET /v1/organization', { key: own.key });
    const change = (name: string) =>
      organizers('PATCH /v1/organization', {
        key: own.key,
        headers: { 'if-match': String(headers['etag']) },
        body: { name },
      });
    const replies = await Promise.all([change('One'), change('Two'), change('Three')]);
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
  });
});

describe('changes at the same moment without If-Match', () => {
  it('are all made', async () => {
    const { eventId } = await newEvent();
    const type = { name: 'VIP', price: PRICE };
    const made = await organizers(`POST /v1/events/${eventId}/ticket-types`, { key, body: type });
    const paths = [
      '/v1/organization',
      `/v1/events/${eventId}`,
      `/v1/ticket-types/${made.body.ticketTypeId}`,
    ];
    for (const path of paths) {
      const read = async () => (await organizers(`GET /${path.slice(1)}`, { key })).body.version;
      const before = await read();
      const replies = await Promise.all(
        Array.from({ length: 4 }, (_, count) =>
          organizers(`PATCH /${path.slice(1)}`, { key, body: { name: `Name ${count}` } }),
        ),
      );
      expect(replies.map((reply) => reply.status)).toEqual(Array.from(replies, () => 200));
      expect(await read()).toBe(before + 4);
    }
  });
});

describe('events', () => {
  it('are created with defaults, read and listed newest first', async () => {
    const own = await world.newOrganization();
    const ids = [];
    for (const id of [{}, { eventId: 'zebra' }, { eventId: 'aardvark' }]) {
      world.clock.nowMs += 1;
      const made = await organizers('POST /v1/events', {
        key: own.key,
        body: anEvent({ ...id, capacity: 10 }),
      });
      expect(made.status).toBe(201);
      ids.unshift(made.body.eventId);
    }
    const read = await organizers(`GET /v1/events/${ids[0]}`, { key: own.key });
    expect(read.body).toMatchObject({
      secureSwap: true,
      gates: [],
      reentry: 'never',
      capacity: 10,
      sold: 0,
      imported: 0,
      held: 0,
      available: 10,
    });
    const first = await organizers('GET /v1/events?limit=2', { key: own.key });
    const rest = await organizers(`GET /v1/events?limit=2&cursor=${first.body.nextCursor}`, {
      key: own.key,
    });
    const listed = [...first.body.items, ...rest.body.items].map((item) => item.eventId);
    expect(listed).toEqual(ids);
    expect(rest.body.nextCursor).toBeUndefined();
  });

  it.each(['nope', 'c1.', 'c1.#'])('422 for the cursor %j', async (text) => {
    const cursor = Buffer.from(text).toString('base64url');
    const reply = await organizers(`GET /v1/events?cursor=${cursor}`, { key });
    expect(pointersOf(reply)).toEqual(['/query/cursor']);
  });

  it("with the client's own id: the same request again answers the same event, another one 409", async () => {
    const body = anEvent({ eventId: 'my-event', capacity: 5 });
    const made = await organizers('POST /v1/events', { key, body });
    world.clock.nowMs += 1000;
    const again = await organizers('POST /v1/events', { key, body });
    expect(again).toMatchObject({ status: 201, body: made.body });
    const other = await organizers('POST /v1/events', { key, body: { ...body, name: 'Other' } });
    expect(other).toMatchObject({ status: 409, body: { code: 'already_exists' } });
  });

  it('64 at once with one eventUrl make one event', async () => {
    const body = anEvent();
    const replies = await Promise.all(
      Array.from({ length: 64 }, () => organizers('POST /v1/events', { key, body })),
    );
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    const refused = replies.filter((reply) => reply.body.code === 'event_url_taken');
    expect(refused).toHaveLength(63);
  });

  it('a moved eventUrl is free for another event', async () => {
    const event = await newEvent();
    const moved = await organizers(`PATCH /v1/events/${event.eventId}`, {
      key,
      body: { eventUrl: 'moved-on' },
    });
    expect(moved.body.eventUrl).toBe('moved-on');
    expect((await newEvent({ eventUrl: event.eventUrl })).eventUrl).toBe(event.eventUrl);
    const taken = await organizers(`PATCH /v1/events/${event.eventId}`, {
      key,
      body: { eventUrl: event.eventUrl },
    });
    expect(taken).toMatchObject({ status: 409, body: { code: 'event_url_taken' } });
  });

  it('a capacity can be set, changed and taken away', async () => {
    const event = await newEvent();
    const patch = (capacity: number | null) =>
      organizers(`PATCH /v1/events/${event.eventId}`, { key, body: { capacity } });
    expect(event).toMatchObject({ capacity: null, available: null });
    expect((await patch(7)).body).toMatchObject({ capacity: 7, available: 7 });
    expect((await patch(null)).body).toMatchObject({ capacity: null, available: null });
  });

  it('422 with every fault of a body at once', async () => {
    const body = anEvent({
      eventUrl: 'Not A Slug',
      startsAt: 'tomorrow',
      timezone: 'Mars/Base',
      currency: 'EURO',
      country: 'XY',
      capacity: -1,
      gates: [{ gateId: 'a b', name: 'Main' }],
      nonsense: true,
    });
    const reply = await organizers('POST /v1/events', { key, body });
    expect(reply.status).toBe(422);
    expect(new Set(pointersOf(reply))).toEqual(
      new Set([
        '/eventUrl',
        '/startsAt',
        '/timezone',
        '/currency',
        '/country',
        '/capacity',
        '/gates/0/gateId',
        '/nonsense',
      ]),
    );
  });

  it.each([
    [
      'a fraction of a second without end',
      '/startsAt',
      `2026-06-01T20:00:00.${'0'.repeat(500_000)}Z`,
    ],
    ['a line break', '/name', 'Night\r\nBcc: a@example.com'],
    ['NUL', '/name', 'Night\u0000'],
    ['half a character', '/name', 'Night \ud83c'],
  ])('422 for %s in %s', async (_name, pointer, value) => {
    const body = anEvent({ [pointer.slice(1)]: value });
    expect(pointersOf(await organizers('POST /v1/events', { key, body }))).toEqual([pointer]);
  });

  it('422 when it ends before it starts, or a gate is there twice', async () => {
    const gate = { gateId: 'main', name: 'Main' };
    const reply = await organizers('POST /v1/events', {
      key,
      body: anEvent({ endsAt: '2026-06-01T19:00:00+02:00', gates: [gate, gate] }),
    });
    expect(pointersOf(reply)).toEqual(['/endsAt', '/gates/1/gateId']);
  });
});

describe('ticket types', () => {
  it('get a numeric id, are read by it and listed with the event', async () => {
    const { eventId } = await newEvent();
    const made = await organizers(`POST /v1/events/${eventId}/ticket-types`, {
      key,
      body: { name: 'VIP', price: PRICE, capacity: 3 },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { kind: 'single', price: PRICE, available: 3 },
    });
    const { ticketTypeId } = made.body;
    expect(Number.isSafeInteger(ticketTypeId)).toBe(true);
    expect((await organizers(`GET /v1/ticket-types/${ticketTypeId}`, { key })).body).toEqual(
      made.body,
    );
    const listed = await organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
    expect(listed.body.items).toEqual([made.body]);
    const body = { price: { amountMinor: 0, currency: 'EUR' }, capacity: null };
    const patched = await organizers(`PATCH /v1/ticket-types/${ticketTypeId}`, { key, body });
    expect(patched.body).toMatchObject({
      name: 'VIP',
      capacity: null,
      version: 2,
      price: body.price,
    });
  });

  it("with the client's own id: a repeat answers the same type, another event's use of it 409", async () => {
    const [one, two] = [await newEvent(), await newEvent()];
    const body = { ticketTypeId: 42, name: 'Regular', kind: 'bundle', price: PRICE };
    const path = (eventId: string) => `POST /v1/events/${eventId}/ticket-types` as const;
    const made = await organizers(path(one.eventId), { key, body });
    expect((await organizers(path(one.eventId), { key, body })).body).toEqual(made.body);
    const taken = await organizers(path(two.eventId), { key, body });
    expect(taken).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    const own = await world.newOrganization();
    const elsewhere = await organizers('POST /v1/events', { key: own.key, body: anEvent() });
    const free = await organizers(path(elsewhere.body.eventId), { key: own.key, body });
    expect(free.status).toBe(201);
  });

  it('a price of -0 is one of 0, also when it is sent again', async () => {
    const { eventId } = await newEvent();
    const text =
      '{"ticketTypeId":43,"name":"Free","capacity":-0,"price":{"amountMinor":-0,"currency":"EUR"}}';
    const send = () => organizers(`POST /v1/events/${eventId}/ticket-types`, { key, text });
    const made = await send();
    expect(made.body.price.amountMinor).toBe(0);
    expect(await send()).toMatchObject({ status: 201, body: made.body });
  });

  it('422 for a price in another currency than the event', async () => {
    const { eventId } = await newEvent();
    const body = { name: 'VIP', price: { amountMinor: 1, currency: 'USD' } };
    const reply = await organizers(`POST /v1/events/${eventId}/ticket-types`, { key, body });
    expect(pointersOf(reply)).toEqual(['/price/currency']);
  });
});
