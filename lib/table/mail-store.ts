// Mails and their addressees: one item for each, so that a message which comes twice is sent once. It holds ids only.
import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parse } from 'zod/v4/core';
import * as z from 'zod/mini';
import type { MailIds, MailStore } from '../app/mail-ports.ts';
import { assert } from '../domain/assert.ts';
import { mailKey, messageKey } from './keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

/** Longer than a call that sends lives (a minute), shorter than until its message comes again (six). */
const LEASE_MS = 2 * 60_000;
/** Longer than a message can wait in a queue and its dead letters together (18 days). */
const KEPT_SECONDS = 30 * 24 * 3_600;

const $MailItem = z.object({
  state: z.enum(['QUEUED', 'CLAIMED', 'SENT', 'SKIPPED']),
  leaseUntilMs: z.exactOptional(z.number()),
  claim: z.exactOptional(z.string()),
  /** Where a message that was spread over an event's tickets first met its addressee. */
  page: z.exactOptional(z.string()),
  wasSuppressed: z.exactOptional(z.boolean()),
});

export function createMailStore(access: TableAccess): MailStore {
  const { client, tableName: TableName } = access;
  return {
    async enlist(ids, { page, isSuppressed, nowMs }) {
      const Item = {
        ...mailKey(ids.organizationId, ids.mailId),
        kind: 'mail',
        state: isSuppressed ? 'SKIPPED' : 'QUEUED',
        ...(isSuppressed ? { reason: 'suppressed' } : {}),
        page,
        wasSuppressed: isSuppressed,
        [TTL_ATTRIBUTE]: toTtl(nowMs),
      };
      const existing = await tryPut(access, Item);
      if (existing === undefined) return { isOfPage: true, isSuppressed };
      return { isOfPage: existing.page === page, isSuppressed: existing.wasSuppressed === true };
    },

    async claim(ids, nowMs) {
      const claim = randomUUID();
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName,
            Key: mailKey(ids.organizationId, ids.mailId),
            UpdateExpression:
              'SET kind = :kind, #state = :claimed, leaseUntilMs = :lease, claim = :claim, #ttl = :ttl',
            ConditionExpression: [
              'attribute_not_exists(pk)',
              '#state = :queued',
              '(#state = :claimed AND leaseUntilMs <= :now)',
            ].join(' OR '),
            ExpressionAttributeNames: { '#state': 'state', '#ttl': TTL_ATTRIBUTE },
            ExpressionAttributeValues: {
              ':kind': 'mail',
              ':claimed': 'CLAIMED',
              ':claim': claim,
              ':queued': 'QUEUED',
              ':lease': nowMs + LEASE_MS,
              ':now': nowMs,
              ':ttl': toTtl(nowMs),
            },
            ReturnValues: 'ALL_OLD',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return Attributes?.['state'] === 'CLAIMED' ? 'claimedAgain' : 'claimed';
      } catch (error) {
        const existing = toItem(error);
        // Our own write, sent once more after its reply was lost.
        if (existing.claim === claim) return 'claimed';
        return existing.state === 'CLAIMED' ? 'busy' : 'done';
      }
    },

    async release(ids) {
      try {
        await client.send(
          new UpdateCommand({
            TableName,
            Key: mailKey(ids.organizationId, ids.mailId),
            UpdateExpression: 'SET #state = :queued REMOVE leaseUntilMs',
            ConditionExpression: '#state = :claimed',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':queued': 'QUEUED', ':claimed': 'CLAIMED' },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async finish(ids, end, { nowMs, messageId }) {
      const update = toEnd(TableName, ids, end, nowMs);
      const counter =
        end.as === 'SENT' ? 'sent' : end.reason === 'suppressed' ? end.reason : 'skipped';
      await transact<'mail' | 'message'>(client, [
        { as: 'mail', Update: update },
        ...(messageId === undefined
          ? []
          : [{ as: 'message' as const, Update: toCount(TableName, ids, messageId, counter) }]),
      ]);
    },
  };
}

const toTtl = (nowMs: number): number => Math.floor(nowMs / 1_000) + KEPT_SECONDS;

/** Answers the item that was there before. */
async function tryPut(
  { client, tableName: TableName }: TableAccess,
  Item: Record<string, unknown>,
): Promise<z.output<typeof $MailItem> | undefined> {
  try {
    await client.send(
      new PutCommand({
        TableName,
        Item,
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    return toItem(error);
  }
}

/** Throws what isn't the answer of a condition. */
function toItem(error: unknown): z.output<typeof $MailItem> {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  assert(error.Item, 'a mail that exists has an item');
  return parse($MailItem, unmarshall(error.Item));
}

const toEnd = (
  TableName: string,
  ids: MailIds,
  end: Parameters<MailStore['finish']>[1],
  nowMs: number,
) => ({
  TableName,
  Key: mailKey(ids.organizationId, ids.mailId),
  UpdateExpression: [
    'SET kind = :kind, #state = :end, endedAtMs = :now, #ttl = :ttl',
    ...(end.as === 'SKIPPED' ? [', reason = :reason'] : []),
    ' REMOVE leaseUntilMs',
  ].join(''),
  ConditionExpression: 'attribute_not_exists(pk) OR NOT #state IN (:sent, :skipped)',
  ExpressionAttributeNames: { '#state': 'state', '#ttl': TTL_ATTRIBUTE },
  ExpressionAttributeValues: {
    ':kind': 'mail',
    ':end': end.as,
    ':sent': 'SENT',
    ':skipped': 'SKIPPED',
    ':now': nowMs,
    ':ttl': toTtl(nowMs),
    ...(end.as === 'SKIPPED' ? { ':reason': end.reason } : {}),
  },
});

const toCount = (TableName: string, ids: MailIds, messageId: string, counter: string) => ({
  TableName,
  Key: messageKey(ids.organizationId, messageId),
  UpdateExpression: 'ADD #counter :one',
  ConditionExpression: 'attribute_exists(pk)',
  ExpressionAttributeNames: { '#counter': counter },
  ExpressionAttributeValues: { ':one': 1 },
});
