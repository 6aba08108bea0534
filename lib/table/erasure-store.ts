// What an erasure writes. The contacts that were erased are remembered by their ids (keyed hashes of addresses), so that
// imports leave them out from then on; everything else that led to the person goes with it.
import {
  DeleteCommand,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { ContactIds, ContactTraces, Erasure, ErasureStore } from '../app/erasure-ports.ts';
import { fromContactItem } from './contact-store.ts';
import { eraseOrder, listOrderIds } from './erase-order.ts';
import { eraseRows, listRowKeys } from './erase-rows.ts';
import {
  contactKey,
  erasureKey,
  erasuresDue,
  erasuresPartition,
  importAnalysisKey,
  importKey,
} from './keys.ts';
import { toOutboxItem } from './outbox.ts';
import { erasePayloads } from './payload-store.ts';
import { queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const $ErasureItem = z.object({
  organizationId: z.string(),
  contactId: z.string(),
  erasedAtMs: z.number(),
  completed: z.boolean(),
});

/** The message comes within seconds; if it is lost, the sweep sends another one. */
const MESSAGE_LATE_MS = 5 * 60_000;

export function createErasureStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): ErasureStore {
  const { client, tableName: TableName } = access;

  const find = async ({ organizationId, contactId }: ContactIds): Promise<Erasure | undefined> => {
    const Key = erasureKey(organizationId, contactId);
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item && $ErasureItem.parse(Item);
  };

  /** Answers false when the condition does not hold. */
  const tryWrite = async (command: UpdateCommand | DeleteCommand): Promise<boolean> => {
    try {
      await (command instanceof UpdateCommand ? client.send(command) : client.send(command));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    find,
    isErased: async (ids) => (await find(ids)) !== undefined,

    async begin(ids, nowMs) {
      const { organizationId, contactId } = ids;
      const message = { type: 'contact.erase', ...ids } as const;
      const erasure: Erasure = { ...ids, erasedAtMs: nowMs, completed: false };
      const result = await transact<'contact' | 'erasure' | 'outbox'>(client, [
        {
          as: 'contact',
          Update: {
            TableName,
            Key: contactKey(organizationId, contactId),
            UpdateExpression: 'REMOVE contact, g2, srt ADD version :one',
            ConditionExpression: 'attribute_exists(contact)',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
        {
          as: 'erasure',
          Put: { TableName, Item: toErasureItem(erasure, nowMs + MESSAGE_LATE_MS) },
        },
        {
          as: 'outbox',
          Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) },
        },
      ]);
      return result.committed;
    },

    async listErased(organizationId) {
      const items = await queryAll(client, {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': erasuresPartition(organizationId) },
        ProjectionExpression: 'sk',
      });
      return new Set(items.map((item) => String(item['sk'])));
    },

    async loadTraces(ids) {
      const Key = contactKey(ids.organizationId, ids.contactId);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      const rows = await listRowKeys(access, ids);
      const imports = [...new Set(rows.map(({ importId }) => importId))];
      return { ...toSources(Item, await listOrderIds(access, ids)), imports };
    },

    async removeContact({ organizationId, contactId }, createdAtMs) {
      await tryWrite(
        new UpdateCommand({
          TableName,
          Key: contactKey(organizationId, contactId),
          UpdateExpression: 'REMOVE contact, g2, srt ADD version :one',
          ConditionExpression: 'contact.createdAtMs = :created',
          ExpressionAttributeValues: { ':created': createdAtMs, ':one': 1 },
        }),
      );
    },

    eraseOrder: async (erasure, orderId) => eraseOrder(access, erasure, orderId),
    eraseRows: async (ids, how) => eraseRows(access, ids, how),
    erasePayloads: async (ids) => erasePayloads(access, ids),

    async eraseImport({ organizationId, importId }) {
      const analysis = {
        TableName,
        Key: importAnalysisKey(organizationId, importId),
        UpdateExpression: 'SET preview = :empty',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':empty': [] },
      };
      const report = {
        TableName,
        Key: importKey(organizationId, importId),
        UpdateExpression: 'REMOVE #report',
        ConditionExpression: 'attribute_exists(#report)',
        ExpressionAttributeNames: { '#report': 'report' },
      };
      await tryWrite(new UpdateCommand(analysis));
      await tryWrite(new UpdateCommand(report));
    },

    async postpone({ organizationId, contactId, erasedAtMs }, dueMs) {
      await tryWrite(
        new UpdateCommand({
          TableName,
          Key: erasureKey(organizationId, contactId),
          UpdateExpression: 'SET due = :due',
          ConditionExpression: 'erasedAtMs = :erased AND attribute_exists(due)',
          ExpressionAttributeValues: { ':due': dueMs, ':erased': erasedAtMs },
        }),
      );
    },

    async complete(erasure, traces) {
      const { organizationId, contactId, erasedAtMs } = erasure;
      if (!(await tryWrite(toForgetting(TableName, erasure, traces)))) return false;
      return tryWrite(
        new UpdateCommand({
          TableName,
          Key: erasureKey(organizationId, contactId),
          UpdateExpression: 'SET completed = :yes REMOVE g4, due',
          ConditionExpression: 'erasedAtMs = :erased',
          ExpressionAttributeValues: { ':yes': true, ':erased': erasedAtMs },
        }),
      );
    },

    async listDue(nowMs, limit) {
      const query: QueryCommandInput = {
        TableName,
        IndexName: 'byDue',
        KeyConditionExpression: 'g4 = :due AND due <= :now',
        ExpressionAttributeValues: { ':due': erasuresDue(), ':now': nowMs },
        Limit: limit,
      };
      const { Items = [] } = await client.send(new QueryCommand(query));
      return Items.map((item) => ({
        organizationId: String(item['pk']).slice(erasuresPartition('').length),
        contactId: String(item['sk']),
      }));
    },
  };
}

const toErasureItem = (erasure: Erasure, dueMs: number) => ({
  ...erasureKey(erasure.organizationId, erasure.contactId),
  kind: 'erasure',
  g4: erasuresDue(),
  due: dueMs,
  ...erasure,
});

const SOURCE = /^(?:imp_|ticket_|ord)/;

function toSources(
  item: Record<string, unknown> | undefined,
  ownOrderIds: readonly number[],
): Pick<ContactTraces, 'contact' | 'sources' | 'orderIds'> {
  const sources = Object.keys(item ?? {}).filter((name) => SOURCE.test(name));
  const orderIds = sources.map((source) => Number(item?.[source]));
  const contact = item && fromContactItem(item);
  return {
    sources,
    orderIds: [...new Set([...orderIds, ...ownOrderIds])],
    ...(contact === undefined ? {} : { contact }),
  };
}

/** Of a person who came back by a sale only the way to what was before goes. */
function toForgetting(
  TableName: string,
  { organizationId, contactId }: Erasure,
  of: ContactTraces,
) {
  const Key = contactKey(organizationId, contactId);
  if (of.contact === undefined) {
    const ConditionExpression = 'attribute_not_exists(contact)';
    return new DeleteCommand({ TableName, Key, ConditionExpression });
  }
  const sources = of.sources.filter((source) => source !== of.contact?.madeBy.source);
  const names = sources.map((source, index) => [`#s${index}`, source] as const);
  return new UpdateCommand({
    TableName,
    Key,
    UpdateExpression: [...toRemoval(names), 'ADD version :one'].join(' '),
    ConditionExpression: 'contact.createdAtMs = :created',
    ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
    ExpressionAttributeValues: { ':one': 1, ':created': of.contact.createdAtMs },
  });
}

const toRemoval = (names: readonly (readonly [string, string])[]): string[] =>
  names.length === 0 ? [] : [`REMOVE ${names.map(([name]) => name).join(', ')}`];
