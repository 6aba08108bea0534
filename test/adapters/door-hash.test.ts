import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDoorHash } from '../../lib/adapters/door-hash.ts';

const aSource = fc.oneof(fc.string(), fc.uint8Array());

it("is SHA-256, with a secret HMAC, also when the secrets change more often than they're kept", async () => {
  const secrets = fc.array(fc.oneof(fc.constant(undefined), aSource), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(secrets, aSource, aSource, async (some, first, second) => {
      const DoorHash = createDoorHash();
      for (const secret of [...some, ...some]) {
        const hash = new DoorHash(secret);
        hash.update(first);
        hash.update(second);
        const known = secret ? createHmac('sha256', secret) : createHash('sha256');
        expect(Buffer.from(await hash.digest())).toEqual(
          known.update(first).update(second).digest(),
        );
      }
    }),
  );
});
