// How often a test repeats its guarantee: a few times in `npm test`, and often in `npm run test:campaign`.
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    isCampaign: boolean;
  }
}

/** Runs of a property. */
export const runs = (few: number, many: number): number => (inject('isCampaign') ? many : few);

/** Which of a run's calls (from 1) it is killed at: each in a campaign, else this many, the first and the last too. */
export function toDeaths(calls: number, few: number): readonly number[] {
  const count = inject('isCampaign') ? calls : Math.min(few, calls);
  return Array.from({ length: count }, (_, index) =>
    Math.round(1 + (index * (calls - 1)) / Math.max(1, count - 1)),
  );
}
