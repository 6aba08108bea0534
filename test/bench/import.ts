// The importer: a million rows through analysis and a dry run, and real imports beside a bare loop of conditional
// PutItem calls over the same rows, in turns, so that noise hits both alike.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { build } from 'esbuild';
import { startFauxqs } from 'fauxqs';
import { createObjectStore } from '../../lib/adapters/s3-objects.ts';
import { IMPORT_ROUTES } from '../../lib/http/routes/imports/routes.ts';
import { ORGANIZER_ROUTES } from '../../lib/http/routes/organizers/routes.ts';
import { toBuildOptions } from '../../lib/infra/code.ts';
import { IMPORT_NODE_OPTIONS } from '../../lib/infra/worker-stack.ts';
import { createAdminContainer } from '../../lib/runtime/container/admin.ts';
import { createImportsContainer } from '../../lib/runtime/container/imports.ts';
import { createOrganizersContainer } from '../../lib/runtime/container/organizers.ts';
import { createApi } from '../support/api.ts';
import { testAwsConfig } from '../support/aws.ts';
import { anEvent } from '../support/builders.ts';
import { createTable } from '../support/create-table.ts';
import { startDynamoDb } from '../support/engines.ts';
import { type Portion, toFile } from './import-rows.ts';
import type { Cost, Order, WorkerConfig } from './import-worker.ts';
import { median } from './statistics.ts';

export interface ImportSizes {
  /** Rows of the file that is analyzed and run dry. */
  readonly dryRows: number;
  /** Rows that are imported for real, over all rounds. */
  readonly rows: number;
  /** The same with an address on every row. */
  readonly emailRows: number;
}

const ROUNDS = 4;
const COUNTED_ROWS = 2_000;
const WARM_ROWS = 2_000;

type Office = Awaited<ReturnType<typeof openOffice>>;

export async function benchImport(sizes: ImportSizes): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'swapgate-bench-'));
  // As it is deployed: the memory of a compiler is not the worker's.
  const outfile = path.join(folder, 'worker.js');
  await build({ ...toBuildOptions('test/bench/import-worker.ts', {}), outfile });
  const dynamoDb = await startDynamoDb('benchmarks');
  const fauxqs = await startFauxqs({ port: 0, logger: false });
  try {
    const office = await openOffice(outfile, dynamoDb.endpoint, `http://127.0.0.1:${fauxqs.port}`);
    if (sizes.dryRows > 0) await runDry(office, sizes.dryRows);
    if (sizes.rows > 0) await compare(office, { rows: sizes.rows, withEmail: false, bar: 0.8 });
    if (sizes.emailRows > 0) {
      await compare(office, { rows: sizes.emailRows, withEmail: true, bar: 0.4 });
    }
  } finally {
    await fauxqs.stop();
    await dynamoDb.stop();
    rmSync(folder, { recursive: true });
  }
}

