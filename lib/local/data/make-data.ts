// Everything that holds data, made from the template before the first function is loaded: functions get names and
// URLs through their environment.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { present } from '../../domain/assert.ts';
import { resourcesOf, type StackTemplate } from '../template/assembly.ts';
import type { Made } from '../template/place.ts';
import { createResolver } from '../template/resolve.ts';
import { type BucketNotification, makeBucket, readBucket } from './make-buckets.ts';
import { makeQueues, readQueue } from './make-queues.ts';
import { makeTable, readTable } from './make-table.ts';

export interface Clients {
  readonly dynamoDb: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** Clients of the host itself; the SDK reads endpoints, region and key from the environment. */
export const createClients = (): Clients => ({
  dynamoDb: new DynamoDBClient({}),
  s3: new S3Client({ forcePathStyle: true }),
  sqs: new SQSClient({}),
});

export interface Data {
  readonly made: Made;
  readonly queueUrl: (queueName: string) => string;
  readonly notifications: readonly BucketNotification[];
}

export interface MakeDataInput {
  readonly stacks: readonly StackTemplate[];
  readonly clients: Clients;
  readonly sqsEndpoint: string;
  readonly baseUrl: string;
}

export async function makeData({
  stacks,
  clients,
  sqsEndpoint,
  baseUrl,
}: MakeDataInput): Promise<Data> {
  const queueUrls = new Map<string, string>();
  const streamArns = new Map<string, string>();
  const made: Made = {
    queueUrl: (queueName) =>
      present(queueUrls.get(queueName), `queue ${queueName} is not in the template`),
    streamArn: (tableName) =>
      present(streamArns.get(tableName), `table ${tableName} has no stream`),
    apiEndpoint: baseUrl,
  };
  const resolver = createResolver(stacks, made);
  const queues = resourcesOf(stacks, 'AWS::SQS::Queue').map((one) => readQueue(one, resolver));
  const buckets = resourcesOf(stacks, 'AWS::S3::Bucket').map((one) => readBucket(one, resolver));
  const tables = resourcesOf(stacks, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  await Promise.all([
    makeQueues(clients.sqs, sqsEndpoint, queues).then((urls) => {
      for (const [queueName, url] of urls) queueUrls.set(queueName, url);
    }),
    ...buckets.map((bucket) => makeBucket(clients.s3, bucket)),
    ...tables.map(async (table) => {
      const spec = readTable(table, resolver);
      const streamArn = await makeTable(clients.dynamoDb, spec);
      if (streamArn !== undefined) streamArns.set(spec.tableName, streamArn);
    }),
  ]);
  return {
    made,
    queueUrl: made.queueUrl,
    notifications: buckets.flatMap(({ notifications }) => notifications),
  };
}
