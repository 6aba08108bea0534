// Sales at marketplaces, as they are read.
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SaleStore } from '../app/marketplace-ports.ts';
import { SALE_STATUSES } from '../domain/marketplaces/sale.ts';
import { batchGet } from './batch-get.ts';
import { fromSaleItem } from './hold-item.ts';
import type { Key } from './keys.ts';
import { FROM_THE_START, saleKey, salesList } from './marketplace-keys.ts';
import type { TableAccess } from './table-access.ts';

export function createSaleStore(access: TableAccess): SaleStore {
  const { client, tableName: TableName } = access;

  const query = async (list: string, after: string, limit: number) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byList',
        KeyConditionExpression: 'g2 = :list AND srt > :after',
        ExpressionAttributeValues: { ':list': list, ':after': after },
        Limit: limit,
      }),
    );
    return Items as (Key & { readonly srt: string })[];
  };

  return {
    async find(ids) {
      const Key = saleKey(ids);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && fromSaleItem(Item);
    },

    async list({ organizationId, status, marketplace }, { after = FROM_THE_START, limit }) {
      const statuses = status === undefined ? SALE_STATUSES : [status];
      const pages = await Promise.all(
        statuses.map(async (each) => query(salesList(organizationId, each), after, limit)),
      );
      const entries = pages
        .flat()
        .toSorted((a, b) => (a.srt < b.srt ? -1 : 1))
        .slice(0, limit);
      const items = (await batchGet(access, entries))
        .map(fromSaleItem)
        .filter((sale) => marketplace === undefined || sale.marketplace === marketplace)
        .filter((sale) => status === undefined || sale.status === status)
        .toSorted((a, b) => (a.saleId < b.saleId ? -1 : 1));
      const next = entries.length === limit ? entries.at(-1)?.srt : undefined;
      return { items, ...(next === undefined ? {} : { next }) };
    },
  };
}
