// Reading one item by its key, strongly consistent and parsed by the schema of its kind, and all items of a query.
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type output, parse, type $ZodType } from 'zod/v4/core';
import type { Key } from './keys.ts';

export interface TableAccess {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

export async function loadItem<S extends $ZodType>(
  { client, tableName }: TableAccess,
  key: Key,
  schema: S,
): Promise<output<S> | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
  );
  return Item === undefined ? undefined : parse(schema, Item);
}

/** Every page of a query whose result is bounded by a named limit of ours. */
export async function queryAll(client: DynamoDBDocumentClient, input: QueryCommandInput) {
  const items: Record<string, unknown>[] = [];
  for (let start: QueryCommandInput['ExclusiveStartKey']; ;) {
    const page = await client.send(
      new QueryCommand({ ...input, ...(start ? { ExclusiveStartKey: start } : {}) }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
    if (start === undefined) return items;
  }
}

/** The condition of a write that makes a thing. */
export const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' } as const;
