// A token bucket for each key, in this process: exact on one machine, and on Lambda a bound for each environment
// beside API Gateway's throttle. A shared count would cost a write on every scan.
import { ok, refuse } from '../domain/result.ts';
import type { RateLimiter } from './ports.ts';

const REQUESTS_PER_SECOND = 200;
/** @internal Exported for tests. */
export const REQUESTS_BURST = 500;
/** Buckets kept; the least recently used goes first. */
const BUCKETS_MAX = 10_000;

export function createRateLimiter(): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (keyId, nowMs) => {
    const bucket = buckets.get(keyId) ?? { tokens: REQUESTS_BURST, atMs: nowMs };
    buckets.delete(keyId);
    buckets.set(keyId, bucket);
    if (buckets.size > BUCKETS_MAX) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    const refill = (Math.max(0, nowMs - bucket.atMs) * REQUESTS_PER_SECOND) / 1000;
    bucket.tokens = Math.min(REQUESTS_BURST, bucket.tokens + refill);
    // Also when the clock was set back: waiting for it to catch up would refuse everything until then.
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return refuse('rate_limited', { retryAfterSeconds: 1 });
    bucket.tokens -= 1;
    return ok(undefined);
  };
}
