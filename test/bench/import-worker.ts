// The importer's worker in a process of its own, so that its memory is its own: takes orders from the benchmark and
// answers with what they cost. The bare loop runs here too, on the same client.
import { Agent } from 'node:http';
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import pMap from 'p-map';
import { createImportWorkerContainer } from '../../lib/runtime/container/import-worker.ts';
import { WRITES_PARALLEL } from '../../lib/table/import-run-store.ts';
import { createImportWorker } from '../../lib/workers/import-queue.ts';
import { testAwsConfig } from '../support/aws.ts';
import { type Portion, toItems } from './import-rows.ts';

export interface WorkerConfig {
  readonly dynamoDb: string;
  readonly fauxqs: string;
  readonly env: Readonly<Record<string, string>>;
}

export type Order =
  | { readonly do: 'deliver'; readonly message: unknown; readonly count?: boolean }
  | { readonly do: 'putBare'; readonly portion: Portion; readonly count?: boolean };

export interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
  readonly calls: number;
  readonly units: number;
  /** Highest resident memory of each quarter of the time, and of the process's whole life. */
  readonly quartersMb: readonly number[];
  readonly peakMb: number;
}

/** No run of the benchmark ends because its time is over. */
const RUN_MS = 24 * 3_600_000;
const SAMPLE_MS = 20;

const { dynamoDb, fauxqs, env }: WorkerConfig = JSON.parse(process.argv[2] ?? '');
const options = { keepAlive: true, maxSockets: WRITES_PARALLEL + 8 };
const bare = new DynamoDBClient({
  ...testAwsConfig(dynamoDb),
  requestHandler: { httpAgent: new Agent(options) },
});
const s3 = new S3Client({ ...testAwsConfig(fauxqs), forcePathStyle: true });
const sqs = new SQSClient(testAwsConfig(fauxqs));
const deps = { ...createImportWorkerContainer(env, bare, s3, sqs), runMs: RUN_MS };
const worker = createImportWorker(deps);
const tableName = env['TABLE_NAME'] ?? '';

async function deliver(message: unknown): Promise<void> {
  const body = JSON.stringify(message);
  const Records = [{ messageId: 'bench', body }] as Parameters<typeof worker>[0]['Records'];
  const { batchItemFailures } = await worker({ Records });
  if (batchItemFailures.length > 0) throw new Error('the worker failed');
}

/** What anybody would write who only wants each barcode once. */
const putBare = async (items: readonly Record<string, AttributeValue>[]): Promise<unknown> =>
  pMap(
    items,
    async (Item) =>
      bare.send(
        new PutItemCommand({
          TableName: tableName,
          Item,
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    { concurrency: WRITES_PARALLEL },
  );

function startCounting(): { calls: number; units: number } {
  const counted = { calls: 0, units: 0 };
  bare.middlewareStack.add(
    (next) => async (args) => {
      counted.calls += 1;
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { ConsumedCapacity = [] } = result.output as {
        ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
      };
      for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) counted.units += CapacityUnits;
      return result;
    },
    { step: 'initialize', name: 'count' },
  );
  return counted;
}

async function measure(run: () => Promise<unknown>, count = false): Promise<Cost> {
  const counted = count ? startCounting() : { calls: 0, units: 0 };
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(process.memoryUsage.rss()), SAMPLE_MS);
  const start = performance.now();
  const before = process.cpuUsage();
  try {
    await run();
  } finally {
    clearInterval(sampling);
    bare.middlewareStack.remove('count');
  }
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const quarter = Math.ceil(samples.length / 4);
  const quartersMb = [0, 1, 2, 3].map((index) =>
    Math.round(Math.max(0, ...samples.slice(index * quarter, (index + 1) * quarter)) / 2 ** 20),
  );
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  return { ms, cpuMs: (user + system) / 1_000, ...counted, quartersMb, peakMb };
}

process.on('message', (order: Order) => {
  const work =
    order.do === 'deliver'
      ? measure(() => deliver(order.message), order.count)
      : measurePuts(order.portion, order.count);
  work.then(
    (cost) => process.send?.(cost),
    (error: unknown) => {
      throw error;
    },
  );
});

/** Items are made, and in DynamoDB's form, before the time begins. */
async function measurePuts(portion: Portion, count?: boolean): Promise<Cost> {
  const items = toItems(portion).map((item) => marshall(item));
  return measure(() => putBare(items), count);
}
