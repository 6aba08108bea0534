// Sales at marketplaces: found, listed, and changed as one transaction each. How tickets move with one stands in move.ts.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Page, PageRequest } from '../app/event-ports.ts';
import type { SaleQuery, SaleStore } from '../app/marketplace-ports.ts';
import {
  isCanceledAhead,
  type MarketplaceSale,
  type StoredSale,
} from '../domain/marketplaces/sale.ts';
import { batchGet } from './batch-get.ts';
import { commitGiveBack } from './give-back.ts';
import { commitMove } from './hold-move.ts';
import type { Key } from './keys.ts';
import {
  allSalesList,
  FROM_THE_START,
  listingPartition,
  saleKey,
  saleLookup,
  salesDue,
  salesList,
  WAITING_PREFIX,
} from './marketplace-keys.ts';
import { fromSaleItem, fromWaitingItem, toAheadItem } from './sale-item.ts';
import { type SaleLabel, toSaleWrites } from './sale-writes.ts';
import { ABSENT, queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

export function createSaleStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): SaleStore {
  const { client, tableName: TableName } = access;
  return {
    async find(ids) {
      const Key = saleKey(ids);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && fromSaleItem(Item);
    },

    async findById(organizationId, saleId) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byId',
          KeyConditionExpression: 'g1 = :id',
          ExpressionAttributeValues: { ':id': saleLookup(organizationId, saleId) },
          Limit: 1,
        }),
      );
      return (await loadSales(access, Items as Key[]))[0];
    },

    async change(change) {
      const writes = toSaleWrites(TableName, change, toOutboxId(change.nowMs));
      return (await transact<SaleLabel>(client, writes)).committed;
    },

    async cancelAhead(ids, nowMs) {
      try {
        await client.send(new PutCommand({ TableName, Item: toAheadItem(ids, nowMs), ...ABSENT }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    giveBack: async (made) => commitGiveBack(access, made, toOutboxId),
    sell: async (made) => commitMove(access, made, toOutboxId),

    async listWaiting({ organizationId, listingId }) {
      const items = await queryAll(client, {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :waiting)',
        ExpressionAttributeValues: {
          ':pk': listingPartition(organizationId, listingId),
          ':waiting': WAITING_PREFIX,
        },
      });
      return items.map(fromWaitingItem);
    },

    async listDue(nowMs, limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byDue',
          KeyConditionExpression: 'g4 = :due AND due <= :now',
          ExpressionAttributeValues: { ':due': salesDue(), ':now': nowMs },
          Limit: limit,
        }),
      );
      return loadSales(access, Items as Key[]);
    },

    list: async (query, page) => listSales(access, query, page),
  };
}

/** Oldest first. */
const loadSales = async (access: TableAccess, keys: readonly Key[]) =>
  (await batchGet(access, keys))
    .map(fromSaleItem)
    .filter((sale: StoredSale): sale is MarketplaceSale => !isCanceledAhead(sale))
    .toSorted((a, b) => (a.saleId < b.saleId ? -1 : 1));

async function listSales(
  access: TableAccess,
  { organizationId, status, marketplace }: SaleQuery,
  { after = FROM_THE_START, limit }: PageRequest,
): Promise<Page<MarketplaceSale>> {
  const { index, hash, list } =
    status === undefined
      ? { index: 'byOwner', hash: 'g3', list: allSalesList(organizationId) }
      : { index: 'byList', hash: 'g2', list: salesList(organizationId, status) };
  const { Items = [] } = await access.client.send(
    new QueryCommand({
      TableName: access.tableName,
      IndexName: index,
      KeyConditionExpression: `${hash} = :list AND srt > :after`,
      ExpressionAttributeValues: { ':list': list, ':after': after },
      Limit: limit,
    }),
  );
  const items = (await loadSales(access, Items as Key[]))
    .filter((sale) => marketplace === undefined || sale.marketplace === marketplace)
    // The index may be late.
    .filter((sale) => status === undefined || sale.status === status);
  const next = Items.length === limit ? Items.at(-1)?.['srt'] : undefined;
  return { items, ...(next === undefined ? {} : { next: String(next) }) };
}
