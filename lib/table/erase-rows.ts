// Taking a person out of the rows of imports that became no ticket.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { ContactIds, ErasureStore } from '../app/erasure-ports.ts';
import { contactRowsList, type Key, parseRowsPartition } from './keys.ts';
import { readOwned } from './owned-entries.ts';
import type { TableAccess } from './table-access.ts';

const WRITES_PARALLEL = 8;

interface RowEntry extends Key {
  readonly importId: string;
}

export async function listRowKeys(
  access: TableAccess,
  { organizationId, contactId }: ContactIds,
): Promise<readonly RowEntry[]> {
  const rows: RowEntry[] = [];
  for await (const entries of readOwned(access, contactRowsList(organizationId, contactId))) {
    rows.push(...entries.map((key) => ({ ...key, ...parseRowsPartition(key.pk) })));
  }
  return rows;
}

export async function eraseRows(
  access: TableAccess,
  ids: ContactIds,
  { isLast, toRedact }: Parameters<ErasureStore['eraseRows']>[1],
): Promise<void> {
  const byImport = Map.groupBy(await listRowKeys(access, ids), ({ importId }) => importId);
  for (const [importId, rows] of byImport) {
    const redact = await toRedact(importId);
    await pMap(rows, async (row) => eraseRow(access, row, { isLast, redact }), {
      concurrency: WRITES_PARALLEL,
    });
  }
}

async function eraseRow(
  { client, tableName: TableName }: TableAccess,
  { pk, sk }: Key,
  {
    isLast,
    redact,
  }: {
    readonly isLast: boolean;
    readonly redact: (cells: readonly string[]) => readonly string[];
  },
): Promise<void> {
  const Key = { pk, sk };
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  if (Item === undefined) return;
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: isLast ? 'SET cells = :cells REMOVE g3, srt' : 'SET cells = :cells',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':cells': redact(Item['cells'] as string[]) },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
