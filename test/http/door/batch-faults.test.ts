import { describe, expect, it } from 'vitest';
import { openDoor } from '../../support/door.ts';
import { goOffline } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const { aScan, sync, results, clashes } = goOffline(world);

describe('503', () => {
  it('when the table fails in the middle; the whole batch again records each once', async () => {
    const door = await openDoor(world);
    const tickets = await Promise.all(Array.from({ length: 20 }, () => door.newTicket()));
    const scans = tickets.map(({ barcode }) => aScan(door, 30, { barcode }));
    let calls = 0;
    world.bare.middlewareStack.add(
      (next) => (args) => {
        calls += 1;
        if (calls > 21) throw Object.assign(new Error('no'), { name: 'ThrottlingException' });
        return next(args);
      },
      { step: 'initialize', name: 'fail' },
    );
    const failed = await sync(door.device, scans);
    world.bare.middlewareStack.remove('fail');
    expect(failed.status).toBe(503);
    const answered = await results(door.device, scans);
    expect(answered).toHaveLength(20);
    for (const { outcome } of answered) expect(outcome).toBe('ADMITTED');
    expect(answered.some(({ repeated }: { repeated: boolean }) => repeated)).toBe(true);
    for (const { barcode } of tickets) expect((await door.find(barcode)).admissions).toBe(1);
    expect(await clashes(door)).toEqual([]);
  });
});

describe('404 and 422', () => {
  it('records nothing when one of the events is not for this device', async () => {
    const door = await openDoor(world);
    const reply = await sync(door.device, [aScan(door, 30), aScan(door, 30, { eventId: 'else' })]);
    expect(reply.status).toBe(404);
    expect(await door.find()).toEqual(door.ticket);
  });

  it('records nothing when one of the gates is not that of this device', async () => {
    const door = await openDoor(world);
    const scans = [aScan(door, 30, { gateId: 'main' }), aScan(door, 30, { gateId: 'side' })];
    expect((await sync(door.device, scans)).status).toBe(404);
    expect(await door.find()).toEqual(door.ticket);
  });

  it('takes at most 500 scans, each with its time and outcome', async () => {
    const door = await openDoor(world);
    const scan = aScan(door, 30);
    expect(
      (
        await sync(
          door.device,
          Array.from({ length: 501 }, () => scan),
        )
      ).status,
    ).toBe(422);
    const { scannedAt: _at, offlineOutcome: _outcome, ...bare } = scan;
    const faults = (await sync(door.device, [bare])).body.errors;
    expect(faults.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/scans/0/offlineOutcome',
      '/scans/0/scannedAt',
    ]);
  });

  it('lists clashes of events of this organization only', async () => {
    const [door, other] = [await openDoor(world), await openDoor(world)];
    const reply = await world.door(`GET /v1/events/${other.eventId}/clashes`, {
      key: door.organizer,
    });
    expect(reply.status).toBe(404);
  });
});

describe('the ledger', () => {
  it('pages through, newest report first', async () => {
    const door = await openDoor(world, {}, { standing: 'BLOCKED' });
    const scans = Array.from({ length: 5 }, () => aScan(door, 30));
    for (const scan of scans) {
      world.clock.nowMs += 1;
      await sync(door.device, [scan]);
    }
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const path = `/v1/events/${door.eventId}/clashes?limit=2${cursor}` as const;
      const { body } = await world.door(`GET ${path}`, { key: door.organizer });
      found.push(...body.items.map(({ scanId }: { scanId: string }) => scanId));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(found).toEqual(scans.map(({ scanId }) => scanId).toReversed());
  });
});
