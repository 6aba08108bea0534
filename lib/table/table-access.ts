// Reading one item by its key: strongly consistent and parsed by the schema of its kind.
import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
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
