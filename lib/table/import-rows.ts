// What came of an import's rows, read in file order from the shards over which they were written.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ImportRowReader } from '../app/import-ports.ts';
import { assert } from '../domain/assert.ts';
import { ID_BLOCK_SIZE, toNumericId } from '../domain/ids.ts';
import type { Import, ImportIds, ImportRow } from '../domain/imports/import.ts';
import {
  eventTicketsList,
  padId,
  padRow,
  ROW_SHARDS,
  rowsPartition,
  TICKET_SHARDS,
} from './keys.ts';
import { inOrder, loadTickets, type TicketEntry } from './load-tickets.ts';
import type { TableAccess } from './table-access.ts';

/** Id blocks that one page looks through; an import of duplicates alone has many empty ones. */
const PAGE_BLOCKS_MAX = 10;

const $RowItem = z.object({
  row: z.number(),
  outcome: z.enum(['duplicate', 'rejected', 'blank']),
  reason: z.string().exactOptional(),
  cells: z.array(z.string()),
});

export function createImportRowReader(
  access: TableAccess,
  loadBlocks: (ids: ImportIds) => Promise<ReadonlyMap<number, number>>,
): ImportRowReader {
  return {
    async listRows(ids, outcomes, { after, upTo, limit }) {
      if (after >= upTo) return [];
      const shards = await Promise.all(
        outcomes.flatMap((outcome) =>
          Array.from({ length: ROW_SHARDS }, async (_, shard) =>
            queryRows(access, rowsPartition(ids, outcome, shard), { after, upTo, limit }),
          ),
        ),
      );
      return shards
        .flat()
        .toSorted((a, b) => a.row - b.row)
        .slice(0, limit);
    },

    async listTickets(found, page) {
      const { entries, ...next } = await listTicketEntries(access, await loadBlocks(found), {
        found,
        ...page,
      });
      return { tickets: inOrder(entries, await loadTickets(access, entries)), ...next };
    },
  };
}

/** Entries of an import's tickets after a row, in row order; `nextRow` unless there are no more. */
export async function listTicketEntries(
  access: TableAccess,
  blocks: ReadonlyMap<number, number>,
  {
    found,
    after,
    limit,
  }: { readonly found: Import; readonly after: number; readonly limit: number },
): Promise<{ readonly entries: readonly TicketEntry[]; readonly nextRow?: number }> {
  const entries: TicketEntry[] = [];
  let index = Math.floor(after / ID_BLOCK_SIZE);
  for (let looked = 0; looked < PAGE_BLOCKS_MAX && entries.length < limit; looked += 1) {
    const block = blocks.get(index);
    if (block === undefined) return { entries };
    const start = Math.max(0, after - index * ID_BLOCK_SIZE);
    entries.push(...(await queryBlock(access, found, { block, start, limit })));
    index += 1;
  }
  const page = entries.slice(0, limit);
  const isCut = page.length === limit;
  return { entries: page, nextRow: isCut ? toLastRow(page, blocks) : index * ID_BLOCK_SIZE };
}

async function queryRows(
  { client, tableName: TableName }: TableAccess,
  pk: string,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<ImportRow[]> {
  const rows: ImportRow[] = [];
  // A page of wide rows can reach the 1 MB of one answer before the limit.
  for (let from = after; rows.length < limit && from < upTo;) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :upTo',
        ExpressionAttributeValues: { ':pk': pk, ':from': padRow(from + 1), ':upTo': padRow(upTo) },
        Limit: limit - rows.length,
      }),
    );
    rows.push(...Items.map((item): ImportRow => $RowItem.parse(item)));
    if (LastEvaluatedKey === undefined) break;
    from = Number(LastEvaluatedKey['sk']);
  }
  return rows;
}

/** Entries of one id block from a position on, in id order. */
async function queryBlock(
  { client, tableName: TableName }: TableAccess,
  { organizationId, eventId }: Import,
  {
    block,
    start,
    limit,
  }: { readonly block: number; readonly start: number; readonly limit: number },
): Promise<TicketEntry[]> {
  const shards = await Promise.all(
    Array.from({ length: TICKET_SHARDS }, async (_, shard) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byList',
          KeyConditionExpression: 'g2 = :list AND srt BETWEEN :first AND :last',
          ExpressionAttributeValues: {
            ':list': eventTicketsList(organizationId, eventId, shard),
            ':first': padId(toNumericId(block, start)),
            ':last': padId(toNumericId(block, ID_BLOCK_SIZE - 1)),
          },
          Limit: limit,
        }),
      );
      return Items as TicketEntry[];
    }),
  );
  return shards
    .flat()
    .toSorted((a, b) => (a.srt < b.srt ? -1 : 1))
    .slice(0, limit);
}

/** The row of the last entry: its id is a place in one of the import's blocks. */
function toLastRow(
  page: readonly { readonly srt: string }[],
  blocks: ReadonlyMap<number, number>,
): number {
  const lastId = Number(page.at(-1)?.srt);
  const block = Math.floor(lastId / ID_BLOCK_SIZE);
  const [index] = [...blocks].find(([, owned]) => owned === block) ?? [];
  assert(index !== undefined, 'a ticket of the import lies in one of its blocks');
  return index * ID_BLOCK_SIZE + (lastId % ID_BLOCK_SIZE) + 1;
}
