// What organizations have at Stripe. The keys stand apart from the settings, which many read, and are sealed under the
// organization's secret, so that neither the stream nor a single item gives them away.
import * as z from 'zod';
import type { StripeKeys, StripeKeyStore } from '../app/payment-ports.ts';
import { present } from '../domain/assert.ts';
import { stripeKeysKey } from './keys.ts';
import { loadSecret } from './organization-secret.ts';
import { openSealed, seal } from './seal.ts';
import { loadItem, type TableAccess } from './table-access.ts';
import type { LabelledItem } from './transact.ts';

const $StripeKeysItem = z.object({ kind: z.literal('stripeKeys'), sealed: z.string() });
const $StripeKeys = z.object({ secretKey: z.string(), webhookSecret: z.string() });

export const createStripeKeyStore = (access: TableAccess): StripeKeyStore => ({
  async find(organizationId) {
    const item = await loadItem(access, stripeKeysKey(organizationId), $StripeKeysItem);
    if (item === undefined) return undefined;
    const opened = openSealed(item.sealed, await loadSecret(access, organizationId));
    return $StripeKeys.parse(JSON.parse(present(opened, 'sealed under the secret beside it')));
  },
});

/** null takes them away. */
export async function toStripeKeysWrite(
  access: TableAccess,
  organizationId: string,
  keys: StripeKeys | null,
): Promise<LabelledItem<'stripe'>> {
  const { tableName: TableName } = access;
  const Key = stripeKeysKey(organizationId);
  if (keys === null) return { as: 'stripe', Delete: { TableName, Key } };
  const sealed = seal(JSON.stringify(keys), await loadSecret(access, organizationId));
  return { as: 'stripe', Put: { TableName, Item: { ...Key, kind: 'stripeKeys', sealed } } };
}
