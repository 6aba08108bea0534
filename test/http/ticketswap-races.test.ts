// A swap against everything else that may happen to the same ticket in the same moment, and against death.
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import type { Reply } from '../support/api.ts';
import { runs, toDeaths } from '../support/campaign.ts';
import { createLeanFaultyClient, createRandom } from '../support/faulty-client.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { createLeanClient } from '../support/lean-client.ts';
import { readOnce } from '../support/read-once.ts';
import {
  countAdmissions,
  createSwapRace,
  expectOneWinner,
  expectWhole,
  type RivalName,
  RIVALS,
  sell,
  type Sold,
  swapAs,
  toRivals,
} from '../support/swap-race.ts';

const race = await createSwapRace();
const { world, event } = race;

/** Rounds at once: of tickets of different orders, so that one round doesn't meet another one's change of its order. */
const AT_ONCE = 16;
const ORDER_TICKETS = 20;
/** Blocks of ids belong to moments: a round takes some, and who comes next must find others. */
const ROUND_MS = 100;

/** Groups of tickets of different orders; all of one sale are prepared at once. */
async function* sellGroups(count: number): AsyncGenerator<readonly Sold[]> {
  for (let left = count; left > 0; left -= AT_ONCE * ORDER_TICKETS) {
    const each = Math.min(ORDER_TICKETS, Math.ceil(left / AT_ONCE));
    const orders = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, left) }, async () => sell(race, each)),
    );
    for (let at = 0; at < each; at += 1) yield orders.flatMap((order) => order[at] ?? []);
  }
}

async function* sellMany(count: number): AsyncGenerator<Sold> {
  for (let left = count; left > 0; left -= ORDER_TICKETS) {
    yield* await sell(race, Math.min(left, ORDER_TICKETS));
  }
}

/** What races meets conflicts, throttling and lost replies; what looks at the outcome doesn't. */
const { client: faulty, counts: faults } = createLeanFaultyClient(
  { conflict: 0.01, throttle: 0.01, lostReply: 0.01 },
  20_261_124,
);
const racing = world.over(faulty);
const rivals = toRivals(race, racing);
// Keys, organization, event and types stay what they are from here on.
for (const client of [world.bare, faulty]) readOnce(client, /^(KEY|ORG|URL|EVT|TYP)#/);

/** A request whose reply was lost too often is answered 500 or 503: what it did is in the table or isn't. */
const DECIDED = [200, 201, 400, 409];
const UNDECIDED = [500, 503];

const random = createRandom(20_261_124);
/** A swap takes longer than what it meets, which therefore begins at any moment of what the last one took. */
let swapMs = 50;

type Tally = Record<ReturnType<typeof expectOneWinner> | 'undecided', number>;

async function run(sold: Sold, name: RivalName, tally: Tally): Promise<void> {
  const emails = ['ada@example.com', 'eve@example.com'];
  const startedAt = performance.now();
  const swapping = Promise.all(
    emails.map(async (email) => swapAs(race, sold, { email, api: racing.ticketswap })),
  );
  await setTimeout(random() * swapMs);
  const [other, swaps] = await Promise.all([rivals[name](sold), swapping]);
  swapMs = performance.now() - startedAt;
  const statuses = [...swaps, other].map(({ status }) => status);
  for (const status of statuses) expect([...DECIDED, ...UNDECIDED]).toContain(status);
  const isDecided = statuses.every((status) => DECIDED.includes(status));
  const chain = await expectWhole(race, sold, swaps);
  tally[expectOneWinner(race, name, { sold, chain, other, isDecided })] += 1;
  if (!isDecided) tally.undecided += 1;

  const won = swaps.filter(({ status }) => status === 201);
  expect(won.length).toBeLessThanOrEqual(1);
  // Every tenth time, because it costs as much as the race.
  if (won[0] !== undefined && (runs(0, 1) === 0 || sold.eventTicketId % 10 === 0)) {
    const repeats = await Promise.all(emails.map(async (email) => swapAs(race, sold, { email })));
    expect(repeats.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400]);
    expect(repeats.find(({ status }) => status === 201)?.body).toEqual(won[0].body);
  }
  const scanned = name === 'scan' ? other.body : undefined;
  expect(await countAdmissions(race, { sold, chain, scanned })).toBeLessThanOrEqual(1);
}

describe('a swap against others at the same moment, with faults', () => {
  it.each(RIVALS)('and a %s: one wins, nothing is half done', async (name) => {
    const startedAt = performance.now();
    const tally: Tally = { swap: 0, other: 0, both: 0, none: 0, undecided: 0 };
    const before = { ...faults };
    let rounds = 0;
    for await (const group of sellGroups(runs(4, 1_440))) {
      world.clock.nowMs += ROUND_MS;
      await Promise.all(group.map(async (sold) => run(sold, name, tally)));
      rounds += group.length;
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const met = {
      conflicts: faults.conflicts - before.conflicts,
      throttles: faults.throttles - before.throttles,
      lostReplies: faults.lostReplies - before.lostReplies,
    };
    if (rounds > 100) {
      console.log(JSON.stringify({ rival: name, rounds, seconds, ...tally, ...met }));
    }
    expect(Object.values(faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });
});

describe('a swap that dies', () => {
  it.each<DeathMode>(['notSent', 'answerLost'])(
    'at any call (%s) is done whole or not at all, and the repeat ends it',
    async (mode) => {
      const calls = await countCalls();
      expect(calls).toBeGreaterThan(3);
      const deaths = toDeaths(calls, 7);
      let round = 0;
      for await (const sold of sellMany(runs(deaths.length, 500))) {
        const at = present(deaths[round % deaths.length], 'there is a call to die at');
        round += 1;
        world.clock.nowMs += ROUND_MS;
        const died = createFailingClient(at, mode, createLeanClient());
        const api = world.ticketswapOver(died.client);
        const [first, scanned] = await Promise.all([
          swapAs(race, sold, { api }).catch((error: unknown) => error as Reply),
          round % 3 === 0 ? world.scan(event, sold.barcode) : undefined,
        ]);
        await expectWhole(race, sold, [first]);
        const again = await swapAs(race, sold);
        const chain = await expectWhole(race, sold, [again]);
        expect(again.status).toBe(scanned?.outcome === 'ADMITTED' ? 400 : 201);
        expect(await countAdmissions(race, { sold, chain, scanned })).toBe(1);
      }
    },
  );

  async function countCalls(): Promise<number> {
    const counting = createFailingClient(Infinity, 'notSent', createLeanClient());
    for await (const sold of sellMany(1)) {
      await swapAs(race, sold, { api: world.ticketswapOver(counting.client) });
    }
    return counting.countCalls();
  }
});
