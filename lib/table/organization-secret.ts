// The secret of an organization: it seals what others have entrusted to it.
import * as z from 'zod';
import { present } from '../domain/assert.ts';
import { organizationSecretKey } from './keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';

const $SecretItem = z.object({ secret: z.string() });

/** Undefined: there is no such organization. */
export const findSecret = async (
  access: TableAccess,
  organizationId: string,
): Promise<string | undefined> =>
  (await loadItem(access, organizationSecretKey(organizationId), $SecretItem))?.secret;

/** Organizations whose secret a server remembers: hundreds of kilobytes. */
const KEPT_MAX = 2_000;
const kept = new Map<string, string>();

/** Made once with the organization and never changed, so a server reads each once. */
export async function loadSecret(access: TableAccess, organizationId: string): Promise<string> {
  const name = `${access.tableName} ${organizationId}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const secret = present(await findSecret(access, organizationId), 'an organization has a secret');
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(name, secret);
  return secret;
}
