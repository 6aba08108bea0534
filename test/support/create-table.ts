// A table made from the same schema as the deployed one, but for the stream: with it DynamoDB Local is slower.
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { present } from '../../lib/domain/assert.ts';
import { INDEXES, KEY_ATTRIBUTES } from '../../lib/table/schema.ts';
import { testAwsConfig } from './aws.ts';

export interface TestTable {
  readonly tableName: string;
  readonly bare: DynamoDBClient;
  readonly client: DynamoDBDocumentClient;
}

const streams = new Map<string, Promise<string>>();

/** The ARN of the table's stream, which tells of what is written from the first call on. */
export async function openStream(table: Pick<TestTable, 'bare' | 'tableName'>): Promise<string> {
  const opened = streams.get(table.tableName) ?? enableStream(table);
  streams.set(table.tableName, opened);
  return opened;
}

async function enableStream({
  bare,
  tableName: TableName,
}: Pick<TestTable, 'bare' | 'tableName'>): Promise<string> {
  const { TableDescription } = await bare.send(
    new UpdateTableCommand({
      TableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  return present(TableDescription?.LatestStreamArn, 'a table with a stream says which');
}

export async function createTable(endpoint: string): Promise<TestTable> {
  const bare = new DynamoDBClient(testAwsConfig(endpoint));
  const tableName = `test-${randomUUID()}`;
  await bare.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Object.entries(KEY_ATTRIBUTES).map(([name, type]) => ({
        AttributeName: name,
        AttributeType: type,
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.entries(INDEXES).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: index.hash, KeyType: 'HASH' as const },
          ...(index.range ? [{ AttributeName: index.range, KeyType: 'RANGE' as const }] : []),
        ],
        Projection:
          index.include.length > 0
            ? { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.include] }
            : { ProjectionType: 'KEYS_ONLY' as const },
      })),
    }),
  );
  return { tableName, bare, client: DynamoDBDocumentClient.from(bare) };
}
