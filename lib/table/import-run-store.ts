// What a running import writes: tickets and rows by single conditional writes, places and bookings by transactions
// that state the import's sequence, so that each chunk is booked once.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ImportRunStore } from '../app/import-ports.ts';
import { assert } from '../domain/assert.ts';
import { decideReservation } from '../domain/imports/capacity.ts';
import { type Import, type ImportIds, TRANSITIONS } from '../domain/imports/import.ts';
import { backoff } from './backoff.ts';
import { toBlockClaim, toNextBlock } from './id-store.ts';
import { toImportItem, toReservationItem } from './import-item.ts';
import { toTicketWrite } from './imported-ticket-item.ts';
import {
  barcodeKey,
  IMPORT_BLOCK_PREFIX,
  importBlockKey,
  importKey,
  importPartition,
  orderTicketsList,
  rowKey,
} from './keys.ts';
import { loadStocks, type StockChange, toStockUpdates } from './stock-store.ts';
import { queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

/** Blocks tried in a row: each is another millisecond of the organization's ids. */
const BLOCK_TRIES_MAX = 1_000;

export function createImportRunStore(access: TableAccess): ImportRunStore {
  return {
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

    async putRow({ organizationId, importId }, { row, ...rest }) {
      const { client, tableName: TableName } = access;
      const Item = {
        ...rowKey({ organizationId, importId }, rest.outcome, row),
        kind: 'importRow',
        row,
        ...rest,
      };
      await client.send(new PutCommand({ TableName, Item }));
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

async function reserve(
  access: TableAccess,
  running: Import,
  wanted: readonly number[],
): ReturnType<ImportRunStore['reserve']> {
  const { client, tableName: TableName } = access;
  for (const wait of backoff()) {
    const stocks = await loadStocks(access, running);
    const decision = decideReservation(stocks, wanted);
    if (decision.as === 'unlimited' || decision.as === 'soldOut') return decision;
    if (decision.as === 'reserve') {
      const { reservation } = decision;
      const result = await transact<'import' | 'stock'>(client, [
        {
          as: 'import',
          Update: {
            TableName,
            Key: importKey(running.organizationId, running.importId),
            UpdateExpression: 'SET reservation = :reservation',
            ConditionExpression: `${IS_NEXT} AND attribute_not_exists(reservation)`,
            ExpressionAttributeNames: IS_NEXT_NAMES,
            ExpressionAttributeValues: {
              ...toNextValues(running),
              ':reservation': toReservationItem(reservation),
            },
          },
        },
        ...toStockUpdates(TableName, running, {
          event: { imported: 0, reserved: reservation.event },
          types: mapValues(reservation.types, (reserved) => ({ imported: 0, reserved })),
          expected: stocks,
        }),
      ]);
      if (result.committed) return { as: 'reserved', reservation };
      if (result.failed === 'import') return { as: 'lost' };
    }
    if (!(await wait())) return { as: 'busy' };
  }
  return { as: 'busy' };
}

async function commitChunk(
  { client, tableName: TableName }: TableAccess,
  before: Import,
  after: Import,
  { created, nowMs }: Parameters<ImportRunStore['commitChunk']>[2],
): Promise<boolean> {
  const reserved = before.reservation;
  const made = created.values().reduce((sum, count) => sum + count, 0);
  const typeIds = new Set([...created.keys(), ...(reserved?.types.keys() ?? [])]);
  const toChange = (imported: number, places: number): StockChange => ({
    imported,
    reserved: -places,
  });
  const result = await transact<'import' | 'stock'>(client, [
    {
      as: 'import',
      Put: {
        TableName,
        Item: toImportItem(after, nowMs),
        // Without this a run that saw no capacity could book over the places of one that did.
        ConditionExpression: `${IS_NEXT} AND ${
          reserved === undefined
            ? 'attribute_not_exists(reservation)'
            : 'attribute_exists(reservation)'
        }`,
        ExpressionAttributeNames: IS_NEXT_NAMES,
        ExpressionAttributeValues: toNextValues(before),
      },
    },
    ...toStockUpdates(TableName, before, {
      event: toChange(made, reserved?.event ?? 0),
      types: new Map(
        [...typeIds].map((typeId) => [
          typeId,
          toChange(created.get(typeId) ?? 0, reserved?.types.get(typeId) ?? 0),
        ]),
      ),
    }),
  ]);
  return result.committed;
}

const IS_NEXT = '#status = :running AND #sequence = :sequence';
const IS_NEXT_NAMES = { '#status': 'status', '#sequence': 'sequence' };
const toNextValues = ({ sequence }: Import) => ({
  ':running': TRANSITIONS.progress.from[0],
  ':sequence': sequence,
});

const mapValues = <K, A, B>(map: ReadonlyMap<K, A>, change: (value: A) => B): ReadonlyMap<K, B> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
