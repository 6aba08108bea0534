// What a function's answer to a batch means: nothing failed, some records failed, or all of them.

/** Ids of the failed items; `all` where the answer can't be understood, as Lambda does it. */
export function readFailures(answer: unknown, ids: readonly string[]): ReadonlySet<string> | 'all' {
  const failures = (answer as { batchItemFailures?: unknown } | null | undefined)
    ?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const failed = failures.map((one: { itemIdentifier?: unknown } | null) => one?.itemIdentifier);
  const known = new Set(ids);
  return failed.every((id) => typeof id === 'string' && known.has(id))
    ? new Set(failed as string[])
    : 'all';
}
