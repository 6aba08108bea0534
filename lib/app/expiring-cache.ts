// A bounded cache whose entries end after a fixed time; several callers of one missing entry share a single load.

export interface ExpiringCache<T> {
  /** The cached value, or what `load` answers. A failed load is not kept. */
  readonly get: (key: string, nowMs: number, load: () => Promise<T>) => T | Promise<T>;
}

export function createExpiringCache<T>(limits: {
  readonly entriesMax: number;
  readonly milliseconds: number;
  /** Values that are worth keeping; without it all are. */
  readonly isKept?: (value: T) => boolean;
}): ExpiringCache<T> {
  const entries = new Map<string, { value: T; readonly atMs: number }>();
  const loading = new Map<string, Promise<T>>();

  // A negative age means that the clock was set back: such an entry could outlive its time by far.
  const isFresh = (ageMs: number): boolean => ageMs >= 0 && ageMs < limits.milliseconds;
  const keep = (key: string, value: T, nowMs: number): void => {
    entries.delete(key);
    entries.set(key, { value, atMs: nowMs });
    // A Map lists its keys in the order they came: the first one is the oldest.
    for (const oldest of entries.keys()) {
      if (entries.size <= limits.entriesMax) break;
      entries.delete(oldest);
    }
  };

  return {
    get(key, nowMs, load) {
      const entry = entries.get(key);
      if (entry !== undefined && isFresh(nowMs - entry.atMs)) return entry.value;
      const running = loading.get(key);
      if (running !== undefined) return running;
      const started = load()
        .then((value) => {
          if (limits.isKept?.(value) ?? true) keep(key, value, nowMs);
          return value;
        })
        .finally(() => loading.delete(key));
      loading.set(key, started);
      return started;
    },
  };
}
