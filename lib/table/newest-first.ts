// Lists through the index byList that begin with the newest. The index only names what is in them: each is read from the
// table, as it is by now.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Page, PageRequest } from '../app/event-ports.ts';
import type { TableAccess } from './table-access.ts';

export async function listNewestFirst<T>(
  { client, tableName: TableName }: TableAccess,
  { list, after, limit }: PageRequest & { readonly list: string },
  find: (position: string) => Promise<T | undefined>,
): Promise<Page<T>> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byList',
      KeyConditionExpression: after === undefined ? 'g2 = :list' : 'g2 = :list AND srt < :after',
      ExpressionAttributeValues: {
        ':list': list,
        ...(after === undefined ? {} : { ':after': after }),
      },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  const positions = Items.map((item) => String(item['srt']));
  const found = await Promise.all(positions.map(find));
  const last = positions.at(-1);
  return {
    items: found.filter((item) => item !== undefined),
    ...(LastEvaluatedKey && last !== undefined ? { next: last } : {}),
  };
}
