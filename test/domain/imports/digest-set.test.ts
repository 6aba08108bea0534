import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDigestSet } from '../../../lib/domain/imports/digest-set.ts';

describe('a digest set', () => {
  it('answer like a set', () => {
    const aCode = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(aCode, { maxLength: 60 }), (codes) => {
        const seen = createDigestSet(0);
        const expected = new Set<string>();
        for (const code of codes) {
          expect(seen.has(code)).toBe(expected.has(code));
          expect(seen.add(code)).toBe(!expected.has(code));
          expected.add(code);
        }
      }),
    );
  });
  it('grow beyond the number they were made for and forget none', () => {
    const seen = createDigestSet(0);
    for (let code = 0; code < 5_000; code += 1) expect(seen.add(`code ${code}`)).toBe(true);
    for (let code = 0; code < 5_000; code += 1) expect(seen.add(`code ${code}`)).toBe(false);
    expect(seen.has('code 5000')).toBe(false);
  });
});
