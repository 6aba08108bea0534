// Ways to a linked ticket that are not the straight one: exports in another order than the swaps, barcodes imported by
// hand, an admission before the link, a death in the middle of a chain.
import { expect, it } from 'vitest';
import { createTicketLinker } from '../../../lib/table/link-store.ts';
import { toDeaths } from '../../support/campaign.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createLeanClient } from '../../support/lean-client.ts';
import { follow } from '../../support/following.ts';
import { createLinkWorld, type Hall, type SoldTicket } from '../../support/link-world.ts';

const world = await createLinkWorld();
const [seller, door] = [await world.newOwner(), await world.newOwner()];
const from = await world.newHall(seller);

const sell = async (hall: Hall = from): Promise<SoldTicket> =>
  (await world.sell(hall))[0] as SoldTicket;
const swapped = async (barcode: string, email = 'grace@example.com'): Promise<string> => {
  const reply = await world.swap(seller, barcode, { email });
  expect(reply.status).toBe(201);
  return reply.body.barcode;
};
async function reissued(hall: Hall, barcode: string): Promise<string> {
  const { key } = hall.owner;
  const { body } = await world.organizers(`GET /v1/events/${hall.eventId}/tickets`, { key });
  const ticket = body.items.find((one: SoldTicket) => one.barcode === barcode);
  const path = `/v1/tickets/${ticket.eventTicketId}/reissue` as const;
  return (await world.organizers(`POST ${path}`, { key, body: {} })).body.barcode;
}
/** Imports a file into an event of its own, and opens its door. */
async function imported(file: Buffer): Promise<Hall> {
  const { tickets } = await world.importedBy(door, file, ['Regular']);
  return world.openDoor(door, tickets[0].eventId);
}
const judge = async (at: Hall, barcode: string): Promise<string> => {
  const { outcome, reason } = await world.scan(at, barcode, { mode: 'check' });
  return reason ?? outcome;
};

it('an older export, imported after a newer one, leaves the newest barcode linked', async () => {
  const hall = await world.newHall(seller);
  const { barcode } = await sell(hall);
  const older = await world.exported(seller, hall.eventId);
  const second = await swapped(barcode);
  const at = await imported(await world.exported(seller, hall.eventId));
  const third = await reissued(hall, second);
  await world.settle();
  const late = await imported(older);
  await world.settle();
  expect(await judge(late, barcode)).toBe('SWAPPED');
  const newest = await swapped(third, 'joan@example.com');
  await world.settle();
  expect(await judge(at, third)).toBe('SWAPPED');
  expect(await judge(at, newest)).toBe('VALID');
});

it('an older export with the barcode before a reissue admits nobody a second time', async () => {
  const hall = await world.newHall(seller);
  const { barcode } = await sell(hall);
  const older = await world.exported(seller, hall.eventId);
  const second = await reissued(hall, barcode);
  const at = await imported(await world.exported(seller, hall.eventId));
  const late = await imported(older);
  await world.settle();
  expect(await judge(late, barcode)).toBe('SWAPPED');
  expect(await judge(at, second)).toBe('VALID');
});

it('a barcode that was imported by hand and admitted before the news of it is told as admitted', async () => {
  const following = await follow(world);
  const hall = await world.newHall(seller);
  const { barcode } = await sell(hall);
  await world.importInto(door, hall);
  const fresh = await swapped(barcode);
  const news = await world.takeMessages();
  const at = await imported(Buffer.from(`barcode,type\n${fresh},Regular\n`));
  expect(await world.scan(at, fresh)).toMatchObject({ outcome: 'ADMITTED' });
  await following.catchUp();
  await world.workLinks()(...news);
  await following.catchUp();
  await world.settle();
  expect((await world.validate(seller, fresh)).body.error).toBe('TICKET_ALREADY_SCANNED');
});

it('an admission before the link was written is told by the import', async () => {
  const hall = await world.newHall(seller);
  const { barcode, eventTicketId } = await sell(hall);
  const at = await world.importInto(door, hall);
  // Whatever was told of it found no link yet.
  await world.scan(at, barcode);
  await world.takeMessages();
  const { body } = await world.organizers(`GET /v1/events/${at.eventId}/tickets`, {
    key: door.key,
  });
  const link = createTicketLinker(world, () => `linked-${eventTicketId}`);
  const { organizationId } = door;
  const ticket = { organizationId, eventTicketId: body.items[0].eventTicketId, barcode };
  const origin = { organizationId: seller.organizationId, eventTicketId };
  await link(ticket, origin, world.clock.nowMs);
  await world.settle();
  expect((await world.validate(seller, barcode)).body.error).toBe('TICKET_ALREADY_SCANNED');
});

it('a death in the middle of a chain of which the later news came first', async () => {
  const hall = await world.newHall(seller);
  const stock = await world.sell(hall, 12);
  const at = await world.importInto(door, hall);
  async function run(death: number): Promise<number> {
    const first = String((stock as SoldTicket[]).pop()?.barcode);
    const newest = await swapped(await swapped(first), 'joan@example.com');
    const [early, late] = await world.takeMessages();
    if (early === undefined || late === undefined) throw new Error('each swap is told');
    await world.workLinks()(late);
    const { client, countCalls } = createFailingClient(death, 'answerLost', createLeanClient());
    const { error } = console;
    console.error = () => {};
    await world
      .workLinks(client)(early)
      .catch(() => 0);
    console.error = error;
    await world.workLinks()(early);
    await world.settle();
    expect(await judge(at, newest)).toBe('VALID');
    return countCalls();
  }
  for (const death of toDeaths(await run(Infinity), 8)) await run(death);
});
