// Channels, and the way from a channel's id to it. How it proves itself and how we sign to it is sealed under the
// organization's secret, like the keys of its payment provider.
import * as z from 'zod';
import { MARKETPLACES } from '../domain/access.ts';
import type { ChannelStore } from '../app/channel-ports.ts';
import { present } from '../domain/assert.ts';
import type { Channel } from '../domain/marketplaces/channel.ts';
import { CREDENTIAL_NAMES } from '../domain/marketplaces/registry.ts';
import { ok, refuse } from '../domain/result.ts';
import { channelKey, channelsPartition, hookKey } from './channel-keys.ts';
import { loadSecret } from './organization-secret.ts';
import { toReconcileWrite } from './reconcile-store.ts';
import { openSealed, seal } from './seal.ts';
import { ABSENT, loadItem, queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const $ChannelItem = z.object({
  kind: z.literal('channel'),
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  channelId: z.string(),
  enabled: z.boolean(),
  /** `auth` and `outbound`, as JSON. */
  sealed: z.string(),
  holdMinutes: z.number(),
  autoRejectAfterMinutes: z.number(),
  feePercent: z.number().exactOptional(),
  createdAt: z.string(),
  version: z.number(),
});
const $HookItem = z.object({
  kind: z.literal('hook'),
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
});

const FLOW = { flow: z.literal('classic').exactOptional() };
const $Auth = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('key'), ...FLOW }),
  z.object({ mode: z.literal('standardWebhooks'), secrets: z.array(z.string()), ...FLOW }),
  z.object({ mode: z.literal('authorization'), value: z.string(), ...FLOW }),
  z.object({ mode: z.literal('bodyHmac'), secret: z.string(), ...FLOW }),
  z.object({
    mode: z.literal('ticketEvolution'),
    token: z.string(),
    secret: z.string(),
    ...FLOW,
  }),
  z.object({
    mode: z.literal('mercury'),
    clientId: z.string(),
    clientSecret: z.string(),
    brokerId: z.number(),
    ...FLOW,
  }),
]);
const $Credentials = z.partialRecord(z.enum(CREDENTIAL_NAMES), z.string());
const $Sealed = z.object({
  auth: $Auth,
  outbound: z
    .object({ url: z.string(), secret: z.string(), credentials: $Credentials.exactOptional() })
    .exactOptional(),
});

export function createChannelStore(access: TableAccess): ChannelStore {
  const { client, tableName: TableName } = access;
  const find: ChannelStore['find'] = async (organizationId, marketplace) => {
    const item = await loadItem(access, channelKey(organizationId, marketplace), $ChannelItem);
    return item && toChannel(item, await loadSecret(access, organizationId));
  };
  return {
    find,
    findSwitch: async (organizationId, marketplace) =>
      loadItem(access, channelKey(organizationId, marketplace), $ChannelItem),
    async findById(channelId) {
      const hook = await loadItem(access, hookKey(channelId), $HookItem);
      return hook && find(hook.organizationId, hook.marketplace);
    },
    async list(organizationId) {
      const items = await queryAll(client, {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': channelsPartition(organizationId) },
        ConsistentRead: true,
      });
      if (items.length === 0) return [];
      const secret = await loadSecret(access, organizationId);
      return items.map((item) => toChannel($ChannelItem.parse(item), secret));
    },
    async put(before, after) {
      const Item = toItem(after, await loadSecret(access, after.organizationId));
      const { organizationId, marketplace, channelId } = after;
      const hook = { ...hookKey(channelId), kind: 'hook', organizationId, marketplace };
      const { committed } = await transact(client, [
        before === undefined
          ? { as: 'channel', Put: { TableName, Item, ...ABSENT } }
          : {
              as: 'channel',
              Put: {
                TableName,
                Item,
                ConditionExpression: 'version = :version',
                ExpressionAttributeValues: { ':version': before.version },
              },
            },
        ...(before === undefined
          ? [{ as: 'hook' as const, Put: { TableName, Item: hook, ...ABSENT } }]
          : []),
        toReconcileWrite(TableName, after),
      ]);
      return committed ? ok(after) : refuse('precondition_failed');
    },
  };
}

function toItem({ auth, outbound, ...channel }: Channel, secret: string) {
  const secrets = { auth, ...(outbound === undefined ? {} : { outbound }) };
  return {
    ...channelKey(channel.organizationId, channel.marketplace),
    kind: 'channel',
    ...channel,
    sealed: seal(JSON.stringify(secrets), secret),
  };
}

function toChannel(
  { kind: _kind, sealed, ...channel }: z.output<typeof $ChannelItem>,
  secret: string,
): Channel {
  const opened = present(openSealed(sealed, secret), 'sealed under the secret of its organization');
  return { ...channel, ...$Sealed.parse(JSON.parse(opened)) };
}
