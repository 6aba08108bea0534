// The importer on real engines: uploads by the presigned form, and by hand what queue, stream and schedule do when the
// system runs, so that a test decides about order, repetition and death.
import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { inject } from 'vitest';
import { ok } from '../../lib/domain/result.ts';
import { IMPORT_ROUTES } from '../../lib/http/routes/imports/routes.ts';
import { createImportWorkerContainer } from '../../lib/runtime/container/import-worker.ts';
import { createImportsContainer } from '../../lib/runtime/container/imports.ts';
import { createImportWorker, type ImportWorkerDeps } from '../../lib/workers/import-queue.ts';
import { type Api, createApi } from './api.ts';
import { testAwsConfig } from './aws.ts';
import { anEvent } from './builders.ts';
import { parseCsv } from './read-csv.ts';
import type { TestTable } from './table.ts';
import { createWorld, QUIET, type World } from './world.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
type Body = any;

export interface ImportWorld extends World {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly imports: Api;
  readonly worker: (overrides?: Partial<ImportWorkerDeps>, bare?: DynamoDBClient) => Deliver;
  readonly key: string;
  readonly organizationId: string;
  readonly newEvent: (
    overrides?: Record<string, unknown>,
    types?: readonly unknown[],
  ) => Promise<Body>;
  readonly create: (eventId: string, body?: Record<string, unknown>) => Promise<Body>;
  readonly upload: (created: Body, content: Buffer | string) => Promise<void>;
  readonly read: (importId: string) => Promise<Body>;
  /** Create, upload, analyze. */
  readonly analyzed: (
    eventId: string,
    content: Buffer | string,
    body?: Record<string, unknown>,
  ) => Promise<Body>;
  /** Create, upload, analyze, start, run. */
  readonly imported: (
    eventId: string,
    content: Buffer | string,
    body?: Record<string, unknown>,
    overrides?: Partial<ImportWorkerDeps>,
  ) => Promise<Body>;
  readonly uploaded: (created: Body) => unknown;
  /** As the worker reaches them. */
  readonly objects: ImportWorkerDeps['objects'];
  readonly hasUpload: (importId: string) => Promise<boolean>;
  readonly run: (importId: string) => unknown;
  readonly received: () => Promise<unknown[]>;
  /** The records of a report that is asked for and made. */
  readonly report: (importId: string, only?: 'failed') => Promise<readonly (readonly string[])[]>;
  readonly allItems: () => Promise<Record<string, unknown>[]>;
  readonly listAll: (path: `/${string}`) => Promise<Body[]>;
}

/** Gives messages to the worker; answers how many failed. */
export type Deliver = (...messages: readonly unknown[]) => Promise<number>;

