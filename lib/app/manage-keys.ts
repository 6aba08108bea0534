// Making, listing, rotating and revoking keys. A device is a key of scope device.
import type { Marketplace, Scope } from '../domain/access.ts';
import { hashSecret, toApiKey } from '../domain/api-key.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import type { StoredKey } from './authenticate.ts';
import type { EventStore } from './event-ports.ts';
import { toNewId, toNewSecret } from './ids.ts';
import type { KeyStore } from './organization-ports.ts';

/** Keys of an organization, those revoked in the last 30 days included: they are listed on one page. */
const KEYS_MAX = 1_000;

export interface NewKey {
  readonly scope: Scope;
  readonly name?: string | undefined;
  readonly marketplace?: Marketplace | undefined;
  readonly eventIds?: readonly string[] | undefined;
  readonly gateId?: string | undefined;
}
/** A key as it is told once: with the text that authenticates. */
export type KeyWithSecret = StoredKey & { readonly key: string };

export interface KeyDeps {
  readonly keys: KeyStore;
  readonly events: Pick<EventStore, 'find'>;
}

/** Refuses `validation_failed` for an event that doesn't exist and `limit_reached` beyond KEYS_MAX. */
export async function createKey(
  { keys, events }: KeyDeps,
  input: { readonly organizationId: string; readonly nowMs: number; readonly key: NewKey },
): Promise<Result<KeyWithSecret>> {
  const { organizationId, nowMs } = input;
  const { scope, name, marketplace, eventIds, gateId } = input.key;
  const found = await Promise.all((eventIds ?? []).map((id) => events.find(organizationId, id)));
  const errors = found.flatMap((event, index) =>
    event === undefined
      ? [{ pointer: `/eventIds/${index}`, detail: 'is not an event of yours' }]
      : [],
  );
  if (errors.length > 0) return refuse('validation_failed', { errors });
  if ((await keys.list(organizationId)).length >= KEYS_MAX) {
    return refuse('limit_reached', { detail: `An organization has at most ${KEYS_MAX} keys.` });
  }
  const secret = toNewSecret();
  const stored: StoredKey = {
    organizationId,
    keyId: toNewId('key', nowMs),
    scope,
    secretHash: hashSecret(secret),
    createdAt: new Date(nowMs).toISOString(),
    ...(name === undefined ? {} : { name }),
    ...(marketplace === undefined ? {} : { marketplace }),
    ...(eventIds === undefined ? {} : { eventIds }),
    ...(gateId === undefined ? {} : { gateId }),
  };
  await keys.put(stored);
  return ok(withSecret(stored, secret));
}

/** Gives a key a new secret; the old one ends within the cache period. Refuses `not_found` for a revoked key. */
export async function rotateKey(
  { keys }: Pick<KeyDeps, 'keys'>,
  { organizationId, keyId }: { readonly organizationId: string; readonly keyId: string },
): Promise<Result<KeyWithSecret>> {
  const secret = toNewSecret();
  const stored = await keys.replaceSecret(organizationId, keyId, hashSecret(secret));
  return stored === undefined ? refuse('not_found') : ok(withSecret(stored, secret));
}

const withSecret = (stored: StoredKey, secret: string): KeyWithSecret => ({
  ...stored,
  key: toApiKey({ organizationId: stored.organizationId, keyId: stored.keyId, secret }),
});
