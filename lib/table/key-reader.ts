// Finds a key for authentication, with the bare client that the door uses too.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parse } from 'zod/v4/core';
import type { FindKey } from '../app/authenticate.ts';
import { $KeyItem } from './items.ts';
import { keyKey } from './keys.ts';

/** Strongly consistent, so that a new key works from the answer that showed it. */
export const createKeyReader =
  ({ client, tableName }: { client: DynamoDBClient; tableName: string }): FindKey =>
  async (organizationId, keyId) => {
    const { pk, sk } = keyKey(organizationId, keyId);
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ConsistentRead: true,
      }),
    );
    if (Item === undefined) return undefined;
    const { kind: _kind, ...key } = parse($KeyItem, unmarshall(Item));
    return key;
  };
