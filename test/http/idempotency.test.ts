import { describe, expect, it } from 'vitest';
import { anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers } = world;
const { key } = await world.newOrganization();
const HOUR = 3_600_000;
const send = (idempotencyKey: string, body: unknown, as = key) =>
  organizers('POST /v1/events', { key: as, body, headers: { 'idempotency-key': idempotencyKey } });

describe('Idempotency-Key', () => {
  it('the same request again within 24 hours answers the same and does nothing', async () => {
    const body = anEvent();
    const made = await send('"a"', body);
    world.clock.nowMs += 23 * HOUR;
    const again = await send('"a"', body);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(made.body);
    expect(again.headers['etag']).toBe(made.headers['etag']);
  });

  it('a refusal is an answer too and is given again', async () => {
    const body = anEvent();
    await send('"first"', body);
    const refused = await send('"b"', body);
    expect(refused).toMatchObject({ status: 409, body: { code: 'event_url_taken' } });
    expect((await send('"b"', body)).body).toEqual(refused.body);
  });

  it('422 for another body under the same key, and the first answer stays', async () => {
    const body = anEvent();
    const made = await send('"c"', body);
    expect(await send('"c"', anEvent())).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
    expect((await send('"c"', body)).body).toEqual(made.body);
  });

  it('64 at once run once: the others get 409 or the same answer', async () => {
    const body = anEvent();
    const replies = await Promise.all(Array.from({ length: 64 }, () => send('"d"', body)));
    const made = replies.filter((reply) => reply.status === 201);
    const waiting = replies.filter((reply) => reply.body.code === 'idempotency_in_flight');
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(made.length + waiting.length).toBe(64);
    expect(new Set(made.map((reply) => reply.body.eventId)).size).toBe(1);
    for (const reply of waiting) expect(reply).toMatchObject({ status: 409 });
  });

  it('belongs to the caller: another organization may use the same text', async () => {
    const other = await world.newOrganization();
    const body = anEvent();
    const [one, two] = [await send('"e"', body), await send('"e"', body, other.key)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.eventId).not.toBe(two.body.eventId);
  });

  it('means the same request however the scheme of the key is written', async () => {
    const body = anEvent();
    const made = await send('"f"', body);
    const headers = { 'idempotency-key': '"f"', authorization: `bearer  ${key}` };
    expect((await organizers('POST /v1/events', { body, headers })).body).toEqual(made.body);
  });

  it('422 after the key was rotated: the answer is sealed under the old secret', async () => {
    const own = await world.newOrganization();
    const body = anEvent();
    await send('"g"', body, own.key);
    const rotated = await organizers(`POST /v1/keys/${own.keyId}/rotate`, { key: own.key });
    expect(await send('"g"', body, rotated.body.key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
  });

  it('an answer that could not be kept is given all the same, and a repeat does not do it again', async () => {
    const own = await world.newOrganization();
    world.bare.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === 'UpdateItemCommand') throw new Error('no answer');
        return next(args);
      },
      { step: 'initialize', name: 'breakFinish' },
    );
    const call = {
      key: own.key,
      body: { scope: 'organizer' },
      headers: { 'idempotency-key': 'h' },
    };
    const made = await organizers('POST /v1/keys', call);
    world.bare.middlewareStack.remove('breakFinish');
    expect(made.status).toBe(201);
    const again = await organizers('POST /v1/keys', call);
    expect(again.body.code).toBe('idempotency_in_flight');
    const listed = await organizers('GET /v1/keys', { key: own.key });
    expect(listed.body.items).toHaveLength(2);
  });

  it('422 when it is longer than 255 characters', async () => {
    const reply = await send('x'.repeat(256), anEvent());
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/headers/idempotency-key' }] },
    });
  });
});

describe('problems of any route', () => {
  it.each([
    [400, 'invalid_json', { text: '{"name":' }],
    [413, 'body_too_large', { text: JSON.stringify('x'.repeat(1_048_576)) }],
    [415, 'unsupported_media_type', { text: 'name=x', headers: { 'content-type': 'text/plain' } }],
    [422, 'validation_failed', { text: '[]' }],
  ])('%i %s', async (status, code, call) => {
    const reply = await organizers('POST /v1/events', { key, ...call });
    expect(reply).toMatchObject({ status, body: { code, status } });
    expect(reply.headers['content-type']).toBe('application/problem+json');
  });
  it('404 for a path that does not exist', async () => {
    expect(await organizers('GET /v2/nothing', { key })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
  it('422 for an If-Match that is no ETag of ours', async () => {
    const call = { key, body: {}, headers: { 'if-match': 'nonsense' } };
    const reply = await organizers('PATCH /v1/organization', call);
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/headers/if-match' }] },
    });
  });
  it('412 for If-Match where nothing has a version, and nothing is done', async () => {
    const call = { key, body: { scope: 'organizer' }, headers: { 'if-match': '"1"' } };
    const before = await organizers('GET /v1/keys', { key });
    expect((await organizers('POST /v1/keys', call)).status).toBe(412);
    expect((await organizers('GET /v1/keys', { key })).body).toEqual(before.body);
  });
});
