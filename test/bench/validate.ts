// The door: the whole validate handler beside a bare conditional UpdateItem through the SDK, on the same table. Both
// admit fresh tickets with the same kind of item and the same return values, in turns, so that noise hits both alike.
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { createAdminContainer } from '../../lib/runtime/container/admin.ts';
import { createOrganizersContainer } from '../../lib/runtime/container/organizers.ts';
import { createDoorClient, createScansContainer } from '../../lib/runtime/container/scans.ts';
import { ORGANIZER_ROUTES } from '../../lib/http/routes/organizers/routes.ts';
import { validate } from '../../lib/http/routes/scans/validate.ts';
import { serve } from '../../lib/http/serve.ts';
import { barcodeKey } from '../../lib/table/keys.ts';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import { createApi, toEvent } from '../support/api.ts';
import { testAwsConfig } from '../support/aws.ts';
import { startDynamoDb } from '../support/engines.ts';
import { createTable, type TestTable } from '../support/create-table.ts';
import { aTicket, anEvent } from '../support/builders.ts';
import { printCost } from './print-cost.ts';
import { benchFreshProcess } from './fresh-process.ts';
import { median, percentile } from './statistics.ts';

const ROUNDS = 15;
const SCANS_PER_ROUND = 200;
const CPU_SCANS = 5_000;
const PARALLEL = 32;
const PARALLEL_SCANS = 1_500;
const PARALLEL_ROUNDS = 5;

type Scan = (barcode: string, scanId: string) => Promise<{ readonly outcome: string }>;

interface Door {
  readonly table: TestTable;
  readonly organizationId: string;
  readonly eventId: string;
  readonly key: string;
  /** With the client that the door makes for itself. */
  readonly scan: Scan;
  /** With the client of the bare calls, which counts and answers what a measurement tells it. */
  readonly scanPlainly: Scan;
}

export async function benchValidate(): Promise<void> {
  const dynamoDb = await startDynamoDb('benchmarks');
  try {
    const table = await createTable(dynamoDb.endpoint);
    const door = await openDoor(table, createDoorClient(testAwsConfig(dynamoDb.endpoint)));
    await countCalls(door);
    await compareTimes(door);
    await compareThroughput(door);
    await measureCpu(door);
    printCost();
    await benchFreshProcess();
  } finally {
    await dynamoDb.stop();
  }
}

async function openDoor(table: TestTable, client: DynamoDBClient): Promise<Door> {
  const env = { TABLE_NAME: table.tableName, SCANS_QUEUE_URL: 'http://127.0.0.1:9/bench' };
  const made = await createAdminContainer(env, table.bare).createOrganization({ name: 'Bench' });
  if (!made.ok) throw new Error(made.refusal.code);
  const { organizationId, key: organizer } = made.value;
  const organizers = createApi(ORGANIZER_ROUTES, createOrganizersContainer(env, table.bare));
  const body = anEvent({ startsAt: '2026-01-01T00:00:00Z', endsAt: '2100-01-01T00:00:00Z' });
  const event = await organizers('POST /v1/events', { key: organizer, body });
  const { eventId } = event.body;
  const device = { name: 'Bench', eventIds: [eventId], gateId: 'main' };
  const { key } = (await organizers('POST /v1/devices', { key: organizer, body: device })).body;
  const unlimited = {
    limiter: () => ({ ok: true as const, value: undefined }),
    tellRefusal: async () => undefined,
  };
  const url = new URL('http://localhost/v1/validate');
  const toScan = (over: DynamoDBClient): Scan => {
    const handler = serve([validate], { ...createScansContainer(env, over), ...unlimited });
    return async (barcode, scanId) => {
      const call = { key, body: { scanId, eventId, barcode } };
      const response = await handler(toEvent({ method: 'POST', url, call }, validate, {}));
      return JSON.parse(response.body);
    };
  };
  const [scan, scanPlainly] = [toScan(client), toScan(table.bare)];
  return { table, organizationId, eventId, key, scan, scanPlainly };
}

async function putTickets(
  { table, organizationId, eventId }: Door,
  count: number,
): Promise<string[]> {
  const tickets = Array.from({ length: count }, () =>
    aTicket({ organizationId, eventId, holderName: 'Zoë de Vries' }),
  );
  for (let start = 0; start < count; start += 25) {
    const requests = tickets
      .slice(start, start + 25)
      .map((ticket) => ({ PutRequest: { Item: toTicketItem(ticket) } }));
    await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.tableName]: requests } }),
    );
  }
  return tickets.map((ticket) => ticket.barcode);
}

async function countCalls(door: Door): Promise<void> {
  const [warm, once] = await putTickets(door, 2);
  if (warm === undefined || once === undefined) throw new Error('two tickets were made');
  await door.scanPlainly(warm, 'warm');
  const calls: string[] = [];
  let units = 0;
  door.table.bare.middlewareStack.add(
    (next, context) => async (args) => {
      calls.push(String(context.commandName));
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { output } = result as { output: { ConsumedCapacity?: { CapacityUnits?: number } } };
      units += output.ConsumedCapacity?.CapacityUnits ?? 0;
      return result;
    },
    { step: 'initialize', name: 'count' },
  );
  const { outcome } = await door.scanPlainly(once, 'one');
  console.log(
    `an admission (${outcome}): ${calls.length} DynamoDB call (${calls.join(', ')}), ${units} write units`,
  );
  calls.length = 0;
  const refused = await door.scanPlainly(once, 'two');
  console.log(
    `a refusal (${refused.outcome}): ${calls.length} DynamoDB call (${calls.join(', ')})`,
  );
  door.table.bare.middlewareStack.remove('count');
}

