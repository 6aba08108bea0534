// Offline scans are judged by all that happened to a ticket, in the order of time, whatever syncs first.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { toHistoryItem } from '../../../lib/table/history-item.ts';
import { runs } from '../../support/campaign.ts';
import { type Device, type Door, openDoor } from '../../support/door.ts';
import { createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { countExtra, goOffline, type Passed } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const { aScan, sync, results, clashes } = goOffline(world);
const MINUTE = 60_000;
const exit = { direction: 'exit' };

const outcomes = (answers: readonly { readonly outcome: string }[]): string[] =>
  answers.map(({ outcome }) => outcome);
const withdrawn = async (door: Door) => {
  const path = `/v1/events/${door.eventId}/clashes?state=withdrawn` as const;
  return (await world.door(`GET ${path}`, { key: door.organizer })).body.items;
};

describe('with re-entry after an exit', () => {
  it('finds a double admission between older ones', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const second = await door.newDevice();
    await sync(door.device, [
      aScan(door, 60),
      aScan(door, 40, exit),
      aScan(door, 30),
      aScan(door, 20, exit),
      aScan(door, 10),
    ]);
    const between = aScan(door, 50);
    expect(await results(second, [between])).toMatchObject([
      { outcome: 'ADMITTED_OFFLINE_CLASH', reason: 'ALREADY_USED', clash: { gateId: 'main' } },
    ]);
    // Explains nothing: nobody came twice around it.
    expect(await results(second, [aScan(door, 35, exit)])).toMatchObject([{ outcome: 'EXITED' }]);
    expect(await clashes(door)).toMatchObject([{ scanId: between.scanId }]);
  });

  it('finds one among those that the online door admitted', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const startMs = world.clock.nowMs;
    for (const direction of ['entry', 'exit', 'entry', 'exit', 'entry']) {
      await door.scan({ direction });
      world.clock.nowMs += 10 * MINUTE;
    }
    await following.catchUp();
    const minutes = (world.clock.nowMs - startMs) / MINUTE;
    const [first, free] = [aScan(door, minutes - 5), aScan(door, minutes - 15)];
    expect(outcomes(await results(door.device, [first]))).toEqual(['ADMITTED_OFFLINE_CLASH']);
    // Between an exit and an entry it is a second person for the one that follows.
    const [told] = await results(door.device, [free]);
    expect(told).toMatchObject({ outcome: 'ADMITTED_OFFLINE_CLASH' });
    expect(Date.parse(told.clash.at)).toBe(startMs + 20 * MINUTE);
    expect(await door.find()).toMatchObject({ admissions: 5, inside: true });
  });

  it('withdraws a clash that an exit explains which syncs later, and reports nothing twice', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const second = await door.newDevice();
    await sync(door.device, [aScan(door, 30)]);
    const again = aScan(door, 10);
    const [told] = await results(second, [again]);
    expect(told.outcome).toBe('ADMITTED_OFFLINE_CLASH');
    const third = await door.newDevice();
    const out = [aScan(door, 20, exit)];
    for (let time = 0; time < 2; time += 1) {
      expect(outcomes(await results(third, out))).toEqual(['EXITED']);
      expect(await clashes(door)).toEqual([]);
      expect(await withdrawn(door)).toMatchObject([
        { scanId: again.scanId, withdrawnAt: expect.any(String) },
      ]);
    }
    expect(await results(second, [again])).toEqual([{ ...told, repeated: true }]);
    expect(await clashes(door)).toEqual([]);
    // What comes on top of it is a clash again.
    expect(outcomes(await results(second, [aScan(door, 5)]))).toEqual(['ADMITTED_OFFLINE_CLASH']);
  });

  it('leaves a clash that an exit explains only half', async () => {
    const gates = [{ gateId: 'vip', name: 'VIP', ticketTypeIds: [1] }];
    const door = await openDoor(world, { reentry: 'afterExit', gates });
    const vip = await door.newDevice({ gateId: 'vip' });
    await sync(door.device, [aScan(door, 30)]);
    await sync(vip, [aScan(door, 10)]);
    await sync(door.device, [aScan(door, 20, exit)]);
    expect(await clashes(door)).toHaveLength(1);
  });
});

describe('a grant', () => {
  it('makes an entry right that came after it, and none that came before', async () => {
    const door = await openDoor(world, {}, { isExchanged: true });
    await door.scan();
    const startMs = world.clock.nowMs;
    world.clock.nowMs += 20 * MINUTE;
    const grantedMs = world.clock.nowMs;
    await world.put({ ...(await door.find()), checkedIn: false, reentryGranted: true });
    const { organizationId, eventTicketId } = door.ticket;
    const entry = { action: 'EXCHANGED', by: 'key_1', details: { reentryGranted: true } } as const;
    const Item = toHistoryItem(organizationId, eventTicketId, entry, grantedMs);
    await world.client.send(new PutCommand({ TableName: world.tableName, Item }));
    world.clock.nowMs += 20 * MINUTE;
    const at = (ms: number) => aScan(door, (world.clock.nowMs - ms) / MINUTE);
    const before = await results(door.device, [at(startMs + 10 * MINUTE)]);
    expect(outcomes(before)).toEqual(['ADMITTED_OFFLINE_CLASH']);
    expect(await door.find()).toMatchObject({ reentryGranted: true, checkedIn: false });
    const after = await results(door.device, [at(grantedMs + 10 * MINUTE)]);
    expect(outcomes(after)).toEqual(['ADMITTED']);
    expect((await door.scan()).body.reason).toBe('ALREADY_USED');
  });
});

