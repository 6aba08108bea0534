// Makes the template's tables in DynamoDB Local: keys, indexes with their projections, stream and expiry. A table kept
// from an earlier run is used again, as long as it still is what the template says.
import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  type AttributeDefinition,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type StreamSpecification,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { StartProblem } from '../problem.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolver } from '../template/resolve.ts';

export interface TableSpec {
  readonly tableName: string;
  readonly input: CreateTableCommandInput;
  readonly ttlAttribute?: string;
}

export function readTable(resource: Resource, { property, name }: Resolver): TableSpec {
  const tableName = name(resource);
  const stream = property(resource, 'StreamSpecification') as StreamSpecification | undefined;
  const indexes = (property(resource, 'GlobalSecondaryIndexes') ?? []) as GlobalSecondaryIndex[];
  const ttl = property(resource, 'TimeToLiveSpecification') as
    | { AttributeName?: string; Enabled?: boolean }
    | undefined;
  return {
    tableName,
    input: {
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: property(resource, 'AttributeDefinitions') as AttributeDefinition[],
      KeySchema: property(resource, 'KeySchema') as KeySchemaElement[],
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema, Projection }) => ({
              IndexName,
              KeySchema,
              Projection,
            })),
          }),
      ...(stream?.StreamViewType === undefined
        ? {}
        : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } }),
    },
    ...(ttl?.Enabled === true && ttl.AttributeName !== undefined
      ? { ttlAttribute: ttl.AttributeName }
      : {}),
  };
}

/** Answers the ARN of the table's stream, if it has one. */
export async function makeTable(
  client: DynamoDBClient,
  spec: TableSpec,
): Promise<string | undefined> {
  const existing = await describe(client, spec.tableName);
  if (existing !== undefined) {
    if (shapeOf(existing) === shapeOf(spec.input)) return existing.LatestStreamArn;
    throw new StartProblem(
      `The table ${spec.tableName} that an earlier run left has other keys or indexes than the template. ` +
        'Delete the data folder (.local) or start with --memory.',
    );
  }
  const { TableDescription: made } = await client.send(new CreateTableCommand(spec.input));
  if (spec.ttlAttribute !== undefined) {
    const TimeToLiveSpecification = { AttributeName: spec.ttlAttribute, Enabled: true };
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: spec.tableName, TimeToLiveSpecification }),
    );
  }
  return made?.LatestStreamArn;
}

async function describe(
  client: DynamoDBClient,
  tableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: tableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Keys, indexes and stream as one comparable text. */
function shapeOf(table: TableDescription | CreateTableCommandInput): string {
  const keys = (schema: readonly KeySchemaElement[] = []): string[] =>
    schema.map((key) => `${key.AttributeName}:${key.KeyType}`);
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(
    ({ IndexName, KeySchema, Projection }) => [
      IndexName,
      keys(KeySchema),
      Projection?.ProjectionType,
      (Projection?.NonKeyAttributes ?? []).toSorted(),
    ],
  );
  const types = (table.AttributeDefinitions ?? []).map(
    (one) => `${one.AttributeName}:${one.AttributeType}`,
  );
  return JSON.stringify([
    keys(table.KeySchema),
    types.toSorted(),
    indexes.toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))),
    table.StreamSpecification?.StreamViewType,
  ]);
}
