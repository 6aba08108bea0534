// Outbox items after their commit: sent ones go, and what was not sent is found through an index.
import {
  BatchGetCommand,
  BatchWriteCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { OutboxFind, OutboxStore } from '../app/outbox-ports.ts';
import { type Key, OUTBOX_SHARDS, outboxAside, outboxDue, outboxKey } from './keys.ts';
import { fromOutboxItem } from './outbox.ts';
import type { TableAccess } from './table-access.ts';

/** Items of one batch write and of one batch read (DynamoDB quotas). */
const WRITES_MAX = 25;
const READS_MAX = 100;

export function createOutboxStore(access: TableAccess): OutboxStore {
  const { client, tableName: TableName } = access;
  return {
    async remove(sent) {
      for (let start = 0; start < sent.length; start += WRITES_MAX) {
        const requests = sent.slice(start, start + WRITES_MAX).map((ids) => ({
          DeleteRequest: { Key: { ...outboxKey(ids.organizationId, ids.outboxId) } },
        }));
        // What the table does not get to is sent once more by the sweep: harmless.
        await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
      }
    },

    async setAside({ organizationId, outboxId }) {
      try {
        await client.send(
          new UpdateCommand({
            TableName,
            Key: outboxKey(organizationId, outboxId),
            UpdateExpression: 'SET g4 = :aside',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':aside': outboxAside() },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async listUnsent(nowMs, limit) {
      const found: OutboxFind[] = [];
      for (let shard = 0; shard < OUTBOX_SHARDS && found.length < limit; shard += 1) {
        const list = { due: outboxDue(shard), nowMs, limit: limit - found.length };
        found.push(...(await load(access, await listKeys(access, list))));
      }
      return found;
    },

    listAside: async (limit) =>
      load(
        access,
        await listKeys(access, { due: outboxAside(), nowMs: Number.MAX_SAFE_INTEGER, limit }),
      ),
  };
}

/** Oldest first. */
async function listKeys(
  { client, tableName: TableName }: TableAccess,
  list: { readonly due: string; readonly nowMs: number; readonly limit: number },
): Promise<readonly Key[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byDue',
      KeyConditionExpression: 'g4 = :due AND due <= :now',
      ExpressionAttributeValues: { ':due': list.due, ':now': list.nowMs },
      Limit: list.limit,
    }),
  );
  return Items.map((item) => ({ pk: String(item['pk']), sk: String(item['sk']) }));
}

/** Strongly: the index may still list what was sent a moment ago. */
async function load(
  { client, tableName: TableName }: TableAccess,
  keys: readonly Key[],
): Promise<readonly OutboxFind[]> {
  const found: OutboxFind[] = [];
  for (let start = 0; start < keys.length; start += READS_MAX) {
    const Keys = keys.slice(start, start + READS_MAX).map((key) => ({ ...key }));
    // What is not read this time is due the next time as well.
    const { Responses } = await client.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    for (const item of Responses?.[TableName] ?? []) {
      const find = fromOutboxItem(item);
      if (find !== undefined) found.push(find);
    }
  }
  return found;
}
