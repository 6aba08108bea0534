// What the door did online in the last seconds: the stream hasn't told yet what its ticket has forgotten meanwhile.
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/campaign.ts';
import { openDoor } from '../../support/door.ts';
import { createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { countExtra, goOffline, type Passed } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const { aScan, sync, results, clashes } = goOffline(world);
const MINUTE = 60_000;

describe('before the stream told of what the door did online', () => {
  it('a scan is a clash although the ticket has forgotten who came in next', async () => {
    const door = await openDoor(world, { reentry: 'afterExit' });
    await door.scan();
    await door.scan({ direction: 'exit' });
    await following.catchUp();
    world.clock.nowMs += 10 * MINUTE;
    const offline = aScan(door, 5);
    for (const direction of ['entry', 'exit', 'entry', 'exit', 'entry']) {
      await door.scan({ direction });
      world.clock.nowMs += 1_000;
    }
    expect(await results(await door.newDevice(), [offline])).toMatchObject([
      { outcome: 'ADMITTED_OFFLINE_CLASH', reason: 'ALREADY_USED', clash: { gateId: 'main' } },
    ]);
  });

  it.each(['never', 'afterExit'] as const)(
    'entries made offline are the clashes that they are afterwards, with re-entry %s',
    async (reentry) => {
      const random = createRandom(reentry.length + 1);
      const door = await openDoor(world, { reentry });
      const other = await door.newDevice();
      for (let round = 0; round < runs(12, 400); round += 1) {
        const { barcode, eventTicketId } = await door.newTicket();
        const passes: Passed[] = [];
        for (let visit = 0; visit < 9; visit += 1) {
          world.clock.nowMs += 1_000;
          const isOffline = random() < 0.3;
          const isEntry = isOffline || random() < 0.5;
          const scan = aScan(door, 0, { barcode, ...(isEntry ? {} : { direction: 'exit' }) });
          const { body } = isOffline
            ? { body: { outcome: 'OFFLINE' } }
            : await door.scan({ ...scan, scannedAt: undefined, offlineOutcome: undefined });
          if (body.outcome === 'REFUSED') continue;
          passes.push({ device: isOffline ? other : door.device, scan, isEntry });
          if (random() < 0.1) await following.catchUp();
        }
        world.clock.nowMs += 1_000;
        await sync(
          other,
          passes.filter(({ device }) => device === other).map(({ scan }) => scan),
        );
        const open = (await clashes(door)).filter(
          (clash: { eventTicketId: number }) => clash.eventTicketId === eventTicketId,
        );
        expect(open).toHaveLength(countExtra(passes, reentry));
      }
    },
  );
});
