import { describe, expect, it } from 'vitest';
import { runs } from '../../support/campaign.ts';
import { createChaos } from '../../support/chaos/chaos.ts';
import { expectModel } from '../../support/chaos/laws.ts';
import { playRound } from '../../support/chaos/round.ts';

const MESSAGES = runs(30, 100_000);

describe('sales at all marketplaces at once', () => {
  it(
    'end as a model says, each told once in effect, and no ticket is sold twice',
    async () => {
      const chaos = await createChaos(20_261_124);
      const { counts, standIns, queues } = chaos;
      let rounds = 0;
      while (counts.messages < MESSAGES) {
        const offers = await playRound(chaos);
        await expectModel(chaos, offers);
        rounds += 1;
        if (rounds % 4 === 0) console.info(JSON.stringify({ rounds, ...counts }));
      }
      console.info(
        JSON.stringify({ rounds, ...counts, told: standIns.counts, queues: queues.counts }),
      );
      // One call in ten failed, and repeats came.
      const { calls, failed, lost } = standIns.counts;
      expect(failed + lost).toBeGreaterThan(runs(0, calls / 20));
      expect(queues.counts.twice).toBeGreaterThan(0);
    },
    runs(300_000, 24 * 3_600_000),
  );
});
