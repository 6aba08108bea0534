// What all who call a channel's marketplace know together: whether it works, its access token, and whose turn it is. A
// token is sealed under the organization's secret.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { parse } from 'zod/v4/core';
import type { CallStore, ChannelIds } from '../app/native-ports.ts';
import { MARKETPLACES } from '../domain/access.ts';
import { callsKey, callsPartition, CIRCUITS } from './channel-keys.ts';
import { loadSecret } from './organization-secret.ts';
import { openSealed, seal } from './seal.ts';
import { loadItem, queryAll, type TableAccess } from './table-access.ts';

const $Circuit = z.object({ failures: z.number(), openUntilMs: z.number().exactOptional() });
const $CircuitItem = z.object({ ...$Circuit.shape, marketplace: z.enum(MARKETPLACES) });
const $TokenItem = z.object({ sealed: z.string() });
const $Token = z.object({ token: z.string(), expiresAtMs: z.number(), of: z.string() });

export function createCallStore(access: TableAccess): CallStore {
  const { client, tableName: TableName } = access;
  /** Undefined when the condition doesn't hold. */
  const update = async (change: Omit<UpdateCommandInput, 'TableName'>) => {
    try {
      return await client.send(
        new UpdateCommand({ TableName, ReturnValues: 'ALL_NEW', ...change }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };
  const circuitKey = (ids: ChannelIds) => callsKey(ids, 'CIRCUIT');
  return {
    findCircuit: async (ids) => loadItem(access, circuitKey(ids), $Circuit),
    async listCircuits(organizationId) {
      const items = await queryAll(client, {
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :circuits)',
        ExpressionAttributeValues: { ':pk': callsPartition(organizationId), ':circuits': CIRCUITS },
        ConsistentRead: true,
      });
      const circuits = items.map((item) => parse($CircuitItem, item));
      return new Map(circuits.map(({ marketplace, ...circuit }) => [marketplace, circuit]));
    },
    async countFailure(ids) {
      const counted = await update({
        Key: circuitKey(ids),
        UpdateExpression: 'SET kind = :kind, marketplace = :marketplace ADD failures :one',
        ExpressionAttributeValues: {
          ':kind': 'circuit',
          ':marketplace': ids.marketplace,
          ':one': 1,
        },
      });
      return parse($Circuit, counted?.Attributes).failures;
    },
    async open(ids, untilMs) {
      await update({
        Key: circuitKey(ids),
        UpdateExpression: 'SET openUntilMs = :until',
        // It works again by now.
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':until': untilMs },
      });
    },
    async close(ids) {
      await client.send(new DeleteCommand({ TableName, Key: circuitKey(ids) }));
    },
    async claimProbe(ids, { openUntilMs, nextMs }) {
      const claimed = await update({
        Key: circuitKey(ids),
        UpdateExpression: 'SET openUntilMs = :next',
        ConditionExpression: 'openUntilMs = :seen',
        ExpressionAttributeValues: { ':next': nextMs, ':seen': openUntilMs },
      });
      return claimed !== undefined;
    },
    async takeTurn(ids, { name, everyMs }, nowMs) {
      const taken = await update({
        Key: callsKey(ids, `LIMIT#${name}`),
        UpdateExpression: 'SET kind = :kind, nextAtMs = :next',
        ConditionExpression: 'attribute_not_exists(pk) OR nextAtMs <= :now',
        ExpressionAttributeValues: {
          ':kind': 'callLimit',
          ':next': nowMs + everyMs,
          ':now': nowMs,
        },
      });
      return taken !== undefined;
    },
    async findToken(ids) {
      const item = await loadItem(access, callsKey(ids, 'TOKEN'), $TokenItem);
      if (item === undefined) return undefined;
      const opened = openSealed(item.sealed, await loadSecret(access, ids.organizationId));
      return opened === undefined ? undefined : $Token.parse(JSON.parse(opened));
    },
    async keepToken(ids, token) {
      const sealed = seal(JSON.stringify(token), await loadSecret(access, ids.organizationId));
      const Item = { ...callsKey(ids, 'TOKEN'), kind: 'accessToken', sealed };
      await client.send(new PutCommand({ TableName, Item }));
    },
  };
}