export async function createImportWorld(table?: TestTable): Promise<ImportWorld> {
  const world = await createWorld({}, table);
  const config = testAwsConfig(inject('fauxqsEndpoint'));
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const sqs = new SQSClient(config);
  const bucket = `uploads-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }));
  const env = { TABLE_NAME: world.tableName, UPLOADS_BUCKET: bucket, IMPORTS_QUEUE_URL: QueueUrl };
  // The clock stands still here, so a rate limit would fill up and never empty.
  const limiter = () => ok(undefined);
  const shared = { clock: () => world.clock.nowMs, logger: QUIET, limiter };
  const imports = createApi(IMPORT_ROUTES, {
    ...createImportsContainer(env, world.bare, s3),
    ...shared,
    // The clock stands still: the rate would be that of the whole file in no time.
    limiter: () => ok(undefined),
  });
  const { key, organizationId } = await world.newOrganization();
  const worker: ImportWorld['worker'] = (overrides = {}, bare = world.bare) => {
    const deps = { ...createImportWorkerContainer(env, bare, s3, sqs), ...shared, ...overrides };
    const handle = createImportWorker(deps);
    return async (...messages) => (await handle(toSqsEvent(messages))).batchItemFailures.length;
  };
  const deliver = worker();

  const create: ImportWorld['create'] = async (eventId, body = {}) => {
    world.clock.nowMs += 1;
    const reply = await imports(`POST /v1/events/${eventId}/imports`, {
      key,
      body: { fileName: 'tickets.csv', overCapacity: 'enabled', ...body },
    });
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    return reply.body;
  };
  const read: ImportWorld['read'] = async (importId) =>
    (await imports(`GET /v1/imports/${importId}`, { key })).body;
  const analyzed: ImportWorld['analyzed'] = async (eventId, content, body) => {
    const created = await create(eventId, body);
    await upload(created, content);
    await deliver(toUploaded(bucket, created.upload.fields.key));
    return read(created.importId);
  };
  const run = (importId: string) => ({ type: 'import.run', organizationId, importId });

  return {
    ...world,
    s3,
    bucket,
    imports,
    worker,
    key,
    organizationId,
    create,
    upload,
    read,
    analyzed,
    run,
    uploaded: (created) => toUploaded(bucket, created.upload.fields.key),
    objects: createImportWorkerContainer(env, world.bare, s3, sqs).objects,
    async hasUpload(importId) {
      const Prefix = `uploads/${organizationId}/${importId}`;
      const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
      return KeyCount === 1;
    },
    async newEvent(overrides = {}, types = [{ name: 'Regular' }]) {
      const event = await world.organizers('POST /v1/events', { key, body: anEvent(overrides) });
      for (const type of types) {
        world.clock.nowMs += 1;
        const price = { amountMinor: 2500, currency: 'EUR' };
        const body = { price, ...(type as object) };
        await world.organizers(`POST /v1/events/${event.body.eventId}/ticket-types`, { key, body });
      }
      return event.body;
    },
    async imported(eventId, content, body, overrides) {
      const { importId, mapping } = await analyzed(eventId, content, body);
      const started = await imports(`POST /v1/imports/${importId}/start`, {
        key,
        body: { mapping },
      });
      if (started.status !== 202) throw new Error(JSON.stringify(started.body));
      if ((await worker(overrides)(run(importId))) > 0) throw new Error('the run failed');
      return read(importId);
    },
    async received() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body }) => JSON.parse(Body ?? ''));
    },
    async report(importId, only) {
      const path = `/v1/imports/${importId}/report` as const;
      const body = only === undefined ? {} : { only };
      const asked = await imports(`POST ${path}`, { key, body });
      if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
      const { reportId } = asked.body;
      await deliver({ type: 'import.report', organizationId, importId, reportId });
      const { url } = (await imports(`GET ${path}`, { key })).body;
      return parseCsv(Buffer.from(await (await fetch(url)).arrayBuffer()));
    },
    async allItems() {
      const items: Record<string, unknown>[] = [];
      const scan = { TableName: world.tableName, ConsistentRead: true };
      for await (const { Items = [] } of paginateScan({ client: world.client }, scan)) {
        items.push(...Items);
      }
      return items;
    },
    async listAll(path) {
      const items: Body[] = [];
      for (let cursor = ''; ;) {
        const separator = path.includes('?') ? '&' : '?';
        const target: typeof path = cursor === '' ? path : `${path}${separator}cursor=${cursor}`;
        const { body } = await imports(`GET ${target}`, { key });
        items.push(...body.items);
        if (body.nextCursor === undefined) return items;
        cursor = body.nextCursor;
      }
    },
  };
}

async function upload(created: Body, content: Buffer | string): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(created.upload.fields)) form.set(name, String(value));
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  form.set('file', new Blob([new Uint8Array(bytes)]), 'tickets.csv');
  const reply = await fetch(created.upload.url, { method: 'POST', body: form });
  if (!reply.ok) throw new Error(`upload refused: ${reply.status} ${await reply.text()}`);
}

const toUploaded = (bucket: string, key: string) => ({
  Records: [
    {
      eventName: 'ObjectCreated:Post',
      s3: {
        bucket: { name: bucket },
        object: { key: encodeURIComponent(key).replaceAll('%2F', '/') },
      },
    },
  ],
});

export function toSqsEvent(messages: readonly unknown[]): SQSEvent {
  return {
    Records: messages.map((message) => ({
      messageId: randomUUID(),
      receiptHandle: '',
      body: typeof message === 'string' ? message : JSON.stringify(message),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: '',
      awsRegion: 'eu-west-1',
    })),
  };
}
