// The ledger of clashes: one item for each scan that was one too many. The table finds it by its scan, an index
// lists an event's.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parse } from 'zod/v4/core';
import type { Clash, ClashStore, EventIds } from '../app/door/ports.ts';
import { SCAN_REASONS } from '../domain/scan.ts';
import { batchGet } from './batch-get.ts';
import { clashesList, clashKey, clashPosition } from './door-keys.ts';
import { ABSENT, loadItem, type TableAccess } from './table-access.ts';

const $Admission = z.object({
  atMs: z.number(),
  deviceId: z.string(),
  gateId: z.exactOptional(z.string()),
  scannedAtMs: z.exactOptional(z.number()),
});
const $ClashItem = z.object({
  kind: z.literal('clash'),
  organizationId: z.string(),
  eventId: z.string(),
  clashId: z.string(),
  reason: z.enum(SCAN_REASONS),
  scan: $Admission,
  scanId: z.exactOptional(z.string()),
  eventTicketId: z.exactOptional(z.number()),
  ticketTypeId: z.exactOptional(z.number()),
  other: z.exactOptional($Admission),
  reportedAtMs: z.number(),
  withdrawnAtMs: z.exactOptional(z.number()),
});

/** To put in a transaction with what the scan made of its ticket. */
export const toClashPut = (TableName: string, clash: Clash) => ({
  Put: {
    TableName,
    Item: {
      ...clashKey(clash, clash.clashId),
      g2: clashesList(clash.organizationId, clash.eventId, 'open'),
      srt: clashPosition(clash.reportedAtMs, clash.clashId),
      kind: 'clash',
      ...clash,
    },
    ...ABSENT,
  },
});

/** To put in a transaction with a scan that is none. */
export const toClashAbsent = (TableName: string, ids: EventIds, clashId: string) => ({
  ConditionCheck: { TableName, Key: clashKey(ids, clashId), ...ABSENT },
});

/** It leaves the list; the scan's repeats are still answered by it. */
export const toClashWithdrawal = (
  TableName: string,
  { clashId, ...ids }: EventIds & { readonly clashId: string },
  nowMs: number,
) => ({
  Update: {
    TableName,
    Key: clashKey(ids, clashId),
    UpdateExpression: 'SET g2 = :withdrawn, withdrawnAtMs = if_not_exists(withdrawnAtMs, :now)',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: {
      ':withdrawn': clashesList(ids.organizationId, ids.eventId, 'withdrawn'),
      ':now': nowMs,
    },
  },
});

export function createClashStore(access: TableAccess): ClashStore {
  const { client, tableName: TableName } = access;
  return {
    async report(clash) {
      const put = toClashPut(TableName, clash).Put;
      try {
        await client.send(
          new PutCommand({ ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        );
        return undefined;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return fromItem(parse($ClashItem, unmarshall(error.Item ?? {})));
      }
    },

    async withdraw(clash, nowMs) {
      try {
        const { Update } = toClashWithdrawal(TableName, clash, nowMs);
        await client.send(new UpdateCommand(Update));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async find(ids, clashId) {
      const item = await loadItem(access, clashKey(ids, clashId), $ClashItem);
      return item && fromItem(item);
    },

    async list({ organizationId, eventId }, state, { after, limit }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byList',
          KeyConditionExpression: `g2 = :list${after === undefined ? '' : ' AND srt < :after'}`,
          ExpressionAttributeValues: {
            ':list': clashesList(organizationId, eventId, state),
            ...(after === undefined ? {} : { ':after': after }),
          },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      const keys = Items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
      const found = (await batchGet(access, keys)).map((item) => parse($ClashItem, item));
      const items = found
        .map(fromItem)
        .toSorted((a, b) => (toPosition(a) > toPosition(b) ? -1 : 1));
      const last = Items.length < limit ? undefined : Items.at(-1);
      return { items, ...(last === undefined ? {} : { next: String(last['srt']) }) };
    },
  };
}

const toPosition = (clash: Clash): string => clashPosition(clash.reportedAtMs, clash.clashId);
const fromItem = ({ kind: _kind, ...clash }: z.output<typeof $ClashItem>): Clash => clash;
