import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPayToken, parsePayToken, toPayToken } from '../../lib/domain/pay-token.ts';

const IDS = { organizationId: 'org_01', orderId: 7_000_000_000_001 };
const SECRET = 'secret';

describe('the token of a payment page', () => {
  it('names its order and is ours, for any order and secret', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.string(), (orderId, secret) => {
        const ids = { organizationId: 'org_01', orderId };
        const token = toPayToken(ids, secret);
        expect(token).toMatch(/^[\w.-]+$/);
        expect(parsePayToken(token)).toEqual(ids);
        expect(isPayToken(token, ids, secret)).toBe(true);
      }),
    ));

  it("isn't ours for another order, organization or secret, or when it was changed", () => {
    const token = toPayToken(IDS, SECRET);
    expect(isPayToken(token, { ...IDS, orderId: 1 }, SECRET)).toBe(false);
    expect(isPayToken(token, { ...IDS, organizationId: 'org_02' }, SECRET)).toBe(false);
    expect(isPayToken(token, IDS, 'other')).toBe(false);
    const changed = token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    expect(isPayToken(changed, IDS, SECRET)).toBe(false);
    expect(isPayToken('org_01.7000000000001.', IDS, SECRET)).toBe(false);
  });

  it.each(['', 'x', 'org_01.0.', 'org_01.1', 'org_01.99999999999999999.abc', 'a.b.c.d'])(
    'is not %j',
    (token) => expect(parsePayToken(token)).toBeUndefined(),
  );
});
