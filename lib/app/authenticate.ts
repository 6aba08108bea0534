// From an Authorization header to an actor. Keys are cached, so the door reads each of them once a cache period.
import type { Actor, Marketplace, Scope } from '../domain/access.ts';
import { type ApiKeyParts, matchesHash, parseApiKey } from '../domain/api-key.ts';
import type { GuessState } from '../domain/guessing.ts';
import { ok, refuse } from '../domain/result.ts';
import { createExpiringCache } from './expiring-cache.ts';
import type { Access } from './ports.ts';

export interface StoredKey {
  readonly organizationId: string;
  readonly keyId: string;
  readonly scope: Scope;
  readonly secretHash: string;
  readonly name?: string;
  readonly marketplace?: Marketplace;
  readonly eventIds?: readonly string[];
  readonly gateId?: string;
  readonly guesses?: GuessState;
  readonly createdAt: string;
  readonly revokedAt?: string;
}
export type FindKey = (organizationId: string, keyId: string) => Promise<StoredKey | undefined>;

/**
 * A revocation takes effect within 60 s (product.md section 2); half of it leaves room for a slow read.
 * @internal Exported for tests.
 */
export const KEY_CACHE_MS = 30_000;
/** Keys in use at once by one function; 10,000 entries are about 10 MB. */
const KEY_CACHE_ENTRIES_MAX = 10_000;

/**
 * Answers the actor of a key or `unauthorized`; which of missing, unknown and revoked it was stays untold. What is
 * cached is found by the whole key, so an unknown key can't become known and a new one is never hidden by the cache.
 */
export function createAccess(findKey: FindKey): Access {
  const cache = createExpiringCache<Actor | undefined>({
    entriesMax: KEY_CACHE_ENTRIES_MAX,
    milliseconds: KEY_CACHE_MS,
  });
  const loadActor = async (parts: ApiKeyParts): Promise<Actor | undefined> => {
    const key = await findKey(parts.organizationId, parts.keyId);
    if (key === undefined || key.revokedAt !== undefined) return undefined;
    return matchesHash(parts.secret, key.secretHash) ? toActor(key) : undefined;
  };
  return {
    async authenticate(authorization, nowMs) {
      const text = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      const parts = text === undefined ? undefined : parseApiKey(text);
      // What has not the form of a key is not cached: it may be of any length, and costs nothing to refuse.
      if (text === undefined || parts === undefined) return refuse('unauthorized');
      const actor = await cache.get(text, nowMs, () => loadActor(parts));
      return actor === undefined ? refuse('unauthorized') : ok(actor);
    },
  };
}

const toActor = (key: StoredKey): Actor => ({
  organizationId: key.organizationId,
  keyId: key.keyId,
  scope: key.scope,
  ...(key.marketplace === undefined ? {} : { marketplace: key.marketplace }),
  ...(key.eventIds === undefined ? {} : { eventIds: key.eventIds }),
  ...(key.gateId === undefined ? {} : { gateId: key.gateId }),
  ...(key.guesses === undefined ? {} : { guesses: key.guesses }),
});
