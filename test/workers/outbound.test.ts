// What marketplaces are told of a listing: everybody but who caused it, in order, the newest quantity, again until it is
// taken, and in the end an operator.
import { afterAll, describe, expect, it } from 'vitest';
import { toRetryWait } from '../../lib/domain/marketplaces/retry-plan.ts';
import { toDeaths } from '../support/campaign.ts';
import { createFailingClient } from '../support/failing-client.ts';
import { createOutboundWorld } from '../support/outbound-world.ts';
import type { Told } from '../support/receiver.ts';

const world = await createOutboundWorld();
const { receiver, clock, lanes, work, drain, queued, givenUp } = world;
afterAll(async () => receiver.close());

const quantities = (told: readonly Told[]): number[] => told.map(({ data }) => data.quantity);
const sequences = (told: readonly Told[]): number[] => told.map(({ data }) => data.sequence);
const MINUTE_MS = 60_000;

describe('a listing that changed', () => {
  it('is told, signed, to each channel that lists it, but not to the one that caused it', async () => {
    const listing = await world.newListing(['tickpick', 'gametime', 'axs'], 3);
    await listing.tell('gametime');
    for (const marketplace of ['tickpick', 'axs'] as const) {
      expect(listing.toldAt(marketplace)).toEqual([
        {
          path: expect.any(String),
          id: `msg_${marketplace}_${listing.listingId}_1`,
          isSigned: true,
          type: 'listing.updated',
          data: { listingId: listing.listingId, quantity: 3, sequence: 1 },
        },
      ]);
    }
    expect(listing.toldAt('gametime')).toEqual([]);
  });

  it('is told to no channel that is off, has no address or never had the listing', async () => {
    const listing = await world.newListing(['tickpick', 'gametime', 'axs', 'stubhub']);
    await listing.setChannel('tickpick', { enabled: false });
    await listing.setChannel('gametime', { isTold: false });
    listing.set({ channels: ['tickpick', 'gametime', 'stubhub'] });
    await listing.tell();
    const all = (['tickpick', 'gametime', 'axs', 'stubhub'] as const).map(
      (marketplace) => listing.toldAt(marketplace).length,
    );
    expect(all).toEqual([0, 0, 0, 1]);
  });

  it('is told as nothing left where it is listed no longer, or is no more', async () => {
    const listing = await world.newListing(['tickpick', 'axs']);
    await listing.tell();
    listing.set({ channels: ['axs'] });
    await listing.tell();
    listing.set(undefined);
    await listing.tell();
    expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 0, 0]);
    expect(quantities(listing.toldAt('axs'))).toEqual([4, 4, 0]);
  });

  it('is told as it is when it is told, once for all that came before', async () => {
    const listing = await world.newListing(['tickpick']);
    const changes: object[] = [];
    for (const quantity of [3, 2, 1]) {
      listing.set({ quantity });
      changes.push(listing.change());
    }
    await work(changes);
    await drain();
    expect(quantities(listing.toldAt('tickpick'))).toEqual([1]);
    expect(await lanes.load(listing.laneOf('tickpick'))).toMatchObject({ asked: 3, done: 3 });
  });
});

describe('the order', () => {
  it('of two at once is one after the other, and the second tells what is new', async () => {
    const listing = await world.newListing(['tickpick']);
    await work([listing.change()]);
    const [delivery] = queued.splice(0);
    receiver.whileNext(async () => {
      // While the first message is on its way, tickets are sold, and another worker comes.
      listing.set({ quantity: 1 });
      await work([listing.change()]);
      await work([...queued.splice(0), delivery as object]);
      expect(listing.toldAt('tickpick')).toHaveLength(1);
    });
    await work([delivery as object]);
    expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 1]);
    expect(sequences(listing.toldAt('tickpick'))).toEqual([1, 2]);
  });

  it('holds for many workers and many changes: numbers grow, and the last word is the newest', async () => {
    const listing = await world.newListing(['tickpick', 'axs'], 40);
    await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        listing.set({ quantity: 39 - at });
        await work([listing.change()]);
        await Promise.all([drain(), drain()]);
      }),
    );
    await sweep(listing);
    for (const marketplace of ['tickpick', 'axs'] as const) {
      const told = listing.toldAt(marketplace);
      expect(sequences(told)).toEqual(told.map((_, at) => at + 1));
      expect(quantities(told)).toEqual(quantities(told).toSorted((a, b) => b - a));
      expect(quantities(told).at(-1)).toBe(20);
      expect(await lanes.load(listing.laneOf(marketplace))).toMatchObject({ asked: 20, done: 20 });
    }
  });

  /** What the minute's schedule does. */
  async function sweep({ organizationId }: { readonly organizationId: string }): Promise<void> {
    clock.nowMs += MINUTE_MS;
    const due = (await lanes.listDue(clock.nowMs, 100)).filter(
      (ids) => ids.organizationId === organizationId,
    );
    await work(due.map((ids) => ({ type: 'outbound.deliver', ...ids, isScheduled: true })));
  }
});