/** What anybody would write who only wants each barcode admitted once, and to know the ticket. */
async function admitBare({ table, organizationId }: Door, barcode: string): Promise<void> {
  const { pk, sk } = barcodeKey(organizationId, barcode);
  await table.bare.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: { pk: { S: pk }, sk: { S: sk } },
      ConditionExpression: 'attribute_exists(pk) AND adm = :zero',
      UpdateExpression: 'SET adm = :one, lat = :now',
      ExpressionAttributeValues: {
        ':zero': { N: '0' },
        ':one': { N: '1' },
        ':now': { N: String(Date.now()) },
      },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
}

async function compareTimes(door: Door): Promise<void> {
  const barcodes = await putTickets(door, ROUNDS * SCANS_PER_ROUND * 2);
  const bare: number[] = [];
  const whole: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ofBare: number[] = [];
    const ofWhole: number[] = [];
    for (let scan = 0; scan < SCANS_PER_ROUND; scan += 1) {
      const [one = '', two = ''] = barcodes.splice(-2);
      ofBare.push(await timed(() => admitBare(door, one)));
      ofWhole.push(await timed(() => door.scan(two, `scan-${round}-${scan}`)));
    }
    // The first round warms both up.
    if (round === 0) continue;
    bare.push(...ofBare);
    whole.push(...ofWhole);
    ratios.push(median(ofWhole) / median(ofBare));
  }
  const line = (name: string, times: number[]) =>
    console.log(
      `${name}: p50 ${percentile(times, 50).toFixed(3)} ms, p95 ${percentile(times, 95).toFixed(3)} ms, ` +
        `p99 ${percentile(times, 99).toFixed(3)} ms (${times.length} calls)`,
    );
  line('bare UpdateItem  ', bare);
  line('validate handler ', whole);
  const spread = `rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  console.log(`ratio at p50: ${median(ratios).toFixed(3)} (${spread}); bar 1.15`);
}

/** As many at a time as a busy function's environments together. */
async function compareThroughput(door: Door): Promise<void> {
  const barcodes = await putTickets(door, PARALLEL_SCANS * 2 * PARALLEL_ROUNDS);
  const rates = { bare: [] as number[], whole: [] as number[] };
  for (let round = 0; round < PARALLEL_ROUNDS; round += 1) {
    const [one, two] = [barcodes.splice(-PARALLEL_SCANS), barcodes.splice(-PARALLEL_SCANS)];
    rates.bare.push(await toRate(one, (barcode) => admitBare(door, barcode)));
    rates.whole.push(await toRate(two, (barcode) => door.scan(barcode, `parallel-${barcode}`)));
  }
  const [bare, whole] = [median(rates.bare), median(rates.whole)];
  console.log(
    `throughput, ${PARALLEL} at a time: handler ${whole.toFixed(0)} scans/s, ` +
      `bare UpdateItem ${bare.toFixed(0)} calls/s, ratio ${(whole / bare).toFixed(2)}`,
  );
}

async function toRate(barcodes: string[], run: (barcode: string) => Promise<unknown>) {
  const left = barcodes.slice();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await run(next);
    }),
  );
  return (barcodes.length * 1_000) / (performance.now() - start);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Own CPU: the handler on a client that answers at once, less the same number of bare calls to that client. */
async function measureCpu(door: Door): Promise<void> {
  const [barcode = ''] = await putTickets(door, 1);
  const answer = await door.table.bare.send(
    new UpdateItemCommand({
      TableName: door.table.tableName,
      Key: Object.fromEntries(
        Object.entries(barcodeKey(door.organizationId, barcode)).map(([name, value]) => [
          name,
          { S: value },
        ]),
      ),
      UpdateExpression: 'SET adm = :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  door.table.bare.middlewareStack.add(
    // Keys and settings are read now and then.
    (next, context) => async (args) => {
      const result = { output: answer, response: {} };
      return context.commandName === UpdateItemCommand.name ? result : await next(args);
    },
    { step: 'initialize', name: 'answer' },
  );
  const perCall = async (run: (index: number) => Promise<unknown>): Promise<number> => {
    for (let index = 0; index < CPU_SCANS; index += 1) await run(index);
    const before = process.cpuUsage();
    for (let index = 0; index < CPU_SCANS; index += 1) await run(index);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / CPU_SCANS;
  };
  const bare = await perCall(() => admitBare(door, barcode));
  const whole = await perCall((index) => door.scanPlainly(barcode, `cpu-${index}`));
  door.table.bare.middlewareStack.remove('answer');
  console.log(
    `own CPU: ${(whole - bare).toFixed(0)} µs a scan, API Gateway's event included ` +
      `(handler ${whole.toFixed(0)} µs, bare call ${bare.toFixed(0)} µs without network); bar 150 µs`,
  );
}
