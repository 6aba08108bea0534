// What happens to a listed ticket is told by the stream's follower, from real records.
import { describe, expect, it } from 'vitest';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { changesOffer } from '../../../lib/domain/marketplaces/listing.ts';
import { fromOutboxItem } from '../../../lib/table/outbox.ts';
import { aTicket } from '../../support/builders.ts';
import { follow } from '../../support/following.ts';
import { createMarketplaceCalls } from '../../support/hold-world.ts';
import type { EventToSell } from '../../support/order-world.ts';
import { createSwapWorld } from '../../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key, clock, organizationId } = world;
const calls = createMarketplaceCalls(world, world.bare, () => clock.nowMs);
const following = await follow(world);
const event = await world.newEvent({ secureSwap: true, endsAt: '2030-01-01T00:00:00Z' });
const dearerId = await world.newType(event.eventId, {
  price: { amountMinor: 5000, currency: 'EUR' },
});

interface Sold {
  readonly barcode: string;
  readonly eventTicketId: number;
  readonly orderId: number;
}
/** A ticket that the host keeps in an order of its own. */
const newTicket = async (from: EventToSell = event): Promise<Sold> =>
  world.sellOne(from, { buyer: undefined });

async function list(tickets: readonly Sold[]): Promise<string> {
  const made = await calls.list(tickets.map(({ eventTicketId }) => eventTicketId));
  if (!made.ok) throw new Error(JSON.stringify(made.refusal));
  return made.value.listing.listingId;
}
const change = async ({ eventTicketId }: Sold, action: string) =>
  organizers(`POST /v1/tickets/${eventTicketId}/${action}`, { key });

/** The listing's messages in the outbox: nothing takes them out here. */
async function told(listingId: string): Promise<number> {
  let count = 0;
  for await (const { Items = [] } of paginateScan(
    { client: world.client },
    { TableName: world.tableName, ConsistentRead: true },
  )) {
    const messages = Items.map((item) => fromOutboxItem(item)?.message);
    count += messages.filter(
      (message) => message?.type === 'listing.changed' && message.listingId === listingId,
    ).length;
  }
  return count;
}

/** How many messages the follower adds for what `act` does; each record comes twice. */
async function toldBy(listingId: string, act: () => Promise<unknown>): Promise<number> {
  await following.read();
  const before = await told(listingId);
  const answer = await act();
  const byAct = (await told(listingId)) - before;
  const records = await following.read();
  expect(records.length, JSON.stringify(answer)).toBeGreaterThan(0);
  await following.deliver(records);
  await following.deliver(records);
  return (await told(listingId)) - before - byAct;
}

const exchange = async ({ eventTicketId, orderId }: Sold) =>
  organizers(`PUT /rest/host/event/${event.eventUrl}/order/${orderId}/transfer-event-ticket`, {
    key,
    body: { eventTicketId, newTicketTypeId: dearerId, sentMailToAttendee: false, orderId },
  });

describe('what happens to a listed ticket', () => {
  it.each<[string, (ticket: Sold) => Promise<unknown>]>([
    ['scan', async ({ barcode }) => world.scan(event, barcode)],
    ['block', async (ticket) => change(ticket, 'block')],
    ['cancel', async (ticket) => change(ticket, 'cancel')],
    ['swap', async ({ barcode }) => world.swap(barcode)],
    ['lock', async ({ eventTicketId }) => world.lock(eventTicketId)],
    ['exchange that has to be paid', exchange],
  ])('is told once however often the stream tells it: %s', async (_, act) => {
    const [ticket, other] = [await newTicket(), await newTicket()];
    const listingId = await list([ticket, other]);
    expect(await toldBy(listingId, async () => act(ticket))).toBe(1);
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 1 } });
  });

  it('is told when a ticket can be sold again, also under another barcode', async () => {
    const ticket = await newTicket();
    const listingId = await list([ticket]);
    await change(ticket, 'block');
    expect(await toldBy(listingId, async () => change(ticket, 'unblock'))).toBe(1);
    expect(await toldBy(listingId, async () => change(ticket, 'reissue'))).toBe(0);
    expect(await toldBy(listingId, async () => change(ticket, 'block'))).toBe(1);
  });

  it('is one message for tickets of one batch, and none for a hold, an invoice or a sold ticket', async () => {
    const tickets = [await newTicket(), await newTicket(), await newTicket()] as const;
    const listingId = await list(tickets);
    const [first, second, third] = tickets;
    const both = async () => [await change(first, 'block'), await change(second, 'block')];
    expect(await toldBy(listingId, both)).toBe(1);
    const hold = async () => calls.place({ holdRequestId: 'r-1', listingId });
    expect(await toldBy(listingId, hold)).toBe(0);
    expect(await toldBy(listingId, async () => calls.release('r-1'))).toBe(0);
    await calls.place({ holdRequestId: 'r-2', listingId });
    expect(await toldBy(listingId, async () => calls.invoice('r-2', 'o-1'))).toBe(0);
    expect(await toldBy(listingId, async () => world.scan(event, third.barcode))).toBe(0);
  });
});

describe('an event without listings', () => {
  let reads = 0;
  world.bare.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'BatchGetItemCommand') reads += 1;
        return next(args);
      },
    { step: 'initialize', name: 'countReads' },
  );

  it('costs one read for a batch of scans, and none for sales and exits', async () => {
    const own = await world.newEvent({ reentry: 'afterExit' });
    const tickets = Array.from({ length: 20 }, () =>
      aTicket({
        organizationId,
        eventId: own.eventId,
        ticketTypeId: own.typeId,
        orderId: 1,
      }),
    );
    await world.putAll(tickets);
    await following.read();
    for (const { barcode } of tickets) {
      expect(await world.scan(own, barcode)).toMatchObject({ outcome: 'ADMITTED' });
    }
    const scans = await following.read();
    expect(scans).toHaveLength(20);
    reads = 0;
    await following.deliver(scans);
    expect(reads).toBe(1);
    await newTicket(own);
    const [{ barcode } = { barcode: '' }] = tickets;
    const exit = { scanId: 'out', eventId: own.eventId, barcode, direction: 'exit' };
    const left = await world.scans('POST /v1/validate', { key: own.device, body: exit });
    expect(left.body).toMatchObject({ outcome: 'EXITED' });
    reads = 0;
    await following.deliver(await following.read());
    expect(reads).toBe(0);
  });

  it('is one with listings from its first one on', async () => {
    const own = await world.newEvent();
    const [ticket, other] = [await newTicket(own), await newTicket(own)];
    await change(other, 'block');
    await following.deliver(await following.read());
    const listingId = await list([ticket]);
    expect(await toldBy(listingId, async () => change(ticket, 'block'))).toBe(1);
  });
});

describe('a write', () => {
  it('changes no offer by the fields that no sale asks for', () => {
    const before = { ...aTicket({ organizationId, eventId: event.eventId }), orderId: 1 };
    for (const more of [{ heldUntilMs: 1e13 }, { holderName: 'Ada' }, { ticketTypeId: 9 }]) {
      expect(changesOffer({ before, after: { ...before, ...more } })).toBe(false);
    }
    expect(changesOffer({ before, after: { ...before, orderId: 2 } })).toBe(true);
    expect(changesOffer({ before })).toBe(true);
    expect(changesOffer({ after: before })).toBe(false);
  });
});
