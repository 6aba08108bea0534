// A batch that is sent again takes another time on its way, so the same scans come with other corrected times.
import { describe, expect, it } from 'vitest';
import { type Door, openDoor } from '../../support/door.ts';
import { follow } from '../../support/following.ts';
import { goOffline } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const { aScan, sync, clashes } = goOffline(world);

const get = async (door: Door, what: string) =>
  (await world.door(`GET /v1/events/${door.eventId}/${what}`, { key: door.organizer })).body;

/** Sent three times, each of which took longer; the queue worked off in between or not. */
async function send(door: Door, scans: readonly unknown[], catchUp: boolean): Promise<void> {
  for (const skewMs of [0, -37, -2_500]) {
    expect((await sync(door.device, scans, skewMs)).status).toBe(200);
    if (catchUp) await following.catchUp();
  }
  await following.catchUp();
}

describe.each([true, false])('with the queue worked off in between: %s', (catchUp) => {
  it('logs and counts what was refused once', async () => {
    const door = await openDoor(world);
    const refused = { offlineOutcome: 'REFUSED' };
    await send(door, [aScan(door, 30, refused), aScan(door, 20, refused)], catchUp);
    expect((await get(door, 'scans')).items).toHaveLength(2);
    expect(await get(door, 'attendance')).toMatchObject({ refused: 2, refusals: { OFFLINE: 2 } });
  });

  it('logs whom nobody knows once, at the time that the ledger tells', async () => {
    const door = await openDoor(world);
    await send(door, [aScan(door, 30, { barcode: 'stranger' })], catchUp);
    const { items } = await get(door, 'scans');
    expect(items).toMatchObject([{ outcome: 'ADMITTED_OFFLINE_CLASH', reason: 'UNKNOWN' }]);
    expect(items[0].at).toBe((await clashes(door))[0].at);
  });
});

it('locks no scanner for strangers of whom it told before', async () => {
  const door = await openDoor(world);
  const strangers = Array.from({ length: 100 }, (_, index) =>
    aScan(door, 1 + index / 20, { barcode: `stranger-${index}` }),
  );
  await sync(door.device, strangers);
  world.clock.nowMs += 3_000;
  await sync(door.device, strangers, -3_000);
  await following.catchUp();
  world.clock.nowMs += 3_000;
  expect((await sync(door.device, [])).status).toBe(200);
});

it('knows a scan whose clock had lost its date, and counts it', async () => {
  const door = await openDoor(world);
  // The first hour of 1970, east of Greenwich.
  const scannedAt = '1970-01-01T00:10:00+01:00';
  const lost = [
    aScan(door, 0, { scannedAt }),
    aScan(door, 0, { scannedAt: '1970-01-01T00:20:00+01:00', direction: 'exit' }),
  ];
  await send(door, lost, true);
  expect(await get(door, 'attendance')).toMatchObject({ admitted: 1, entries: 1, exits: 1 });
  const first = await get(door, 'scans?limit=1');
  const second = await get(door, `scans?limit=1&cursor=${first.nextCursor}`);
  expect(second.items).toHaveLength(1);
});
