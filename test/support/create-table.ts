// A table made from the same schema as the deployed one.
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEXES, KEY_ATTRIBUTES } from '../../lib/table/schema.ts';
import { testAwsConfig } from './aws.ts';

export interface TestTable {
  readonly tableName: string;
  readonly bare: DynamoDBClient;
  readonly client: DynamoDBDocumentClient;
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
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  return { tableName, bare, client: DynamoDBDocumentClient.from(bare) };
}
