import { expect, it } from 'vitest';
import { createRateLimiter, REQUESTS_BURST } from '../../lib/app/rate-limiter.ts';

it('refills also after the clock was set back', () => {
  const limiter = createRateLimiter();
  const hourMs = 3_600_000;
  const spend = (count: number, nowMs: number): number =>
    Array.from({ length: count }, () => limiter('key', nowMs)).filter((one) => one.ok).length;
  expect(spend(REQUESTS_BURST + 1, 2 * hourMs)).toBe(REQUESTS_BURST);
  expect(spend(1, hourMs)).toBe(0);
  expect(spend(200, hourMs + 1_000)).toBe(200);
});
