// Waiting between tries of a contested write: full jitter, so that writers who met once don't meet again.

/** Longest wait between two tries: short against a person's patience, long against a transaction (25 ms). */
const WAIT_MS_MAX = 400;
/** Contention is decided within this time or the request fails as unavailable; API Gateway allows 30 s. */
const BUDGET_MS = 8_000;

/** Yields a `wait` for every try; `wait` sleeps and answers false once the budget is used up. */
export function* backoff(budgetMs = BUDGET_MS, firstMs = 10): Generator<() => Promise<boolean>> {
  let waited = 0;
  for (let ceiling = firstMs; ; ceiling = Math.min(ceiling * 2, WAIT_MS_MAX)) {
    yield async () => {
      if (waited >= budgetMs) return false;
      const pause = Math.random() * ceiling;
      waited += Math.max(pause, 1);
      await new Promise((resolve) => setTimeout(resolve, pause));
      return true;
    };
  }
}
