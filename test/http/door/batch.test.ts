import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../../lib/domain/ticket.ts';
import { openDoor } from '../../support/door.ts';
import { goOffline, iso } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const { aScan, sync, results, clashes } = goOffline(world);
const MINUTE = 60_000;

describe('200 validate/batch', () => {
  it('records admissions, and refuses the next scan with the offline one', async () => {
    const door = await openDoor(world);
    const scan = aScan(door, 30);
    expect(await results(door.device, [scan])).toEqual([
      {
        scanId: scan.scanId,
        outcome: 'ADMITTED',
        at: scan.scannedAt,
        repeated: false,
        ticket: expect.objectContaining({ eventTicketId: door.ticket.eventTicketId }),
      },
    ]);
    expect((await door.scan()).body).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      previous: { at: scan.scannedAt, deviceId: door.device.deviceId, gateId: 'main' },
    });
    expect(await clashes(door)).toEqual([]);
  });

  it('answers in the order of the request, whatever the order in time', async () => {
    const door = await openDoor(world);
    const tickets = await Promise.all(Array.from({ length: 40 }, () => door.newTicket()));
    const scans = tickets.map(({ barcode }, index) => aScan(door, (index * 7) % 40, { barcode }));
    const answered = await results(door.device, scans);
    expect(answered.map(({ scanId }) => scanId)).toEqual(scans.map(({ scanId }) => scanId));
  });

  it('corrects the clock of the scanner, and lets nothing happen later than now', async () => {
    const door = await openDoor(world);
    const fast = aScan(door, 30 - 120);
    const [answer] = await results(door.device, [fast], 120 * MINUTE);
    expect(answer.at).toBe(iso(world.clock.nowMs - 30 * MINUTE));
    const other = await door.newTicket();
    const ahead = aScan(door, -5, { barcode: other.barcode });
    expect((await results(door.device, [ahead]))[0].at).toBe(iso(world.clock.nowMs));
  });

  it('names the clash of two scanners, and each once however often they sync', async () => {
    const door = await openDoor(world);
    const second = await door.newDevice({ gateId: 'side' });
    const [early, late] = [aScan(door, 30), aScan(door, 20)];
    await sync(door.device, [early]);
    const [told] = await results(second, [late]);
    expect(told).toMatchObject({
      outcome: 'ADMITTED_OFFLINE_CLASH',
      reason: 'ALREADY_USED',
      repeated: false,
      at: late.scannedAt,
      clash: { at: early.scannedAt, deviceId: door.device.deviceId, gateId: 'main' },
    });
    for (let again = 0; again < 3; again += 1) {
      await sync(door.device, [early]);
      const [repeated] = await results(second, [late]);
      expect(repeated).toEqual({ ...told, repeated: true });
    }
    expect(await clashes(door)).toEqual([
      {
        clashId: expect.any(String),
        reason: 'ALREADY_USED',
        at: late.scannedAt,
        deviceId: second.deviceId,
        gateId: 'side',
        scanId: late.scanId,
        eventTicketId: door.ticket.eventTicketId,
        ticketTypeId: door.ticketTypeId,
        clash: { at: early.scannedAt, deviceId: door.device.deviceId, gateId: 'main' },
        reportedAt: iso(world.clock.nowMs),
      },
    ]);
    expect(await door.find()).toMatchObject({ admissions: 2, inside: true });
  });

  it('tells a scanner that syncs later that it was the first', async () => {
    const door = await openDoor(world);
    const second = await door.newDevice();
    await sync(door.device, [aScan(door, 20)]);
    const [told] = await results(second, [aScan(door, 30)]);
    expect(told.outcome).toBe('ADMITTED_OFFLINE_CLASH');
    expect(Date.parse(told.at)).toBeLessThan(Date.parse(told.clash.at));
    expect(await clashes(door)).toHaveLength(1);
  });

  it('names two admissions by one scanner, in one batch and of the same moment', async () => {
    const door = await openDoor(world);
    const scans = [aScan(door, 30), aScan(door, 30), aScan(door, 30)];
    const answered = await results(door.device, scans);
    const outcomes = answered.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes.toSorted()).toEqual([
      'ADMITTED',
      'ADMITTED_OFFLINE_CLASH',
      'ADMITTED_OFFLINE_CLASH',
    ]);
    expect(await clashes(door)).toHaveLength(2);
    await sync(door.device, scans);
    expect(await clashes(door)).toHaveLength(2);
  });

  it('knows the scan that was admitted online and whose answer was lost', async () => {
    const door = await openDoor(world);
    await door.scan({ scanId: 'lost' });
    const scan = aScan(door, 0, { scanId: 'lost' });
    expect(await results(door.device, [scan])).toMatchObject([
      { outcome: 'ADMITTED', repeated: true },
    ]);
    expect(await clashes(door)).toEqual([]);
  });

  const wrong: [string, Partial<Ticket>, Record<string, unknown>, Record<string, unknown>][] = [
    ['SWAPPED', { standing: 'SWAPPED' }, {}, {}],
    ['REPLACED', { standing: 'REPLACED' }, {}, {}],
    ['BLOCKED', { standing: 'BLOCKED' }, {}, {}],
    ['CANCELED', { standing: 'CANCELED' }, {}, {}],
    ['UNPAID', { payment: 'NOTHING' }, {}, {}],
    ['HELD', { heldUntilMs: world.clock.nowMs + MINUTE }, {}, {}],
    ['WRONG_GATE', {}, { gates: [{ gateId: 'main', name: 'Main', ticketTypeIds: [1] }] }, {}],
    [
      'TOO_EARLY',
      {},
      { gates: [{ gateId: 'main', name: 'Main', from: '2026-06-01T19:40:00Z' }] },
      {},
    ],
    ['TOO_LATE', {}, { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-06-01T19:20:00Z' }, {}],
    ['WRONG_EVENT', { eventId: 'another' }, {}, {}],
    ['UNKNOWN', {}, {}, { barcode: 'nobody knows' }],
    ['MALFORMED', {}, {}, { barcode: 'a\u0000b' }],
  ];
  it.each(wrong)('names who was let in with %s, once', async (reason, ticket, event, scan) => {
    const door = await openDoor(world, event, ticket);
    const asked = aScan(door, 30, scan);
    const first = await results(door.device, [asked]);
    expect(first).toMatchObject([{ outcome: 'ADMITTED_OFFLINE_CLASH', reason }]);
    expect(await results(door.device, [asked])).toMatchObject([
      { outcome: 'ADMITTED_OFFLINE_CLASH', reason },
    ]);
    expect(await clashes(door)).toMatchObject([{ reason, scanId: asked.scanId }]);
    // Whatever the rules say, the person is inside.
    if (ticket.eventId === undefined && scan['barcode'] === undefined) {
      expect(await door.find()).toMatchObject({ admissions: 1, inside: true });
    }
  });

  it('judges gate and time as of the scan and not of the sync', async () => {
    const gates = [{ gateId: 'main', name: 'Main', until: '2026-06-01T19:40:00Z' }];
    const door = await openDoor(world, { gates });
    expect(await results(door.device, [aScan(door, 30)])).toMatchObject([{ outcome: 'ADMITTED' }]);
  });

  it('only logs what was refused offline', async () => {
    const door = await openDoor(world);
    world.refusals.length = 0;
    const scan = aScan(door, 30, { offlineOutcome: 'REFUSED' });
    expect(await results(door.device, [scan])).toEqual([
      { scanId: scan.scanId, outcome: 'REFUSED', at: scan.scannedAt, repeated: false },
    ]);
    expect(await door.find()).toEqual(door.ticket);
    expect(world.refusals).toMatchObject([{ outcome: 'REFUSED', isOffline: true }]);
  });

  it('says ANNULLED of a scan that was annulled before it synced', async () => {
    const door = await openDoor(world);
    await door.scan({ scanId: 'one' });
    await door.annul('one');
    expect(await results(door.device, [aScan(door, 0, { scanId: 'one' })])).toMatchObject([
      { outcome: 'REFUSED', reason: 'ANNULLED', repeated: true },
    ]);
  });

  it('uses a granted re-entry up', async () => {
    const door = await openDoor(world, {}, { admissions: 1, inside: true, reentryGranted: true });
    expect(await results(door.device, [aScan(door, 30)])).toMatchObject([{ outcome: 'ADMITTED' }]);
    expect(await results(door.device, [aScan(door, 20)])).toMatchObject([
      { outcome: 'ADMITTED_OFFLINE_CLASH', reason: 'ALREADY_USED' },
    ]);
  });

  it('with re-entry after an exit: an exit in between makes it right', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const exit = { direction: 'exit' };
    const answered = await results(door.device, [
      aScan(door, 40),
      aScan(door, 30, exit),
      aScan(door, 20),
      aScan(door, 10),
    ]);
    expect(answered.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'ADMITTED',
      'EXITED',
      'ADMITTED',
      'ADMITTED_OFFLINE_CLASH',
    ]);
  });

  it.each([['first'], ['last']])(
    'says by time who is inside, when an exit syncs %s',
    async (order) => {
      const door = await openDoor(world);
      const [entry, exit] = [aScan(door, 30), aScan(door, 10, { direction: 'exit' })];
      const second = await door.newDevice();
      const syncs = [() => sync(door.device, [entry]), () => sync(second, [exit])];
      for (const run of order === 'first' ? syncs.toReversed() : syncs) await run();
      expect(await door.find()).toMatchObject({ admissions: 1, inside: false, checkedIn: false });
      await sync(door.device, [aScan(door, 5)]);
      expect(await door.find()).toMatchObject({ admissions: 2, inside: true });
    },
  );
});
