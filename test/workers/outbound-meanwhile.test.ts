// What is to be told of a listing while it is being told: it goes out at once, however the attempt ends.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, it } from 'vitest';
import { createFailingClient } from '../support/failing-client.ts';
import { createOutboundWorld } from '../support/outbound-world.ts';
import type { Told } from '../support/receiver.ts';

const world = await createOutboundWorld();
const { receiver, clock, lanes, work, drain, theirs, givenUp } = world;
afterAll(async () => receiver.close());

type Listing = Awaited<ReturnType<typeof world.newListing>>;

const quantities = (told: readonly Told[]): number[] => told.map(({ data }) => data.quantity);
const laneOf = (listing: Listing) => lanes.load(listing.laneOf('tickpick'));
const retry = (listing: Listing): object => ({
  type: 'outbound.deliver',
  isScheduled: true,
  ...listing.laneOf('tickpick'),
});

/** While the next message is on its way, tickets are sold, and the message of that finds the lane taken. */
const sellMeanwhile = (listing: Listing, quantity: number): void =>
  receiver.whileNext(async () => {
    listing.set({ quantity });
    await listing.tell();
  });

async function isDue({ organizationId }: Listing, laterMs: number): Promise<boolean> {
  const due = await lanes.listDue(clock.nowMs + laterMs, 1_000);
  return due.some((ids) => ids.organizationId === organizationId);
}

it('an attempt that fails is followed by what is new, and one attempt of the plan is used up', async () => {
  const listing = await world.newListing(['tickpick']);
  receiver.answerNext(500, 500);
  sellMeanwhile(listing, 1);
  await listing.tell();
  expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 1]);
  expect(await laneOf(listing)).toMatchObject({ asked: 2, done: 0, failures: 1 });
  receiver.answerNext(500, 500);
  sellMeanwhile(listing, 0);
  await work([retry(listing)]);
  expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 1, 1, 0]);
  expect(await laneOf(listing)).toMatchObject({ asked: 3, done: 0, failures: 2 });
});

it('an attempt before its time is followed by what is new', async () => {
  const listing = await world.newListing(['tickpick']);
  receiver.answerNext(500, 500);
  await listing.tell();
  sellMeanwhile(listing, 1);
  await listing.tell();
  expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 4, 1]);
  expect(await laneOf(listing)).toMatchObject({ asked: 3, done: 3 });
});

it('the last attempt is followed by what is new, with a plan of its own', async () => {
  const listing = await world.newListing(['tickpick']);
  receiver.answerNext(...Array.from({ length: 11 }, () => 503));
  await listing.tell();
  for (let failures = 1; failures < 9; failures += 1) await work([retry(listing)]);
  givenUp.length = 0;
  sellMeanwhile(listing, 1);
  await work([retry(listing)]);
  expect(givenUp).toHaveLength(1);
  expect(quantities(listing.toldAt('tickpick')).slice(-2)).toEqual([4, 1]);
  expect(await laneOf(listing)).toMatchObject({ failures: 1 });
  expect(await isDue(listing, 5_000)).toBe(true);
});

it('one that was refused for good is followed by what is new', async () => {
  const listing = await world.newListing(['tickpick']);
  const told: unknown[] = [];
  theirs.tell = async (_channel, news) => {
    told.push(news);
    if (told.length > 1) return { as: 'taken' };
    listing.set({ quantity: 1 });
    await listing.tell();
    return { as: 'refused' };
  };
  await listing.tell();
  theirs.tell = async () => undefined;
  expect(told).toMatchObject([{ quantity: 4 }, { quantity: 1 }]);
  expect(await laneOf(listing)).toMatchObject({ asked: 2, done: 2 });
  expect(await isDue(listing, 7 * 86_400_000)).toBe(false);
});

it('what is given up stays due when something was asked for, also if its worker dies there', async () => {
  const listing = await world.newListing(['tickpick']);
  const ids = listing.laneOf('tickpick');
  const ask = () => lanes.ask(ids, { onlyKnown: false, nowMs: clock.nowMs });
  await ask();
  const claim = { sequence: 1, digest: 'd', untilMs: clock.nowMs + 1 };
  const claimed = await lanes.claim(ids, { version: 0 } as never, claim);
  await ask();
  expect(await lanes.end(ids, claimed as never, { as: 'givenUp' })).toBe('more');
  expect(await isDue(listing, 60_000)).toBe(true);
});

it('what is sold between reading the listing and claiming its lane is told, too', async () => {
  const listing = await world.newListing(['tickpick']);
  await work([listing.change()]);
  const deliveries = world.queued.splice(0);
  const client = createBeforeClaim(async () => {
    listing.set({ quantity: 1 });
    await work([listing.change()]);
  });
  receiver.whileNext(drain);
  await work(deliveries, client);
  client.destroy();
  expect(quantities(listing.toldAt('tickpick'))).toEqual([4, 1]);
  expect(await laneOf(listing)).toMatchObject({ asked: 2, done: 2 });
});

/** A client before whose first claim of a lane something happens. */
function createBeforeClaim(run: () => Promise<void>): DynamoDBClient {
  const { client } = createFailingClient(Infinity, 'notSent');
  let runs = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const { UpdateExpression = '' } = args.input as { readonly UpdateExpression?: string };
      if (UpdateExpression.includes('digest') && (runs += 1) === 1) await run();
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
}
