import { describe, expect, it, vi } from 'vitest';
import { assertJava, parseJavaVersion } from '../../lib/local/engines/java.ts';
import { createLifetime } from '../../lib/local/lifetime.ts';

describe('the end of everything', () => {
  it('comes once, in the reverse order of the start, and then the process exits', async () => {
    const calls: string[] = [];
    const lifetime = createLifetime((code) => void calls.push(`exit ${code}`));
    lifetime.onEnd(() => void calls.push('first'));
    lifetime.onEnd(async () => void calls.push('second'));
    lifetime.onExit(() => void calls.push('kill'));
    await Promise.all([lifetime.end(0), lifetime.end(1)]);
    expect(calls).toEqual(['second', 'first', 'kill', 'exit 0']);
    expect(lifetime.signal.aborted).toBe(true);
  });

  it('is not kept up by one that hangs or fails', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const calls: string[] = [];
    const lifetime = createLifetime((code) => void calls.push(`exit ${code}`));
    lifetime.onEnd(() => void calls.push('last'));
    lifetime.onEnd(() => Promise.reject(new Error('no')));
    lifetime.onEnd(() => new Promise(() => undefined));
    const from = performance.now();
    await lifetime.end(1);
    expect(calls).toEqual(['last', 'exit 1']);
    expect(performance.now() - from).toBeLessThan(4500);
  });
});

describe('Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['command not found', undefined],
  ])('tells its version: %s', (output, version) => {
    expect(parseJavaVersion(output)).toBe(version);
  });

  it('that is missing is named with the package to install', async () => {
    await expect(assertJava('no-such-java')).rejects.toThrow(/openjdk-17-jre-headless/);
  });
});
