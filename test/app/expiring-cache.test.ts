import { describe, expect, it } from 'vitest';
import { createExpiringCache } from '../../lib/app/expiring-cache.ts';

const newCache = (entriesMax = 2) => {
  let loads = 0;
  const cache = createExpiringCache<number>({ entriesMax, milliseconds: 100 });
  return (key: string, nowMs: number) => cache.get(key, nowMs, async () => (loads += 1));
};

describe('an entry', () => {
  it('ends after its time, counted from when its load was asked for', async () => {
    const get = newCache();
    expect(await get('a', 1_000)).toBe(1);
    expect(await get('a', 1_099)).toBe(1);
    expect(await get('a', 1_100)).toBe(2);
  });

  it('ends when the clock was set back, so that it never outlives its time', async () => {
    const get = newCache();
    await get('a', 1_000_000);
    expect(await get('a', 1_000)).toBe(2);
    expect(await get('a', 1_050)).toBe(2);
  });

  it('is loaded once for callers of the same moment', async () => {
    const get = newCache();
    expect(await Promise.all([get('a', 1), get('a', 1), get('a', 2)])).toEqual([1, 1, 1]);
  });

  it('goes when newer ones take its place', async () => {
    const get = newCache(2);
    for (const key of ['a', 'b', 'c']) await get(key, 1);
    expect(await get('c', 1)).toBe(3);
    expect(await get('a', 1)).toBe(4);
  });
});

it('does not keep a failed load', async () => {
  const cache = createExpiringCache<number>({ entriesMax: 1, milliseconds: 100 });
  const fail = async (): Promise<number> => {
    throw new Error('no table');
  };
  await expect(cache.get('a', 1, fail)).rejects.toThrow('no table');
  expect(await cache.get('a', 1, async () => 7)).toBe(7);
});
