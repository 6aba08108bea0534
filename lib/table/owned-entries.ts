// All entries of a list in `byOwner`, a page at a time.
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { TicketEntry } from './load-tickets.ts';
import type { TableAccess } from './table-access.ts';

/** Entries that are read at once. */
const PAGE = 200;

export async function* readOwned(
  { client, tableName: TableName }: TableAccess,
  list: string,
): AsyncGenerator<readonly TicketEntry[]> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byOwner',
        KeyConditionExpression: 'g3 = :list',
        ExpressionAttributeValues: { ':list': list },
        Limit: PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    yield (page.Items ?? []) as TicketEntry[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
