// The secret of an organization: it seals what others have entrusted to it.
import * as z from 'zod';
import { present } from '../domain/assert.ts';
import { organizationSecretKey } from './keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';

const $SecretItem = z.object({ secret: z.string() });

export async function loadSecret(access: TableAccess, organizationId: string): Promise<string> {
  const item = await loadItem(access, organizationSecretKey(organizationId), $SecretItem);
  return present(item, 'an organization has a secret').secret;
}
