import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import { openDoor } from '../support/door.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const MINUTE = 60_000;

describe('200 annul', () => {
  it('makes the admission undone: the ticket is as before, and admitted anew by the next scan', async () => {
    const { scan, annul, ticket, find } = await openDoor(world);
    const admitted = await scan({ scanId: 'one' });
    const reply = await annul('one');
    expect(reply).toMatchObject({ status: 200 });
    expect(reply.body).toEqual({ outcome: 'ANNULLED', ticket: admitted.body.ticket });
    expect(await find()).toMatchObject({ admissions: 0, inside: false, checkedIn: false });
    expect(await find()).not.toHaveProperty('lastAdmission');
    expect((await scan({ scanId: 'two' })).body).toMatchObject({
      outcome: 'ADMITTED',
      repeated: false,
      ticket: { eventTicketId: ticket.eventTicketId },
    });
  });

  it('answers the same when it is sent again, also after the 15 minutes', async () => {
    const { scan, annul } = await openDoor(world);
    await scan({ scanId: 'one' });
    const first = await annul('one');
    world.clock.nowMs += 20 * MINUTE;
    expect((await annul('one')).body).toEqual(first.body);
  });

  it('answers a late repeat of the annulled scan with ANNULLED and lets nobody in', async () => {
    const { scan, annul, find } = await openDoor(world);
    await scan({ scanId: 'one' });
    await annul('one');
    expect((await scan({ scanId: 'one' })).body).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ANNULLED',
      repeated: true,
    });
    expect(await find()).toMatchObject({ admissions: 0 });
  });

  it('gives back the person inside whom a re-entry had met there', async () => {
    const { scan, annul, find } = await openDoor(world, { reentry: 'always' });
    await scan({ scanId: 'one' });
    await scan({ scanId: 'two' });
    await annul('two');
    expect(await find()).toMatchObject({ admissions: 1, inside: true, checkedIn: true });
  });

  it('is one DynamoDB call', async () => {
    const { scan, annul } = await openDoor(world);
    await scan({ scanId: 'one' });
    const calls: string[] = [];
    world.bare.middlewareStack.add(
      (next, context) => async (args) => {
        calls.push(String(context.commandName));
        return next(args);
      },
      { step: 'initialize', name: 'count' },
    );
    await annul('one');
    world.bare.middlewareStack.remove('count');
    expect(calls).toEqual([UpdateItemCommand.name]);
  });
});

describe('a granted re-entry', () => {
  /** What an exchange does to an admitted ticket. */
  const grant = async (door: Awaited<ReturnType<typeof openDoor>>): Promise<void> => {
    const Item = toTicketItem({ ...(await door.find()), checkedIn: false, reentryGranted: true });
    await world.client.send(new PutCommand({ TableName: world.tableName, Item }));
  };

  it.each(['never', 'afterExit'])('admits once more with re-entry %s', async (reentry) => {
    const door = await openDoor(world, { reentry });
    await door.scan();
    await grant(door);
    expect((await door.scan()).body).toMatchObject({ outcome: 'ADMITTED', repeated: false });
    expect(await door.find()).toMatchObject({ admissions: 2, inside: true, checkedIn: true });
    expect((await door.scan()).body).toMatchObject({ outcome: 'REFUSED', reason: 'ALREADY_USED' });
  });

  it('is given back by the annul of the entry that used it', async () => {
    const door = await openDoor(world);
    await door.scan();
    await grant(door);
    await door.scan({ scanId: 'granted' });
    await door.annul('granted');
    expect(await door.find()).toMatchObject({
      admissions: 1,
      inside: true,
      checkedIn: false,
      reentryGranted: true,
    });
    expect((await door.scan()).body.outcome).toBe('ADMITTED');
    expect((await door.scan()).body.reason).toBe('ALREADY_USED');
  });
});

describe('409 not_last_admission', () => {
  it('for a scan that is not the newest one, was refused, was an exit or never was', async () => {
    const { scan, annul } = await openDoor(world, { reentry: 'always' });
    await scan({ scanId: 'one' });
    await scan({ scanId: 'two' });
    expect((await annul('one')).body.code).toBe('not_last_admission');
    await scan({ scanId: 'out', direction: 'exit' });
    for (const scanId of ['one', 'two', 'out', 'never']) {
      expect((await annul(scanId)).body.code).toBe('not_last_admission');
    }
  });

  it('for a barcode that does not exist and one of another event, which it does not tell apart', async () => {
    const { annul } = await openDoor(world);
    const other = await openDoor(world);
    await other.scan({ scanId: 'one' });
    const unknown = await annul('one', { barcode: 'nobody knows' });
    const foreign = await annul('one', { barcode: other.ticket.barcode });
    const malformed = await annul('one', { barcode: '\r\n' });
    expect([unknown.status, foreign.status, malformed.status]).toEqual([409, 409, 409]);
    expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
  });

  it('for another device and after 15 minutes', async () => {
    const door = await openDoor(world);
    await door.scan({ scanId: 'one' });
    const other = await door.newDevice();
    expect((await door.annul('one', {}, other.key)).body.code).toBe('not_last_admission');
    world.clock.nowMs += 15 * MINUTE + 1;
    expect((await door.annul('one')).body.code).toBe('not_last_admission');
  });
});

describe('404', () => {
  it('for an event that the device may not scan', async () => {
    const { annul } = await openDoor(world);
    const other = await openDoor(world);
    expect((await annul('one', { eventId: other.eventId })).status).toBe(404);
    expect((await annul('one', { eventId: 'nowhere' })).status).toBe(404);
  });
});
