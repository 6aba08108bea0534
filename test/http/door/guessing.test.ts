import { describe, expect, it } from 'vitest';
import { createAccess, KEY_CACHE_MS } from '../../../lib/app/authenticate.ts';
import { createKeyReader } from '../../../lib/table/key-reader.ts';
import { openDoor } from '../../support/door.ts';
import { follow } from '../../support/following.ts';
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
    const fresh = createAccess(createKeyReader({ client: world.bare, tableName: world.tableName }));
    const actor = await fresh.authenticate(
      `Bearer ${door.device.key}`,
      world.clock.nowMs + KEY_CACHE_MS,
    );
    expect(actor).toMatchObject({
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

describe('door staff', () => {
  it('is never slowed for refusals of tickets that exist', async () => {
    const door = await openDoor(world, {}, { standing: 'BLOCKED' });
    for (let time = 0; time < 60; time += 1) expect((await door.scan()).status).toBe(200);
  });

  it('is never slowed by a queue of strangers, 19 a minute for an hour', async () => {
    const door = await openDoor(world);
    for (let minute = 0; minute < 60; minute += 1) {
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
