// A scanner that follows an event has what one has that loads the pack anew, whatever happened to the tickets: all of it
// done by the routes that do it.
import { expect, it } from 'vitest';
import { runs } from '../../support/campaign.ts';
import { toExchangePath } from '../../support/exchange-world.ts';
import { createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { createScanner } from '../../support/scanner.ts';
import { createSwapWorld } from '../../support/swap-world.ts';

const world = await createSwapWorld();
const following = await follow(world);
const event = await world.newEvent({ reentry: 'afterExit' });
const { eventId } = event;
const otherTypeId = await world.newType(eventId, { name: 'Balcony' });

interface Sold {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}

const post = async ({ eventTicketId }: Sold, what: string) =>
  world.post(`/v1/tickets/${eventTicketId}/${what}`);
const ACTS: Readonly<Record<string, (sold: Sold) => Promise<unknown>>> = {
  block: async (sold) => post(sold, 'block'),
  unblock: async (sold) => post(sold, 'unblock'),
  reissue: async (sold) => post(sold, 'reissue'),
  cancel: async ({ orderId, eventTicketId }) =>
    world.post(`/v1/orders/${orderId}/refund`, {
      eventTicketIds: [eventTicketId],
      cancelTickets: true,
    }),
  swap: async ({ barcode }) => world.swap(barcode),
  exchange: async ({ orderId, eventTicketId }) =>
    world.organizers(`PUT ${toExchangePath(event, orderId)}`, {
      key: world.key,
      body: { eventTicketId, newTicketTypeId: otherTypeId },
    }),
  scan: async ({ barcode }) => world.scan(event, barcode),
};

it('deltas during swaps, blocks, cancels, reissues and exchanges give the pack of a fresh load', async () => {
  const random = createRandom(9);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const door = { eventId, device: { key: event.device } };
  const [early, late] = [createScanner(world, door), createScanner(world, door)];
  await early.sync();
  const tickets: Sold[] = [];
  const seen = new Set<string>();
  for (let round = 0; round < runs(40, 1_000); round += 1) {
    if (round % 3 === 0) tickets.push(await world.sellOne(event));
    const sold = pick(tickets);
    const { body } = await world.organizers(`GET /v1/tickets/${sold.eventTicketId}`, {
      key: world.key,
    });
    await ACTS[pick(Object.keys(ACTS))]?.({ ...sold, barcode: body.barcode });
    world.clock.nowMs += Math.floor(random() * 20_000);
    if (random() < 0.3) await early.page();
    // In the middle of its first load, too.
    if (random() < 0.2) await late.page();
    if (random() < 0.3) await following.catchUp();
  }
  await following.catchUp();
  await early.sync();
  await late.sync();
  const fresh = createScanner(world, door);
  await fresh.sync();
  for (const { tombstone = '' } of fresh.entries.values()) seen.add(tombstone);
  expect(early.entries).toEqual(fresh.entries);
  expect(late.entries).toEqual(fresh.entries);
  expect(seen).toEqual(new Set(['', 'SWAPPED', 'REPLACED', 'BLOCKED', 'CANCELED']));
});