async function openOffice(outfile: string, dynamoDb: string, fauxqs: string) {
  const table = await createTable(dynamoDb);
  const s3 = new S3Client({ ...testAwsConfig(fauxqs), forcePathStyle: true });
  const sqs = new SQSClient(testAwsConfig(fauxqs));
  const bucket = `uploads-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const objects = createObjectStore({ client: s3, bucketName: bucket });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'imports' }));
  const env = {
    TABLE_NAME: table.tableName,
    UPLOADS_BUCKET: bucket,
    IMPORTS_QUEUE_URL: QueueUrl,
  };
  const made = await createAdminContainer(env, table.bare).createOrganization({ name: 'Bench' });
  if (!made.ok) throw new Error(made.refusal.code);
  const { organizationId, key } = made.value;
  const organizers = createApi(ORGANIZER_ROUTES, createOrganizersContainer(env, table.bare));
  const imports = createApi(IMPORT_ROUTES, createImportsContainer(env, table.bare, s3));
  const { eventId } = (await organizers('POST /v1/events', { key, body: anEvent() })).body;
  const type = { name: 'Regular', price: { amountMinor: 2_500, currency: 'EUR' } };
  const path = `POST /v1/events/${eventId}/ticket-types` as const;
  const { ticketTypeId } = (await organizers(path, { key, body: type })).body;

  return {
    outfile,
    config: { dynamoDb, fauxqs, env } satisfies WorkerConfig,
    toPortion: (count: number, withEmail: boolean): Portion => ({
      organizationId,
      eventId,
      ticketTypeId,
      prefix: randomUUID().slice(0, 8),
      count,
      withEmail,
    }),
    /** Answers the import's id and the message that its upload makes. */
    async upload(portion: Portion) {
      const body = { fileName: 'bench.csv', overCapacity: 'enabled' };
      const created = await imports(`POST /v1/events/${eventId}/imports`, { key, body });
      const { importId, upload } = created.body;
      const Key: string = upload.fields.key;
      await objects.write(Key, 'text/csv', toFile(portion));
      const record = { eventName: 'ObjectCreated:Post', s3: { object: { key: Key } } };
      return { importId: String(importId), uploaded: { Records: [record] } };
    },
    async start(importId: string, dryRun: boolean) {
      const started = await imports(`POST /v1/imports/${importId}/start`, {
        key,
        body: { dryRun },
      });
      if (started.status !== 202) throw new Error(JSON.stringify(started.body));
      return { type: 'import.run', organizationId, importId };
    },
    async read(importId: string) {
      return (await imports(`GET /v1/imports/${importId}`, { key })).body;
    },
  };
}

function startWorker(office: Office) {
  const child = fork(office.outfile, [JSON.stringify(office.config)], {
    execArgv: IMPORT_NODE_OPTIONS.split(' '),
  });
  const died = once(child, 'exit').then(() => Promise.reject(new Error('the worker ended')));
  died.catch(() => {});
  return {
    async order(order: Order): Promise<Cost> {
      child.send(order);
      const [cost] = await Promise.race([once(child, 'message'), died]);
      return cost as Cost;
    },
    stop: () => child.kill(),
  };
}

async function runDry(office: Office, rows: number): Promise<void> {
  const worker = startWorker(office);
  try {
    const { importId, uploaded } = await office.upload(office.toPortion(rows, false));
    printRun(
      `analysis of ${rows} rows`,
      rows,
      await worker.order({ do: 'deliver', message: uploaded }),
    );
    const message = await office.start(importId, true);
    const cost = await worker.order({ do: 'deliver', message });
    const { status, progress } = await office.read(importId);
    printRun(`dry run (${status}, ${progress.tickets} tickets)`, rows, cost);
  } finally {
    worker.stop();
  }
}

const printRun = (name: string, rows: number, { ms, cpuMs, quartersMb, peakMb }: Cost): void =>
  console.log(
    `${name}: ${Math.round((rows * 1_000) / ms)} rows/s, ${(ms / 1_000).toFixed(1)} s ` +
      `(CPU ${(cpuMs / 1_000).toFixed(1)} s); resident memory by quarter ${quartersMb.join(' ')} MB, ` +
      `peak ${peakMb} MB; bar 200 MB`,
  );

interface Comparison {
  readonly rows: number;
  readonly withEmail: boolean;
  readonly bar: number;
}

async function compare(office: Office, { rows, withEmail, bar }: Comparison): Promise<void> {
  // A process each, so that neither has the other's garbage.
  const loop = startWorker(office);
  const worker = startWorker(office);
  const putBare = async (count: number, counted = false) =>
    loop.order({ do: 'putBare', portion: office.toPortion(count, withEmail), count: counted });
  const importRows = async (count: number, counted = false) => {
    const { importId, uploaded } = await office.upload(office.toPortion(count, withEmail));
    await worker.order({ do: 'deliver', message: uploaded });
    const message = await office.start(importId, false);
    const cost = await worker.order({ do: 'deliver', message, count: counted });
    const { status, progress } = await office.read(importId);
    if (progress.tickets !== count) throw new Error(`${status}: ${JSON.stringify(progress)}`);
    return cost;
  };
  try {
    console.log(
      `\nfor real, ${rows} rows ${withEmail ? 'with an address each' : 'without addresses'}`,
    );
    await putBare(WARM_ROWS);
    await importRows(WARM_ROWS);
    printCalls('bare loop', await putBare(COUNTED_ROWS, true));
    printCalls('importer ', await importRows(COUNTED_ROWS, true));
    const portion = Math.ceil(rows / ROUNDS);
    const bare: Cost[] = [];
    const whole: Cost[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await putBare(portion));
      whole.push(await importRows(portion));
    }
    printRates('bare loop', portion, bare);
    printRates('importer ', portion, whole);
    console.log(`peak memory of the importer ${whole.at(-1)?.peakMb} MB; bar 200 MB`);
    const ratios = whole.map(({ ms }, round) => (bare[round]?.ms ?? NaN) / ms);
    const spread = `rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`ratio: ${median(ratios).toFixed(2)} (${spread}); bar ${bar}`);
  } finally {
    loop.stop();
    worker.stop();
  }
}

function printRates(name: string, portion: number, costs: readonly Cost[]): void {
  const rates = costs.map(({ ms }) => Math.round((portion * 1_000) / ms));
  const cpu = median(costs.map(({ cpuMs }) => (cpuMs * 1_000) / portion));
  const spread = `rounds ${rates.join(' ')}`;
  console.log(`${name}: ${median(rates)} rows/s (${spread}), CPU ${cpu.toFixed(0)} µs a row`);
}

const printCalls = (name: string, { calls, units }: Cost): void =>
  console.log(
    `${name}: ${(calls / COUNTED_ROWS).toFixed(3)} calls and ` +
      `${(units / COUNTED_ROWS).toFixed(2)} capacity units a row, indexes included`,
  );
