// At a door so busy that what changed in the last seconds takes more than a page to read.
import { expect, it } from 'vitest';
import { createPackFeed } from '../../../lib/table/pack-feed.ts';
import { aTicket } from '../../support/builders.ts';
import { openDoor } from '../../support/door.ts';
import { createScanner } from '../../support/scanner.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const feed = createPackFeed(world);

it('a change is told that was still on its way when a page of later ones was read', async () => {
  const door = await openDoor(world);
  const { organizationId, eventId } = door;
  const tickets = Array.from({ length: 600 }, () =>
    aTicket({ organizationId, eventId, origin: 'SOLD' }),
  );
  await world.putAll(tickets);
  const scanner = createScanner(world, door);
  await scanner.sync();
  const tell = async (barcodes: readonly string[], atMs: number) =>
    feed.append('lane', [{ ids: door, barcodes }], atMs);
  // Its writer has begun, and is slow.
  const begunMs = world.clock.nowMs;
  await world.put({ ...door.ticket, standing: 'SWAPPED' });
  for (let start = 0; start < tickets.length; start += 100) {
    world.clock.nowMs += 1_000;
    const busy = tickets.slice(start, start + 100).map(({ barcode }) => barcode);
    await tell(busy, world.clock.nowMs);
  }
  expect((await scanner.page()).complete).toBe(false);
  await tell([door.ticket.barcode], begunMs);
  await scanner.sync();
  await scanner.sync();
  expect(scanner.find(door.ticket.barcode)).toEqual({ tombstone: 'SWAPPED' });
});
