import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { KEY_CACHE_MS } from '../../lib/app/authenticate.ts';
import { REQUESTS_BURST } from '../../lib/app/rate-limiter.ts';
import { keyKey } from '../../lib/table/keys.ts';
import { anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers, scans } = world;

describe('401', () => {
  it.each([
    ['no key', undefined],
    ['nonsense', 'nonsense'],
    ['an unknown organization', `sg.org_${'0'.repeat(26)}.key_${'0'.repeat(26)}.${'a'.repeat(43)}`],
  ])('for %s', async (_name, key) => {
    const reply = await organizers('GET /v1/organization', { key });
    expect(reply).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(reply.headers['www-authenticate']).toBe('Bearer');
  });

  it('for a real key with another secret', async () => {
    const { key } = await world.newOrganization();
    const forged = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    expect((await organizers('GET /v1/organization', { key: forged })).status).toBe(401);
  });

  it('for a revoked key at most 60 s after its revocation', async () => {
    const { key } = await world.newOrganization();
    const made = await organizers('POST /v1/keys', { key, body: { scope: 'organizer' } });
    const second = made.body.key;
    expect((await organizers('GET /v1/organization', { key: second })).status).toBe(200);
    const revoked = await organizers(`DELETE /v1/keys/${made.body.keyId}`, { key });
    expect(revoked).toMatchObject({ status: 200, body: { keyId: made.body.keyId } });
    const again = await organizers(`DELETE /v1/keys/${made.body.keyId}`, { key });
    expect(again.body).toEqual(revoked.body);
    expect(KEY_CACHE_MS).toBeLessThanOrEqual(60_000);
    world.clock.nowMs += KEY_CACHE_MS;
    expect((await organizers('GET /v1/organization', { key: second })).status).toBe(401);
  });
});

describe('a new key', () => {
  it('works from its answer on, is listed without its secret, and ends when it is rotated', async () => {
    const { key } = await world.newOrganization();
    const made = await organizers('POST /v1/keys', {
      key,
      body: { scope: 'organizer', name: 'box office' },
    });
    expect(made.status).toBe(201);
    expect((await organizers('GET /v1/organization', { key: made.body.key })).status).toBe(200);
    const listed = await organizers('GET /v1/keys', { key });
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key.split('.')[3]);
    expect(listed.body.items).toHaveLength(2);
    const rotated = await organizers(`POST /v1/keys/${made.body.keyId}/rotate`, { key });
    expect(rotated.body.key).not.toBe(made.body.key);
    expect((await organizers('GET /v1/organization', { key: rotated.body.key })).status).toBe(200);
    world.clock.nowMs += KEY_CACHE_MS;
    expect((await organizers('GET /v1/organization', { key: made.body.key })).status).toBe(401);
  });

  it('never lies in the table in clear, even with an Idempotency-Key', async () => {
    const { key, organizationId } = await world.newOrganization();
    const headers = { 'idempotency-key': '"one"' };
    const made = await organizers('POST /v1/keys', { key, headers, body: { scope: 'organizer' } });
    const again = await organizers('POST /v1/keys', { key, headers, body: { scope: 'organizer' } });
    expect(again.body).toEqual(made.body);
    const { ScanCommand } = await import('@aws-sdk/lib-dynamodb');
    const everything = await world.client.send(new ScanCommand({ TableName: world.tableName }));
    const text = JSON.stringify(everything.Items);
    expect(text).toContain(organizationId);
    expect(text).not.toContain(made.body.key.split('.')[3]);
  });

  it('leaves the table 30 days after its first revocation, so that its place is free again', async () => {
    const { key, organizationId } = await world.newOrganization();
    const made = await organizers('POST /v1/keys', { key, body: { scope: 'organizer' } });
    const atMs = world.clock.nowMs;
    await organizers(`DELETE /v1/keys/${made.body.keyId}`, { key });
    world.clock.nowMs += 1_000;
    await organizers(`DELETE /v1/keys/${made.body.keyId}`, { key });
    const Key = keyKey(organizationId, made.body.keyId);
    const { Item } = await world.client.send(new GetCommand({ TableName: world.tableName, Key }));
    expect(Item?.['ttl']).toBe(atMs / 1000 + 30 * 24 * 3_600);
  });

  it.each([
    [{ scope: 'marketplace' }, ['/marketplace']],
    [{ scope: 'organizer', eventIds: ['x'], gateId: 'g' }, ['/eventIds', '/gateId']],
    [{ scope: 'device', eventIds: ['nowhere'] }, ['/eventIds/0']],
    [{ scope: 'king' }, ['/scope']],
  ])('is refused when %j', async (body, pointers) => {
    const { key } = await world.newOrganization();
    const reply = await organizers('POST /v1/keys', { key, body });
    expect(reply.status).toBe(422);
    expect(reply.body.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(pointers);
  });
});

describe('403', () => {
  it('for a key of another scope', async () => {
    const { key } = await world.newOrganization();
    const event = await organizers('POST /v1/events', { key, body: anEvent() });
    const body = { name: 'Door', eventIds: [event.body.eventId] };
    const device = await organizers('POST /v1/devices', { key, body });
    const reply = await organizers('GET /v1/organization', { key: device.body.key });
    expect(reply).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const scan = { scanId: '1', eventId: event.body.eventId, barcode: 'x' };
    expect((await scans('POST /v1/validate', { key, body: scan })).status).toBe(403);
  });
});

describe('429', () => {
  it('after the burst, and not again once the bucket has refilled', async () => {
    const { key } = await world.newOrganization();
    const call = () => organizers('GET /v1/keys', { key });
    const first = await Promise.all(Array.from({ length: REQUESTS_BURST }, call));
    expect(first.every((reply) => reply.status === 200)).toBe(true);
    const refused = await call();
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers['retry-after']).toBe('1');
    world.clock.nowMs += 1_000;
    const later = await Promise.all(Array.from({ length: 200 }, call));
    expect(later.every((reply) => reply.status === 200)).toBe(true);
  });
});

describe('devices', () => {
  it('are enrolled by a QR code, listed, and revoked one or all', async () => {
    const { key } = await world.newOrganization();
    const event = await organizers('POST /v1/events', { key, body: anEvent() });
    const body = { name: 'Door', eventIds: [event.body.eventId], gateId: 'main' };
    const devices = [];
    for (let count = 0; count < 3; count += 1) {
      const made = await organizers('POST /v1/devices', { key, body });
      expect(made.status).toBe(201);
      devices.push(made.body);
    }
    const [device] = devices;
    expect(device.enrolment.qrSvg).toMatch(/^<svg /);
    expect(JSON.parse(device.enrolment.text)).toEqual({
      swapgate: 1,
      url: 'http://localhost',
      key: device.key,
    });
    await organizers(`DELETE /v1/devices/${device.deviceId}`, { key });
    expect((await organizers('DELETE /v1/devices', { key })).body).toEqual({ revoked: 2 });
    const listed = await organizers('GET /v1/devices', { key });
    expect(listed.body.items).toHaveLength(3);
    for (const item of listed.body.items) expect(item.revokedAt).toBeTruthy();
    const organizerKey = (await organizers('GET /v1/keys', { key })).body.items.find(
      (item: { scope: string }) => item.scope === 'organizer',
    );
    expect((await organizers(`DELETE /v1/devices/${organizerKey.keyId}`, { key })).status).toBe(
      404,
    );
  });
});
