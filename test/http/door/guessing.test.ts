import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAccess, KEY_CACHE_MS } from '../../../lib/app/authenticate.ts';
import { createKeyReader } from '../../../lib/table/key-reader.ts';
import { runs } from '../../support/campaign.ts';
import { openDoor } from '../../support/door.ts';
import { follow } from '../../support/following.ts';
import { goOffline } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const guess = async (door: Awaited<ReturnType<typeof openDoor>>, times: number, everyMs = 0) => {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) {
    world.clock.nowMs += everyMs;
    statuses.push((await door.scan({ barcode: `guess-${time}` })).status);
  }
  return statuses;
};

const { aScan, sync } = goOffline(world);
/** As a process reads it that has seen nothing of the device. */
const readActor = async (door: Awaited<ReturnType<typeof openDoor>>) =>
  createAccess(createKeyReader({ client: world.bare, tableName: world.tableName })).authenticate(
    `Bearer ${door.device.key}`,
    world.clock.nowMs + KEY_CACHE_MS,
  );

describe('a device that guesses', () => {
  it('is not slowed before 20 misses in a minute, and then gets a scan every two seconds', async () => {
    const door = await openDoor(world);
    expect(new Set(await guess(door, 20))).toEqual(new Set([200]));
    world.clock.nowMs += 1;
    expect((await door.scan()).body.outcome).toBe('ADMITTED');
    const next = await door.scan();
    expect(next).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(next.headers['retry-after']).toBe('2');
    world.clock.nowMs += 2 * SECOND;
    expect((await door.scan()).status).toBe(200);
  });

  it('is free again five minutes after its last misses', async () => {
    const door = await openDoor(world);
    await guess(door, 20);
    world.clock.nowMs += 5 * MINUTE + 1;
    expect(new Set(await guess(door, 10))).toEqual(new Set([200]));
  });

  it('is locked when it goes on, good tickets included, and free after ten minutes', async () => {
    const door = await openDoor(world);
    await guess(door, 20);
    await guess(door, 80, 2 * SECOND);
    const locked = await door.scan();
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(500);
    world.clock.nowMs += 16 * MINUTE;
    expect((await door.scan()).body.outcome).toBe('ADMITTED');
  });

  it('is known to the other processes by its key', async () => {
    const door = await openDoor(world);
    await guess(door, 20);
    await following.catchUp();
    expect(await readActor(door)).toMatchObject({
      value: { guesses: { slowedUntilMs: world.clock.nowMs + 5 * MINUTE } },
    });
  });

  it('may guess by a check as little as by a scan', async () => {
    const door = await openDoor(world);
    for (let time = 0; time < 20; time += 1) await door.scan({ mode: 'check', barcode: 'guess' });
    await door.scan();
    expect((await door.scan()).status).toBe(429);
  });
});

describe('a scanner that was offline', () => {
  /** So many strangers, `everyMs` apart, the last one a minute ago. */
  const offline = async (
    door: Awaited<ReturnType<typeof openDoor>>,
    count: number,
    everyMs: number,
  ) =>
    sync(
      door.device,
      Array.from({ length: count }, (_, index) =>
        aScan(door, 1 + (index * everyMs) / MINUTE, { barcode: `stranger-${randomUUID()}` }),
      ),
    );

  it('is not slowed for an evening of strangers, of which it tells at once', async () => {
    const door = await openDoor(world);
    for (let batch = 0; batch < 3; batch += 1) {
      expect((await offline(door, 60, 4 * SECOND * 3)).status).toBe(200);
      await following.catchUp();
      world.clock.nowMs += 31 * MINUTE;
    }
    expect((await door.scan()).body.outcome).toBe('ADMITTED');
    const { value } = (await readActor(door)) as { value: object };
    expect(value).not.toHaveProperty('guesses.slowedUntilMs');
  });

  it('is slowed for what no door has: 20 within a minute', async () => {
    const door = await openDoor(world);
    await offline(door, 20, 2 * SECOND);
    await sync(door.device, []);
    expect((await sync(door.device, [])).status).toBe(429);
    await following.catchUp();
    expect(await readActor(door)).toMatchObject({
      value: { guesses: { slowedUntilMs: expect.any(Number) } },
    });
  });

  it('can not have more minutes to guess in than a day has', async () => {
    const door = await openDoor(world);
    for (let days = 2; days < 4; days += 1) {
      const strangers = Array.from({ length: 10 }, (_, index) =>
        aScan(door, days * 24 * 60 + index * 60, { barcode: `stranger-${randomUUID()}` }),
      );
      await sync(door.device, strangers);
    }
    await following.catchUp();
    expect(await readActor(door)).toMatchObject({
      value: { guesses: { slowedUntilMs: expect.any(Number) } },
    });
  });
});

describe('door staff', () => {
  it('is never slowed for refusals of tickets that exist', async () => {
    const door = await openDoor(world, {}, { standing: 'BLOCKED' });
    for (let time = 0; time < 60; time += 1) expect((await door.scan()).status).toBe(200);
  });

  it('is never slowed by a queue of strangers, 19 a minute however long', async () => {
    const door = await openDoor(world);
    // A quarter of an hour has more than the hundred that ten minutes may have.
    for (let minute = 0; minute < runs(15, 60); minute += 1) {
      expect(new Set(await guess(door, 19))).toEqual(new Set([200]));
      world.clock.nowMs += MINUTE;
      if (minute % 10 === 9) await following.catchUp();
    }
  });

  it('gets an answer of its other scanners while one of them is locked', async () => {
    const door = await openDoor(world);
    await guess(door, 40);
    const other = await door.newDevice();
    expect((await door.scan({}, other.key)).body.outcome).toBe('ADMITTED');
  });
});
