// Whose call it is, by a marketplace's key.
import type { Actor } from '../../../domain/access.ts';
import { ok, refuse } from '../../../domain/result.ts';

/** Whose key it is; refuses `not_found` for another marketplace's path. */
export function toCaller(actor: Actor, { marketplace }: { readonly marketplace: string }) {
  if (actor.marketplace === undefined || actor.marketplace !== marketplace) {
    return refuse('not_found');
  }
  const { organizationId, keyId } = actor;
  return ok({ organizationId, marketplace: actor.marketplace, by: keyId });
}
