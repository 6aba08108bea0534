// What a ticket itself knows no more of its scans: after a reissue, a sale, or four others.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { toHistoryItem } from '../../../lib/table/history-item.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { follow } from '../../support/following.ts';
import { goOffline } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const { aScan, sync, results, clashes } = goOffline(world);
const MINUTE = 60_000;
const exit = { direction: 'exit' };

async function reissue(door: Door): Promise<string> {
  const { eventTicketId } = door.ticket;
  const path = `/v1/tickets/${eventTicketId}/reissue` as const;
  const { status, body } = await world.organizers(`POST ${path}`, { key: door.organizer });
  expect(status).toBe(200);
  return body.barcode;
}

it('an exit explains a clash that was told under the barcode before', async () => {
  const door = await openDoor(world, { reentry: 'afterExit' });
  const second = await door.newDevice();
  await sync(door.device, [aScan(door, 60)]);
  await sync(second, [aScan(door, 40)]);
  expect(await clashes(door)).toHaveLength(1);
  const barcode = await reissue(door);
  world.clock.nowMs += MINUTE;
  for (const direction of ['exit', 'entry']) {
    expect((await door.scan({ barcode, direction })).body.outcome).not.toBe('REFUSED');
    world.clock.nowMs += MINUTE;
  }
  await following.catchUp();
  expect(await results(second, [aScan(door, 53, { ...exit, barcode })])).toMatchObject([
    { outcome: 'EXITED' },
  ]);
  expect(await clashes(door)).toEqual([]);
});

it('a grant counts on a ticket that a marketplace had sold', async () => {
  const door = await openDoor(world, { reentry: 'afterExit' }, { isSold: true });
  await door.scan();
  world.clock.nowMs += 10 * MINUTE;
  await world.put({ ...(await door.find()), checkedIn: false, reentryGranted: true });
  const { organizationId, eventTicketId } = door.ticket;
  const entry = { action: 'EXCHANGED', by: 'key_1', details: { reentryGranted: true } } as const;
  const Item = toHistoryItem(organizationId, eventTicketId, entry, world.clock.nowMs);
  await world.client.send(new PutCommand({ TableName: world.tableName, Item }));
  world.clock.nowMs += 10 * MINUTE;
  for (const direction of ['exit', 'entry']) await door.scan({ direction });
  await following.catchUp();
  // Between the exchange and the exit.
  world.clock.nowMs += MINUTE;
  expect(await results(door.device, [aScan(door, 6)])).toMatchObject([{ outcome: 'ADMITTED' }]);
});

it('an online scan is known again when only scans of the other direction came since', async () => {
  const door = await openDoor(world);
  await door.scan({ scanId: 'lost' });
  world.clock.nowMs += 10 * MINUTE;
  await sync(door.device, [aScan(door, 30, exit), aScan(door, 20, exit), aScan(door, 15, exit)]);
  await door.scan({ direction: 'exit' });
  await following.catchUp();
  expect(await results(door.device, [aScan(door, 10, { scanId: 'lost' })])).toMatchObject([
    { outcome: 'ADMITTED', repeated: true },
  ]);
  expect(await door.find()).toMatchObject({ admissions: 1, inside: false });
});
