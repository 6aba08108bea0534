import { describe, expect, it } from 'vitest';
import { follow } from '../../support/following.ts';
import { runs } from '../../support/campaign.ts';
import { createHoldModel } from '../../support/hold-model.ts';
import { createRace, type Race, runRace, scanRace } from '../../support/hold-race.ts';
import { expectHeldOnce, expectSoldOnce, expectTrueAnswers } from '../../support/hold-race-laws.ts';

/** What the table was made to answer, after all tries; the last is DynamoDB Local's own, when it waits too long for a lock. */
const INJECTED = new Set([
  'ThrottlingException',
  'TimeoutError',
  'TransactionConflictException',
  'InternalServerError',
]);

/** Each race has a table of its own: one that holds all of it is read too slowly. */
const RACES = runs(1, 25);
const ROUNDS = runs(1, 4);
const OPERATIONS = runs(300, 1_000);

describe('buyers of twelve marketplaces who fight for the same tickets', () => {
  it('hold and buy each once, hear nothing that is taken back, and leave the rest free', async () => {
    const seen = new Map<string, number>();
    for (let number = 0; number < RACES; number += 1) {
      const race = await createRace(20_261_124 + number * 100);
      const [{ read }, model] = [await follow(race.world), createHoldModel()];
      for (let rounds = 0; rounds < ROUNDS; rounds += 1) {
        await runRace(race, OPERATIONS);
        model.replay(await read());
        const scan = await scanRace(race);
        expectSoldOnce(scan);
        expectHeldOnce(scan);
        expectTrueAnswers(race, scan);
      }
      expect(race.failures.filter((name) => !INJECTED.has(name))).toEqual([]);
      await expectRestFree(race);
      model.replay(await read());
      for (const { what, answer } of race.told) {
        const code = answer === undefined ? 'lost' : answer.ok ? 'ok' : answer.refusal.code;
        seen.set(`${what} ${code}`, (seen.get(`${what} ${code}`) ?? 0) + 1);
      }
      if (RACES > 1) console.log(`race ${number + 1} of ${RACES}:`, Object.fromEntries(seen));
    }
    // The race has seen what it is about; a short one needn't meet everything.
    const ends = ['place ok', 'invoice ok', 'release ok', 'invoice hold_expired', 'place lost'];
    for (const what of ends.slice(0, runs(2, ends.length)))
      expect([...seen.keys()]).toContain(what);
  }, 14_400_000);
});

/** When the last hold is over. */
async function expectRestFree(race: Race): Promise<void> {
  const { world, event, listings } = race;
  world.clock.nowMs += 60_000;
  const asked = await Promise.all(listings.map(({ listingId }) => world.calls.ask(listingId)));
  const free = asked.reduce((sum, each) => sum + (each.ok ? each.value.availableQuantity : 0), 0);
  const { holds, tickets } = await scanRace(race);
  const sold = holds.filter(({ status }) => status === 'INVOICED');
  expect(sold.length).toBeGreaterThan(0);
  expect(free).toBe(tickets.length - sold.reduce((sum, { quantity }) => sum + quantity, 0));
  await world.calls.expire();
  const swept = await scanRace(race);
  expect(swept.holds.filter(({ status }) => status === 'HELD')).toEqual([]);
  expect(swept.counted).toEqual([]);
  const { body } = await world.organizers(`GET /v1/events/${event.eventId}`, { key: world.key });
  expect(body.held).toBe(0);
}
