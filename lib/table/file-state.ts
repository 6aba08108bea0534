// How far a file is that takes more than one call, in the item of what it is a file of.
import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { SaveFile } from '../app/export-ports.ts';
import type { Key } from './keys.ts';
import type { TableAccess } from './table-access.ts';

export const $FileState = z.object({
  source: z.string(),
  risky: z.array(z.number()),
  isLooking: z.boolean(),
  after: z.exactOptional(z.string()),
  parts: z.array(z.string()),
  tail: z.exactOptional(z.string()),
  mark: z.string(),
});

/** The map in which it stands: the item itself, or an attribute of it. */
export interface FilePlace {
  readonly key: Key;
  readonly path: readonly string[];
  /** The request that the file is for: its attribute in the map, and its value. */
  readonly request: readonly [name: string, value: string];
}

export async function saveFile(
  { client, tableName: TableName }: TableAccess,
  { key, path, request }: FilePlace,
  [state, before]: Parameters<SaveFile>,
): Promise<boolean> {
  const at = (name: string): string => [...path, name].map((part) => `#${part}`).join('.');
  const [requestName, requestId] = request;
  const names = [...path, requestName, 'ready', 'file', ...(before === undefined ? [] : ['mark'])];
  const isLast =
    before === undefined ? `attribute_not_exists(${at('file')})` : `${at('file')}.#mark = :before`;
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key: key,
        UpdateExpression: `SET ${at('file')} = :state`,
        ConditionExpression: `${at(requestName)} = :request AND ${at('ready')} = :no AND ${isLast}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':state': state,
          ':request': requestId,
          ':no': false,
          ...(before === undefined ? {} : { ':before': before }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Our own write, sent once more after its reply was lost.
    return isDeepStrictEqual(findState(error.Item, path), state);
  }
}

function findState(
  item: ConditionalCheckFailedException['Item'],
  path: readonly string[],
): unknown {
  let value: unknown = item && unmarshall(item);
  for (const name of [...path, 'file'])
    value = (value as Record<string, unknown> | undefined)?.[name];
  return value;
}
