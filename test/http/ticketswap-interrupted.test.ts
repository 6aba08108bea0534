// A swap, and another change of the same ticket that happens whole between two of its calls to the table; and the other
// way round. A campaign does it between any two calls of the swap, too.
import { describe, expect, it } from 'vitest';
import type { Reply } from '../support/api.ts';
import { toDeaths } from '../support/campaign.ts';
import { createInterruptedClient } from '../support/interrupted-client.ts';
import {
  countAdmissions,
  createSwapRace,
  expectOneWinner,
  expectWhole,
  hasHappened,
  type RivalName,
  RIVALS,
  sell,
  swapAs,
  toRivals,
} from '../support/swap-race.ts';

const race = await createSwapRace();
const { world } = race;
const undisturbed = toRivals(race, world.over(world.bare));

type Order = 'swap' | 'rival';

/** Answers how many calls the interrupted one made. */
async function interrupt(name: RivalName, interrupted: Order, at: number): Promise<number> {
  const [sold] = await sell(race, 1);
  if (sold === undefined) throw new Error('one was sold');
  world.clock.nowMs += 1;
  const meanwhile = interrupted === 'swap' ? undisturbed[name] : swapAs.bind(undefined, race);
  const made: Reply[] = [];
  const { client, countCalls } = createInterruptedClient(at, async () => {
    made.push(await meanwhile(sold));
  });
  const over = world.over(client);
  const own =
    interrupted === 'swap'
      ? await swapAs(race, sold, { api: over.ticketswap })
      : await toRivals(race, over)[name](sold);
  const second = made[0] ?? (await meanwhile(sold));
  const [swap, other] = interrupted === 'swap' ? [own, second] : [second, own];
  for (const { status } of [swap, other]) expect([200, 201, 400, 409]).toContain(status);
  const chain = await expectWhole(race, sold, [swap]);
  expectOneWinner(race, name, { sold, chain, other, isDecided: true });
  const scanned = name === 'scan' ? other.body : undefined;
  expect(await countAdmissions(race, { sold, chain, scanned })).toBeLessThanOrEqual(1);
  return countCalls();
}

describe.each(RIVALS)('a %s', (name) => {
  it.each<Order>(['swap', 'rival'])(
    'whole between two calls of the other (the %s stands still): one wins',
    async (interrupted) => {
      const calls = await interrupt(name, interrupted, Infinity);
      expect(calls).toBeGreaterThan(1);
      // Where the rival stands still there are few, and one of them once let a resold ticket be reissued.
      const few = interrupted === 'rival' ? calls : 3;
      for (const at of toDeaths(calls, few)) await interrupt(name, interrupted, at);
    },
  );
});

it.each(['reissue', 'exchange', 'refund', 'cancel'] as const)(
  'a lock whole between two calls of a %s bars it, or comes after it',
  async (name) => {
    const run = async (at: number): Promise<number> => {
      const [sold] = await sell(race, 1);
      if (sold === undefined) throw new Error('one was sold');
      let isBarred = false;
      const { client, countCalls } = createInterruptedClient(at, async () => {
        const wasBefore = await hasHappened(race, name, sold);
        isBarred = (await undisturbed.lock(sold)).status === 201 && !wasBefore;
      });
      const { status } = await toRivals(race, world.over(client))[name](sold);
      expect([200, 409]).toContain(status);
      expect(status === 200).toBe(!isBarred);
      expect(await hasHappened(race, name, sold)).toBe(!isBarred);
      return countCalls();
    };
    const calls = await run(Infinity);
    for (const at of toDeaths(calls, 4)) await run(at);
  },
);
