import { describe, expect, it } from 'vitest';
import { runs } from '../../support/campaign.ts';
import { createRace, runRace, scanRace } from '../../support/hold-race.ts';
import { expectHeldOnce, expectSoldOnce, expectTrueAnswers } from '../../support/hold-race-laws.ts';

/** What the table was made to answer, after all tries; the last is DynamoDB Local's own, when it waits too long for a lock. */
const INJECTED = new Set([
  'ThrottlingException',
  'TimeoutError',
  'TransactionConflictException',
  'InternalServerError',
]);

describe('buyers of twelve marketplaces who fight for the same tickets', () => {
  it('hold and buy each once, hear nothing that is taken back, and leave the rest free', async () => {
    const race = await createRace(20_261_124);
    const { world, event } = race;
    for (let rounds = 0; rounds < runs(1, 100); rounds += 1) {
      await runRace(race, runs(200, 1_000));
      const scan = await scanRace(race);
      expectSoldOnce(scan);
      expectHeldOnce(scan);
      expectTrueAnswers(race, scan);
    }
    expect([...race.failures].filter((name) => !INJECTED.has(name))).toEqual([]);
    world.clock.nowMs += 60_000;
    await world.calls.expire();
    const { holds, tickets } = await scanRace(race);
    expect(holds.filter(({ status }) => status === 'HELD')).toEqual([]);
    const sold = holds.filter(({ status }) => status === 'INVOICED');
    expect(sold.length).toBeGreaterThan(0);
    const soldTickets = sold.reduce((sum, { quantity }) => sum + quantity, 0);
    const asked = await Promise.all(
      race.listings.map(({ listingId }) => world.calls.ask(listingId)),
    );
    const free = asked.reduce((sum, each) => sum + (each.ok ? each.value.availableQuantity : 0), 0);
    expect(free).toBe(tickets.length - soldTickets);
    const { body } = await world.organizers(`GET /v1/events/${event.eventId}`, { key: world.key });
    expect(body.held).toBe(0);
    // The race has seen what it is about; a short one needn't reach every kind of end.
    const ends = new Set(holds.map(({ status }) => status));
    expect(ends.size).toBeGreaterThanOrEqual(runs(2, 3));
  }, 3_600_000);
});
