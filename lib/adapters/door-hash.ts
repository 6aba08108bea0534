// SHA-256 as the door's client signs with it. The SDK's own makes a key of the same secret again for every call, which
// is most of a signature's time on the processor.
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type Sha256 = NonNullable<DynamoDBClientConfig['sha256']>;
type Secret = ConstructorParameters<Sha256>[0];

/** The account's secret and the signing key of a day; with a second pair to spare for new credentials. */
const KEYS_MAX = 4;

/** Made once for a client: what it remembers are that client's secrets. */
export function createDoorHash(): Sha256 {
  const keys = new Map<Secret, KeyObject>();
  const toKey = (secret: NonNullable<Secret>): KeyObject => {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    const key = createSecretKey(toBytes(secret));
    if (keys.size === KEYS_MAX) keys.clear();
    keys.set(secret, key);
    return key;
  };
  return function DoorHash(secret?: Secret) {
    const hash = secret ? createHmac('sha256', toKey(secret)) : createHash('sha256');
    return {
      update: (data: NonNullable<Secret>) => hash.update(toBytes(data)),
      digest: async () => hash.digest(),
    };
  } as unknown as Sha256;
}

function toBytes(data: NonNullable<Secret>): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
