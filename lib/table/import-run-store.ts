// What a running import writes: tickets and rows by single conditional writes. Places and bookings are in
// import-booking.ts.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ImportRunStore } from '../app/import-ports.ts';
import { assert } from '../domain/assert.ts';
import type { ImportIds } from '../domain/imports/import.ts';
import { toBlockClaim, toNextBlock } from './id-store.ts';
import { commitChunk, reserve } from './import-booking.ts';
import { toTicketWrite } from './imported-ticket-item.ts';
import {
  barcodeKey,
  contactRowsList,
  IMPORT_BLOCK_PREFIX,
  importBlockKey,
  importPartition,
  orderTicketsList,
  padRow,
  rowKey,
} from './keys.ts';
import { queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

/** Writes in flight: enough to fill a table's connections, few enough for a small function's memory. */
export const WRITES_PARALLEL = 48;
/** Blocks tried in a row: each is another millisecond of the organization's ids. */
const BLOCK_TRIES_MAX = 1_000;

/** Without links to other organizations, see link-store.ts. */
export function createImportRunStore(access: TableAccess): Omit<ImportRunStore, 'link'> {
  return {
    parallel: WRITES_PARALLEL,
    loadBlocks: async (ids) => loadBlocks(access, ids),
    claimBlock: async (ids, claim) => claimBlock(access, ids, claim),
    reserve: async (running, wanted) => reserve(access, running, wanted),
    commitChunk: async (before, after, done) => commitChunk(access, before, after, done),

    async putTicket(ticket) {
      const { client, tableName: TableName } = access;
      const { item, note } = toTicketWrite(ticket);
      const isOurs = await putOnce(access, item);
      if (isOurs && note !== undefined)
        await client.send(new PutCommand({ TableName, Item: note }));
      return isOurs ? 'created' : 'duplicate';
    },

    async setOrder(organizationId, barcode, { eventTicketId, orderId }) {
      const { client, tableName: TableName } = access;
      await client.send(
        new UpdateCommand({
          TableName,
          Key: barcodeKey(organizationId, barcode),
          UpdateExpression: 'SET oid = :order, g3 = :list',
          ConditionExpression: 'tid = :ticket',
          ExpressionAttributeValues: {
            ':order': orderId,
            ':list': orderTicketsList(organizationId, orderId),
            ':ticket': eventTicketId,
          },
        }),
      );
    },

    async putRow({ organizationId, importId }, { row, ...rest }, contactId) {
      const { client, tableName: TableName } = access;
      const Item = {
        ...rowKey({ organizationId, importId }, rest.outcome, row),
        kind: 'importRow',
        row,
        ...rest,
        ...(contactId === undefined
          ? {}
          : { g3: contactRowsList(organizationId, contactId), srt: padRow(row) }),
      };
      await client.send(new PutCommand({ TableName, Item }));
    },

    async forgetHolder({ organizationId, barcode, eventTicketId, importId, importRow }) {
      const { client, tableName: TableName } = access;
      await client.send(
        new UpdateCommand({
          TableName,
          Key: barcodeKey(organizationId, barcode),
          UpdateExpression: 'SET oid = :order, g3 = :list REMOVE nam, nte, con',
          ConditionExpression: 'tid = :ticket AND attribute_not_exists(nxt)',
          ExpressionAttributeValues: {
            ':order': eventTicketId,
            ':list': orderTicketsList(organizationId, eventTicketId),
            ':ticket': eventTicketId,
          },
        }),
      );
      const Key = rowKey({ organizationId, importId }, 'note', importRow);
      await client.send(new DeleteCommand({ TableName, Key }));
    },

    async findOwner(organizationId, barcode) {
      const { client, tableName: TableName } = access;
      const Key = barcodeKey(organizationId, barcode);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && toOwner(Item);
    },
  };
}

/** False when the barcode belongs to somebody else; true also when this same row has written it before. */
async function putOnce(
  { client, tableName: TableName }: TableAccess,
  item: ReturnType<typeof toTicketWrite>['item'],
): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    assert(error.Item, 'a barcode that exists has an item');
    const owner = toOwner(unmarshall(error.Item));
    return owner.importId === item.imp && owner.importRow === item.irw;
  }
}

const toOwner = (item: Readonly<Record<string, unknown>>) => ({
  ...(typeof item['imp'] === 'string' ? { importId: item['imp'] } : {}),
  ...(typeof item['irw'] === 'number' ? { importRow: item['irw'] } : {}),
});

async function loadBlocks(
  { client, tableName: TableName }: TableAccess,
  { organizationId, importId }: ImportIds,
): Promise<ReadonlyMap<number, number>> {
  const items = await queryAll(client, {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :block)',
    ExpressionAttributeValues: {
      ':pk': importPartition(organizationId, importId),
      ':block': IMPORT_BLOCK_PREFIX,
    },
  });
  return new Map(items.map((item) => [Number(item['index']), Number(item['block'])]));
}

async function claimBlock(
  { client, tableName: TableName }: TableAccess,
  { organizationId, importId }: ImportIds,
  claim: { readonly index: number; readonly after: number; readonly nowMs: number },
): Promise<number> {
  const { index } = claim;
  const first = toNextBlock(claim.nowMs, claim.after);
  for (let block = first; block < first + BLOCK_TRIES_MAX; block += 1) {
    const Key = importBlockKey(organizationId, importId, index);
    const result = await transact<'owned' | 'block'>(client, [
      {
        as: 'owned',
        Put: {
          TableName,
          Item: { ...Key, kind: 'importBlock', index, block },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { as: 'block', ...toBlockClaim(TableName, organizationId, block) },
    ]);
    if (result.committed) return block;
    if (result.failed === 'owned') return Number(result.existing?.['block']);
  }
  throw new Error('no free id block: the organization claims them faster than time passes');
}