describe('a batch that is sent again', () => {
  it('records each of many scans of one ticket once', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const scans = Array.from({ length: 12 }, (_, index) =>
      aScan(door, 60 - index, index % 2 === 0 ? {} : exit),
    );
    const first = await results(door.device, scans);
    expect(new Set(outcomes(first))).toEqual(new Set(['ADMITTED', 'EXITED']));
    const ticket = await door.find();
    const again = await results(door.device, scans);
    expect(again).toEqual(first.map((told) => ({ ...told, repeated: true })));
    expect(await door.find()).toEqual(ticket);
    expect(ticket).toMatchObject({ admissions: 6, inside: false });
    expect(await clashes(door)).toEqual([]);
  });

  it('knows an online scan that its ticket has forgotten', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const made: string[] = [];
    for (let time = 0; time < 8; time += 1) {
      const direction = time % 2 === 0 ? 'entry' : 'exit';
      await door.scan({ scanId: `made-${time}`, direction });
      made.push(direction);
      world.clock.nowMs += MINUTE;
    }
    await following.catchUp();
    const again = made.map((direction, time) =>
      aScan(door, 8 - time, { scanId: `made-${time}`, direction }),
    );
    const answers = await results(door.device, again);
    expect(answers.every(({ repeated }: { repeated: boolean }) => repeated)).toBe(true);
    expect(await door.find()).toMatchObject({ admissions: 4, inside: false });
  });

  it('answers a clash of an unknown barcode the same after the barcode was imported', async () => {
    const door = await openDoor(world);
    const scan = aScan(door, 30, { barcode: 'imported later' });
    const [told] = await results(door.device, [scan]);
    expect(told).toMatchObject({ outcome: 'ADMITTED_OFFLINE_CLASH', reason: 'UNKNOWN' });
    await door.newTicket({ barcode: 'imported later' });
    expect(await results(door.device, [scan])).toEqual([{ ...told, repeated: true }]);
    expect(await door.find('imported later')).toMatchObject({ admissions: 0 });
    expect(await clashes(door)).toHaveLength(1);
  });
});

describe('an annul', () => {
  it('leaves the admission before it to be told, and to be clashed with', async () => {
    const door = await openDoor(world, { reentry: 'always' });
    await door.scan({ scanId: 'one' });
    const firstAt = new Date(world.clock.nowMs).toISOString();
    world.clock.nowMs += 10 * MINUTE;
    await door.scan({ scanId: 'two' });
    await door.annul('two');
    expect(await door.find()).toMatchObject({
      admissions: 1,
      inside: true,
      lastAdmission: { deviceId: door.device.deviceId, gateId: 'main' },
    });
    // Somebody left before that: who came since is still inside.
    await sync(door.device, [aScan(door, 20, exit)]);
    expect(await door.find()).toMatchObject({ inside: true, checkedIn: true });
    await world.put({ ...(await door.find()), standing: 'BLOCKED' });
    const previous = { at: firstAt, deviceId: door.device.deviceId, gateId: 'main' };
    expect((await door.scan()).body).toMatchObject({ reason: 'BLOCKED', previous });
  });

  it('of an offline scan withdraws its clash', async () => {
    const door = await openDoor(world);
    const second = await door.newDevice();
    await sync(door.device, [aScan(door, 5)]);
    const scan = aScan(door, 1);
    await sync(second, [scan]);
    expect(await clashes(door)).toHaveLength(1);
    expect((await door.annul(scan.scanId, {}, second.key)).status).toBe(200);
    await following.catchUp();
    expect(await clashes(door)).toEqual([]);
    expect(await withdrawn(door)).toHaveLength(1);
    expect(await results(second, [scan])).toMatchObject([
      { outcome: 'REFUSED', reason: 'ANNULLED', repeated: true },
    ]);
    expect(await door.find()).toMatchObject({
      admissions: 1,
      lastAdmission: { deviceId: door.device.deviceId },
    });
  });
});

describe.each(['never', 'afterExit', 'always'] as const)('with re-entry %s', (reentry) => {
  it('names the same clashes in whatever order scanners sync, however often', async () => {
    const random = createRandom(reentry.length);
    const pick = (below: number): number => Math.floor(random() * below);
    const door = await openDoor(world, { reentry });
    const devices = [door.device, await door.newDevice(), await door.newDevice()];
    for (let round = 0; round < runs(3, 200); round += 1) {
      const { barcode, eventTicketId } = await door.newTicket();
      world.clock.nowMs += MINUTE;
      const passes = Array.from({ length: 3 + pick(9) }, (_, index): Passed => {
        const isEntry = random() < 0.6;
        const scan = aScan(door, 100 - index, { barcode, ...(isEntry ? {} : exit) });
        return { device: devices[pick(3)] as Device, scan, isEntry };
      });
      const order = passes.toSorted(() => random() - 0.5);
      const told = new Map<Passed, unknown>();
      for (const pass of order) {
        const [answer] = await results(pass.device, [pass.scan]);
        told.set(pass, answer);
        const again = order[pick(order.indexOf(pass) + 1)] as Passed;
        const [repeat] = await results(again.device, [again.scan]);
        expect(repeat).toEqual({ ...(told.get(again) as object), repeated: true });
      }
      const open = (await clashes(door)).filter(
        (clash: { eventTicketId: number }) => clash.eventTicketId === eventTicketId,
      );
      expect(open).toHaveLength(countExtra(passes, reentry));
      const entries = passes.filter(({ isEntry }) => isEntry).length;
      expect(await door.find(barcode)).toMatchObject({
        admissions: entries,
        inside: passes.at(-1)?.isEntry,
      });
    }
  });
});
