// When a channel's marketplace is to be asked what it thinks, and what didn't go together.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ChannelIds } from '../app/native-ports.ts';
import type { DifferenceStore, ReconcileStore } from '../app/reconcile-ports.ts';
import { MARKETPLACES } from '../domain/access.ts';
import { type Channel, makesCalls } from '../domain/marketplaces/channel.ts';
import { MARKETPLACE_STANDS } from '../domain/marketplaces/notice.ts';
import { SALE_STATUSES } from '../domain/marketplaces/sale.ts';
import {
  callsKey,
  differenceKey,
  differencesPartition,
  parseReconcileKey,
  reconcilesDue,
} from './channel-keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';
import type { LabelledItem } from './transact.ts';

const REMEMBERED_SECONDS = 30 * 24 * 3_600;

const $Progress = z.object({ page: z.number(), afterSaleId: z.string().exactOptional() });
const $Ids = z.object({ organizationId: z.string(), marketplace: z.enum(MARKETPLACES) });
const $Difference = z.object({
  sk: z.string(),
  marketplaceOrderId: z.string(),
  here: z.enum([...SALE_STATUSES, 'UNKNOWN']),
  there: z.enum([...MARKETPLACE_STANDS, 'UNKNOWN']),
  firstSeenAtMs: z.number(),
  lastSeenAtMs: z.number(),
  times: z.number(),
});

const toKey = (ids: ChannelIds) => callsKey(ids, 'RECONCILE');

export function createReconcileStore(access: TableAccess): ReconcileStore {
  const { client, tableName: TableName } = access;
  const update = async (
    ids: ChannelIds,
    UpdateExpression: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<void> => {
    try {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: toKey(ids),
          UpdateExpression,
          // Its channel makes no calls any more.
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: values,
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
  return {
    async listDue(nowMs, limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byDue',
          KeyConditionExpression: 'g4 = :due AND due <= :now',
          ExpressionAttributeValues: { ':due': reconcilesDue(), ':now': nowMs },
          Limit: limit,
        }),
      );
      return Items.map(({ pk, sk }) => $Ids.parse(parseReconcileKey(String(pk), String(sk))));
    },
    postpone: async (ids, dueMs) => update(ids, 'SET due = :due', { ':due': dueMs }),
    load: async (ids) => loadItem(access, toKey(ids), $Progress),
    keep: async (ids, { page, afterSaleId }, dueMs) => {
      const values = { ':due': dueMs, ':page': page };
      return afterSaleId === undefined
        ? update(ids, 'SET due = :due, page = :page REMOVE afterSaleId', values)
        : update(ids, 'SET due = :due, page = :page, afterSaleId = :after', {
            ...values,
            ':after': afterSaleId,
          });
    },
  };
}

/** With the settings of a channel: it is due at once, or never any more. */
export function toReconcileWrite(TableName: string, channel: Channel): LabelledItem<'reconcile'> {
  const key = toKey(channel);
  if (!channel.enabled || !makesCalls(channel)) {
    return { as: 'reconcile', Delete: { TableName, Key: key } };
  }
  const Item = { ...key, kind: 'reconcile', g4: reconcilesDue(), due: 0, page: 1 };
  return { as: 'reconcile', Put: { TableName, Item } };
}

export function createDifferenceStore({
  client,
  tableName: TableName,
}: TableAccess): DifferenceStore {
  return {
    async note(ids, { marketplaceOrderId, here, there }, nowMs) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: differenceKey(ids, { marketplaceOrderId, here, there }),
          UpdateExpression:
            'SET kind = :kind, marketplaceOrderId = :order, here = :here, there = :there,' +
            ' firstSeenAtMs = if_not_exists(firstSeenAtMs, :now), lastSeenAtMs = :now, #ttl = :ttl' +
            ' ADD times :one',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':kind': 'difference',
            ':order': marketplaceOrderId,
            ':here': here,
            ':there': there,
            ':now': nowMs,
            ':ttl': Math.ceil(nowMs / 1_000) + REMEMBERED_SECONDS,
            ':one': 1,
          },
        }),
      );
    },
    async list(ids, { after, limit }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: {
            ':pk': differencesPartition(ids),
            ...(after === undefined ? {} : { ':after': after }),
          },
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      const found = Items.map((item) => $Difference.parse(item));
      const next = found.length === limit ? found.at(-1)?.sk : undefined;
      const items = found.map(({ sk: _key, ...difference }) => difference);
      return { items, ...(next === undefined ? {} : { next }) };
    },
  };
}
