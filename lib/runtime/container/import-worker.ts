// What the imports queue's function is made of. Its table client has a connection for every write in flight and waits
// longer when the table asks it to slow down.
import { Agent } from 'node:https';
import { Agent as PlainAgent } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readCsv, readCsvHead } from '../../adapters/csv-reader.ts';
import { toCsvText } from '../../adapters/csv-writer.ts';
import { createObjectStore } from '../../adapters/s3-objects.ts';
import { createImportQueue } from '../../adapters/sqs-queues.ts';
import { toNewId } from '../../app/ids.ts';
import { createEventExportStore } from '../../table/event-export-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createErasureStore } from '../../table/erasure-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createEventTicketReader } from '../../table/event-ticket-reader.ts';
import { createImportRowReader } from '../../table/import-rows.ts';
import { openDryRun } from '../../table/import-dry-run-store.ts';
import { createImportRunStore, WRITES_PARALLEL } from '../../table/import-run-store.ts';
import { createImportStore } from '../../table/import-store.ts';
import { createLinkStore, createTicketLinker } from '../../table/link-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createUndoStore } from '../../table/undo-store.ts';
import type { ImportWorkerDeps } from '../../workers/import-queue.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { toS3Config } from './s3-config.ts';

/** Tries of a throttled write; with the SDK's pauses they last about a minute. */
const ATTEMPTS_MAX = 12;
const CALL_MS_MAX = 5_000;

const AGENT_OPTIONS = { keepAlive: true, maxSockets: WRITES_PARALLEL + 8 };

export function createImportWorkerContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      requestTimeout: CALL_MS_MAX,
      // Without this the SDK only warns about a call that takes too long.
      throwOnRequestTimeout: true,
      httpAgent: new PlainAgent(AGENT_OPTIONS),
      httpsAgent: new Agent(AGENT_OPTIONS),
    },
  }),
  s3 = new S3Client(toS3Config(env)),
  sqs = new SQSClient({}),
): ImportWorkerDeps {
  const variables = readEnv(env, ['TABLE_NAME', 'UPLOADS_BUCKET', 'IMPORTS_QUEUE_URL']);
  const access = {
    client: DynamoDBDocumentClient.from(bare),
    tableName: variables.TABLE_NAME,
  };
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  const link = createTicketLinker(access, toOutboxId);
  const run = { ...createImportRunStore(access), link };
  return {
    imports: createImportStore(access, toOutboxId),
    exports: createEventExportStore(access, toOutboxId),
    eventTickets: createEventTicketReader(access),
    orders: createOrderStore(access, toOutboxId),
    run,
    links: createLinkStore(access, toOutboxId),
    dryRun: async (found) => openDryRun(access, run, found),
    contacts: createContactStore(access),
    erasures: createErasureStore(access, toOutboxId),
    rows: createImportRowReader(access, run.loadBlocks),
    undo: createUndoStore(access, run.loadBlocks),
    events: createEventStore(access),
    objects: createObjectStore({ client: s3, bucketName: variables.UPLOADS_BUCKET }),
    csv: { read: readCsv, readHead: readCsvHead, toText: toCsvText },
    queue: createImportQueue({ client: sqs, queueUrl: variables.IMPORTS_QUEUE_URL }),
    clock: Date.now,
    logger: createLogger(),
  };
}
