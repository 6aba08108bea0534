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

export const loadSecret = async (access: TableAccess, organizationId: string): Promise<string> =>
  present(await findSecret(access, organizationId), 'an organization has a secret');
