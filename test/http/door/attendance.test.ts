import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { COUNTED_GATES_MAX, OTHER_GATES } from '../../../lib/table/gate-names.ts';
import { toTicketItem } from '../../../lib/table/ticket-item.ts';
import { aTicket } from '../../support/builders.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { follow } from '../../support/following.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const MINUTE = 60_000;
const iso = (atMs: number): string => new Date(atMs).toISOString();

const get = async (door: Door, what: string) =>
  (await world.door(`GET /v1/events/${door.eventId}/${what}`, { key: door.organizer })).body;
const attendance = async (door: Door) => get(door, 'attendance');
const log = async (door: Door) => (await get(door, 'scans')).items;
const totals = async (door: Door) => {
  const { inside, admitted, entries, exits } = await attendance(door);
  return { inside, admitted, entries, exits };
};

describe('200 attendance', () => {
  it('counts who is inside by type, gate and minute, and refusals by reason', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    const [other, third] = [await door.newTicket({ ticketTypeId: 99 }), await door.newTicket()];
    const start = iso(Math.floor(world.clock.nowMs / MINUTE) * MINUTE);
    await door.scan();
    await door.scan();
    const side = await door.newDevice({ gateId: undefined });
    await door.scan({ barcode: other.barcode, gateId: 'side' }, side.key);
    await door.scan({ barcode: third.barcode });
    world.clock.nowMs += MINUTE;
    const later = iso(Math.floor(world.clock.nowMs / MINUTE) * MINUTE);
    await door.scan({ direction: 'exit', gateId: 'side' }, side.key);
    await door.scan();
    await door.scan({ barcode: 'nobody knows' });
    await following.catchUp();
    expect(await attendance(door)).toEqual({
      inside: 3,
      admitted: 3,
      entries: 4,
      exits: 1,
      refused: 2,
      byType: [
        { ticketTypeId: 99, inside: 1, admitted: 1, entries: 1 },
        { ticketTypeId: door.ticketTypeId, inside: 2, admitted: 2, entries: 3 },
      ].toSorted((a, b) => a.ticketTypeId - b.ticketTypeId),
      byGate: [
        { gateId: 'main', admitted: 2, entries: 3, exits: 0 },
        { gateId: 'side', admitted: 1, entries: 1, exits: 1 },
      ],
      byMinute: [
        { at: start, admitted: 3, entries: 3, exits: 0 },
        { at: later, admitted: 0, entries: 1, exits: 1 },
      ],
      refusals: { ALREADY_USED: 1, UNKNOWN: 1 },
    });
  });

  it('counts the first gates by name and all others together', async () => {
    const door = await openDoor(world);
    const { key } = await door.newDevice({ gateId: undefined });
    const made = COUNTED_GATES_MAX + 3;
    const tickets = Array.from({ length: made }, () =>
      aTicket({ organizationId: door.organizationId, eventId: door.eventId }),
    );
    await world.putAll(tickets);
    for (const [index, { barcode }] of tickets.entries()) {
      await door.scan({ barcode, gateId: `gate-${index}` }, key);
    }
    await following.catchUp();
    const { byGate } = await attendance(door);
    expect(byGate).toHaveLength(COUNTED_GATES_MAX + 1);
    expect(byGate[0]).toEqual({ gateId: OTHER_GATES, admitted: 3, entries: 3, exits: 0 });
    expect(byGate).toContainEqual({ gateId: 'gate-0', admitted: 1, entries: 1, exits: 0 });
  });

  it('takes an annulled admission off again, where it was counted', async () => {
    const door = await openDoor(world);
    await door.scan({ scanId: 'one' });
    world.clock.nowMs += 2 * MINUTE;
    await door.annul('one');
    await following.catchUp();
    expect(await attendance(door)).toMatchObject({
      inside: 0,
      admitted: 0,
      entries: 0,
      byType: [],
      byGate: [],
      byMinute: [],
    });
  });

  it('does not count a person twice who enters by a grant', async () => {
    const door = await openDoor(world);
    await door.scan();
    const Item = toTicketItem({ ...(await door.find()), checkedIn: false, reentryGranted: true });
    await world.client.send(new PutCommand({ TableName: world.tableName, Item }));
    await door.scan();
    await following.catchUp();
    expect(await totals(door)).toEqual({ inside: 1, admitted: 1, entries: 2, exits: 0 });
  });

  it('counts a reissued ticket once, and moves an exchanged one to its new type', async () => {
    const door = await openDoor(world);
    await door.scan();
    const before = await door.find();
    const put = async (ticket: Parameters<typeof toTicketItem>[0]) =>
      world.client.send(new PutCommand({ TableName: world.tableName, Item: toTicketItem(ticket) }));
    await put({ ...before, standing: 'REPLACED', admissions: 0, inside: false, checkedIn: false });
    await put({ ...before, barcode: `${before.barcode}-new`, scanMarks: [] });
    await put({ ...before, barcode: `${before.barcode}-new`, scanMarks: [], ticketTypeId: 98 });
    await following.catchUp();
    expect(await attendance(door)).toMatchObject({
      inside: 1,
      admitted: 1,
      entries: 1,
      byType: expect.arrayContaining([{ ticketTypeId: 98, inside: 1, admitted: 1, entries: 1 }]),
      byGate: [{ gateId: 'main', admitted: 1, entries: 1, exits: 0 }],
    });
  });

  it('is exact when records come again, in other batches, late or from two shards', async () => {
    const door = await openDoor(world, { reentry: 'always' });
    const tickets = await Promise.all(Array.from({ length: 12 }, () => door.newTicket()));
    for (const { barcode } of tickets) await door.scan({ barcode });
    for (const { barcode } of tickets.slice(0, 5)) await door.scan({ barcode, direction: 'exit' });
    const records = await following.read();
    const part = (from: number, to: number) => following.deliver(records.slice(from, to), 'left');
    await part(0, 10);
    await part(0, 10);
    await part(3, 20);
    await Promise.all([part(10, 25), part(5, 22), part(0, 25)]);
    await part(0, records.length);
    await part(records.length - 1, records.length);
    const expected = { inside: 7, admitted: 12, entries: 12, exits: 5 };
    expect(await totals(door)).toEqual(expected);
    const scans = await log(door);
    expect(scans).toHaveLength(17);
    // Another shard has numbers of its own, and its records are others: a ticket is in one shard at a time.
    await door.scan({ barcode: tickets[0]?.barcode });
    await following.deliver(await following.read(), 'right');
    expect(await totals(door)).toEqual({ ...expected, inside: 8, entries: 13 });
  });

  it('is exact when a batch dies in the middle and comes again', async () => {
    const door = await openDoor(world);
    const tickets = await Promise.all(Array.from({ length: 30 }, () => door.newTicket()));
    for (const [index, { barcode }] of tickets.entries()) {
      // In more than one item of ten minutes.
      if (index % 10 === 0) world.clock.nowMs += 10 * MINUTE;
      await door.scan({ barcode });
    }
    const records = await following.read();
    for (let at = 1; at <= 8; at += 1) {
      let calls = 0;
      world.bare.middlewareStack.add(
        (next) => async (args) => {
          calls += 1;
          const result = await next(args);
          if (calls === at) throw new Error('killed after the call');
          return result;
        },
        { step: 'initialize', name: 'die' },
      );
      await following.deliver(records).catch(() => undefined);
      world.bare.middlewareStack.remove('die');
    }
    await following.deliver(records);
    expect(await totals(door)).toEqual({ inside: 30, admitted: 30, entries: 30, exits: 0 });
    expect(await log(door)).toHaveLength(30);
  });

  it('counts each refusal once, however often its message comes', async () => {
    const door = await openDoor(world);
    for (let scan = 0; scan < 25; scan += 1) await door.scan({ barcode: 'nobody', mode: 'admit' });
    const messages = world.refusals.slice();
    await following.catchUp();
    world.refusals.push(...messages, ...messages.slice(3, 9));
    await following.catchUp();
    // After 20 of them the device was slowed, to one in two seconds.
    expect((await attendance(door)).refusals).toEqual({ UNKNOWN: 21 });
    expect(await log(door)).toHaveLength(21);
  });
});