describe('a message that is not taken', () => {
  const retry = (listing: { readonly laneOf: (of: 'tickpick') => object }): object => ({
    type: 'outbound.deliver',
    isScheduled: true,
    ...listing.laneOf('tickpick'),
  });

  it('stands due, and is sent again as the same message, because it may have arrived', async () => {
    const listing = await world.newListing(['tickpick']);
    receiver.answerNext('hang up', 500);
    await listing.tell();
    expect(await isDue(listing, 4_999)).toBe(false);
    expect(await isDue(listing, 5_000)).toBe(true);
    await work([retry(listing)]);
    await work([retry(listing)]);
    const told = listing.toldAt('tickpick');
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(told).toHaveLength(3);
    expect(await isDue(listing, 7 * 86_400_000)).toBe(false);
    // Nothing is left to tell: neither a repeat nor a late schedule sends it again.
    await work([retry(listing)]);
    expect(listing.toldAt('tickpick')).toHaveLength(3);
  });

  it('is sent as another one when the quantity has changed since', async () => {
    const listing = await world.newListing(['tickpick']);
    receiver.answerNext('hang up');
    await listing.tell();
    listing.set({ quantity: 2 });
    await work([retry(listing)]);
    expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 2]);
    expect(sequences(listing.toldAt('tickpick'))).toEqual([1, 2]);
  });

  it('is tried at once when something is new, without using up an attempt of the plan', async () => {
    const listing = await world.newListing(['tickpick']);
    receiver.answerNext(500, 500, 500);
    await listing.tell();
    listing.set({ quantity: 3 });
    await listing.tell();
    await listing.tell();
    expect(await lanes.load(listing.laneOf('tickpick'))).toMatchObject({ failures: 1 });
    await listing.tell();
    expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 3, 3, 3]);
    expect(await lanes.load(listing.laneOf('tickpick'))).toMatchObject({ failures: 0, done: 4 });
  });

  it('holds up no other channel', async () => {
    const listing = await world.newListing(['axs', 'tickpick', 'stubhub']);
    receiver.answerNext(500);
    await listing.tell();
    const told = [...listing.toldAt('tickpick'), ...listing.toldAt('stubhub')];
    expect(told).toHaveLength(2);
  });

  it('is given up after ten attempts, told to an operator, and sent again by a redrive', async () => {
    const listing = await world.newListing(['tickpick']);
    givenUp.length = 0;
    receiver.answerNext(...Array.from({ length: 10 }, () => 503));
    await listing.tell();
    for (let failures = 1; failures < 10; failures += 1) {
      expect(await lanes.load(listing.laneOf('tickpick'))).toMatchObject({ failures });
      clock.nowMs += toRetryWait(failures) ?? 0;
      await work([retry(listing)]);
    }
    expect(listing.toldAt('tickpick')).toHaveLength(10);
    expect(givenUp).toEqual([{ type: 'outbound.deliver', ...listing.laneOf('tickpick') }]);
    expect(await isDue(listing, 7 * 86_400_000)).toBe(false);
    listing.set({ quantity: 1 });
    await work(givenUp.splice(0));
    expect(quantities(listing.toldAt('tickpick')).at(-1)).toBe(1);
    expect(await lanes.load(listing.laneOf('tickpick'))).toMatchObject({ asked: 1, done: 1 });
  });

  it('that was given up is tried anew when something changes', async () => {
    const listing = await world.newListing(['tickpick']);
    receiver.answerNext(...Array.from({ length: 10 }, () => 503));
    await listing.tell();
    for (let failures = 1; failures < 10; failures += 1) await work([retry(listing)]);
    await listing.tell();
    expect(listing.toldAt('tickpick')).toHaveLength(11);
  });

  async function isDue(
    { organizationId }: { readonly organizationId: string },
    laterMs: number,
  ): Promise<boolean> {
    const due = await lanes.listDue(clock.nowMs + laterMs, 100);
    return due.some((ids) => ids.organizationId === organizationId);
  }
});

describe('whatever comes twice or dies', () => {
  it('an event that comes again tells the same once more at most', async () => {
    const listing = await world.newListing(['tickpick']);
    await work([listing.change(), listing.change()]);
    await drain();
    await listing.tell();
    expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 4]);
    expect(sequences(listing.toldAt('tickpick'))).toEqual([1, 2]);
  });

  it('what is no message of the queue comes back, and the others are done', async () => {
    const listing = await world.newListing(['tickpick']);
    expect(await work([{ type: 'mail.order' }, listing.change(), { nothing: 1 }])).toBe(2);
  });

  it.each(['notSent', 'answerLost'] as const)(
    'a worker killed at a call to the table (%s) leaves nothing untold',
    async (mode) => {
      let calls = Infinity;
      const killed = async (at: number): Promise<void> => {
        const listing = await world.newListing(['tickpick']);
        const dying = createFailingClient(at, mode);
        const changeFailed = await work([listing.change()], dying.client);
        const deliveries = queued.splice(0);
        const deliveryFailed = await work(deliveries, dying.client);
        await dying.settle();
        dying.client.destroy();
        calls = dying.countCalls();
        // SQS brings again what its worker said to have failed; the schedule comes in any case.
        clock.nowMs += 3 * MINUTE_MS;
        if (changeFailed > 0) await work([listing.change()]);
        if (deliveryFailed > 0) await work(deliveries);
        await drain();
        const due = await lanes.listDue(clock.nowMs, 1_000);
        await work(
          due
            .filter(({ organizationId }) => organizationId === listing.organizationId)
            .map((ids) => ({ type: 'outbound.deliver', ...ids, isScheduled: true })),
        );
        expect(quantities(listing.toldAt('tickpick')).at(-1)).toBe(4);
        const lane = await lanes.load(listing.laneOf('tickpick'));
        expect(lane?.done).toBe(lane?.asked);
        const told = listing.toldAt('tickpick');
        expect(sequences(told)).toEqual(sequences(told).toSorted((a, b) => a - b));
      };
      await killed(0);
      expect(calls).toBeGreaterThan(5);
      for (const at of toDeaths(calls, 4)) await killed(at);
    },
  );
});
