// Imports and their states: every commit states the status that it expects and writes nothing if it is another one.
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { ImportMessage, ImportStore } from '../app/import-ports.ts';
import {
  type ImportIds,
  type ImportStatus,
  REPORTABLE,
  TRANSITIONS,
} from '../domain/imports/import.ts';
import {
  fromAnalysisItem,
  fromImportItem,
  toAnalysisItem,
  toDueMs,
  toImportItem,
} from './import-item.ts';
import { importAnalysisKey, importKey, importsDue, importsList, type Key } from './keys.ts';
import { listNewestFirst } from './newest-first.ts';
import { toOutboxItem } from './outbox.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';
import { saveFile } from './file-state.ts';

export function createImportStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): ImportStore {
  const { client, tableName: TableName } = access;
  const load = async (Key: Key) => {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  };
  const toOutbox = (message: ImportMessage, nowMs: number) => ({
    as: 'outbox' as const,
    Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), message, nowMs) },
  });
  const tryUpdate = async (input: Omit<UpdateCommandInput, 'TableName'>): Promise<boolean> => {
    try {
      await client.send(new UpdateCommand({ TableName, ...input }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  const find: ImportStore['find'] = async ({ organizationId, importId }) => {
    const item = await load(importKey(organizationId, importId));
    return item && fromImportItem(item);
  };

  return {
    find,

    async create(made) {
      const Item = toImportItem(made, made.createdAtMs);
      await client.send(new PutCommand({ TableName, Item }));
    },

    async findAnalysis({ organizationId, importId }) {
      const item = await load(importAnalysisKey(organizationId, importId));
      return item && fromAnalysisItem(item);
    },

    list: async ({ organizationId, eventId }, page) =>
      listNewestFirst(
        access,
        { ...page, list: importsList(organizationId, eventId) },
        async (importId) => find({ organizationId, importId }),
      ),

    async commitAnalysis(analyzed, analysis) {
      const result = await transact(client, [
        {
          as: 'import',
          Put: {
            TableName,
            Item: toImportItem(analyzed, analyzed.createdAtMs),
            ...toStatusCondition(TRANSITIONS.analyze.from),
          },
        },
        { as: 'analysis', Put: { TableName, Item: toAnalysisItem(analyzed, analysis) } },
      ]);
      return result.committed;
    },

    async commitFailure({ organizationId, importId }, stopReason) {
      const condition = toStatusCondition(TRANSITIONS.refuseUpload.from);
      return tryUpdate({
        Key: importKey(organizationId, importId),
        UpdateExpression: 'SET #status = :failed, stopReason = :stopReason',
        ...condition,
        ExpressionAttributeValues: {
          ...condition.ExpressionAttributeValues,
          ':failed': 'FAILED',
          ':stopReason': stopReason,
        },
      });
    },

    async commitStart(before, started, nowMs) {
      const { organizationId, importId } = before;
      const result = await transact<'import' | 'outbox'>(client, [
        {
          as: 'import',
          Put: {
            TableName,
            Item: toImportItem(started, nowMs),
            ConditionExpression: '#status = :before AND #sequence = :sequence',
            ExpressionAttributeNames: { '#status': 'status', '#sequence': 'sequence' },
            ExpressionAttributeValues: { ':before': before.status, ':sequence': before.sequence },
          },
        },
        toOutbox({ type: 'import.run', organizationId, importId }, nowMs),
      ]);
      return result.committed;
    },

    async commitReport({ organizationId, importId }, report, nowMs) {
      const condition = toStatusCondition(REPORTABLE);
      const { reportId } = report;
      const result = await transact<'import' | 'outbox'>(client, [
        {
          as: 'import',
          Update: {
            TableName,
            Key: importKey(organizationId, importId),
            UpdateExpression: 'SET #report = :report',
            // It ran, and not only to see what would be.
            ConditionExpression: `${condition.ConditionExpression} AND dryRun = :false`,
            ExpressionAttributeNames: {
              ...condition.ExpressionAttributeNames,
              '#report': 'report',
            },
            ExpressionAttributeValues: {
              ...condition.ExpressionAttributeValues,
              ':false': false,
              ':report': report,
            },
          },
        },
        toOutbox({ type: 'import.report', organizationId, importId, reportId }, nowMs),
      ]);
      return result.committed;
    },

    saveReport: async ({ organizationId, importId, reportId }, ...note) => {
      const key = importKey(organizationId, importId);
      return saveFile(access, { key, path: ['report'], request: ['reportId', reportId] }, note);
    },

    async finishReport({ organizationId, importId }, { reportId }) {
      return tryUpdate({
        Key: importKey(organizationId, importId),
        UpdateExpression: 'SET #report.#ready = :ready REMOVE #report.#file',
        ConditionExpression: '#report.reportId = :reportId',
        ExpressionAttributeNames: { '#report': 'report', '#ready': 'ready', '#file': 'file' },
        ExpressionAttributeValues: { ':ready': true, ':reportId': reportId },
      });
    },

    async listDue(nowMs, limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byDue',
          KeyConditionExpression: 'g4 = :due AND due <= :now',
          ExpressionAttributeValues: { ':due': importsDue(), ':now': nowMs },
          Limit: limit,
        }),
      );
      return Items.map((item) => fromImportKey(String(item['pk'])));
    },

    async postpone({ organizationId, importId }, nowMs) {
      await tryUpdate({
        Key: importKey(organizationId, importId),
        UpdateExpression: 'SET due = :later',
        ConditionExpression: 'due <= :now',
        ExpressionAttributeValues: { ':later': toDueMs(nowMs), ':now': nowMs },
      });
    },
  };
}

const toStatusCondition = (statuses: readonly ImportStatus[]) => ({
  ConditionExpression: `#status IN (${statuses.map((_status, index) => `:s${index}`).join(', ')})`,
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: Object.fromEntries(
    statuses.map((status, index) => [`:s${index}`, status]),
  ),
});

function fromImportKey(pk: string): ImportIds {
  const [, organizationId = '', importId = ''] = pk.split('#');
  return { organizationId, importId };
}