describe('200 scans', () => {
  it('lists what happened, newest first, refusals and annuls included', async () => {
    const door = await openDoor(world);
    await door.scan({ scanId: 'one' });
    world.clock.nowMs += 1_000;
    await door.scan({ scanId: 'two' });
    world.clock.nowMs += 1_000;
    await door.annul('one');
    await following.catchUp();
    const [annulled, refused, admitted, ...others] = await log(door);
    expect(others).toEqual([]);
    const ticket = { eventTicketId: door.ticket.eventTicketId, ticketTypeId: door.ticketTypeId };
    const shared = { ...ticket, deviceId: door.device.deviceId, gateId: 'main', offline: false };
    expect(admitted).toEqual({
      ...shared,
      at: iso(world.clock.nowMs - 2_000),
      direction: 'entry',
      outcome: 'ADMITTED',
    });
    expect(refused).toEqual({
      ...shared,
      at: iso(world.clock.nowMs - 1_000),
      direction: 'entry',
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      scanId: 'two',
    });
    expect(annulled).toEqual({
      ...shared,
      at: iso(world.clock.nowMs),
      direction: 'entry',
      outcome: 'ANNULLED',
    });
  });

  it('pages through, each scan once', async () => {
    const door = await openDoor(world, { reentry: 'always' });
    for (let scan = 0; scan < 25; scan += 1) {
      world.clock.nowMs += 10;
      await door.scan();
    }
    await following.catchUp();
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const body = await get(door, `scans?limit=4${cursor}`);
      found.push(...body.items.map(({ at }: { at: string }) => at));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(found).toHaveLength(25);
    expect(found).toEqual([...new Set(found)].toSorted().toReversed());
  });

  it('has no check in it', async () => {
    const door = await openDoor(world, {}, { standing: 'BLOCKED' });
    await door.scan({ mode: 'check' });
    await door.scan({ mode: 'check', barcode: 'nobody' });
    await following.catchUp();
    expect(await log(door)).toEqual([]);
    expect((await attendance(door)).refusals).toEqual({});
  });
});

describe('404', () => {
  it.each(['attendance', 'scans'])('for %s of an event of another organization', async (what) => {
    const [door, other] = [await openDoor(world), await openDoor(world)];
    const path = `/v1/events/${other.eventId}/${what}` as const;
    expect((await world.door(`GET ${path}`, { key: door.organizer })).status).toBe(404);
  });
});
