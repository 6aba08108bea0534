// What the importer's HTTP function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createObjectStore } from '../../adapters/s3-objects.ts';
import { toNewId } from '../../app/ids.ts';
import type { ContactStore } from '../../app/contact-ports.ts';
import type { ErasureStore } from '../../app/erasure-ports.ts';
import type { EventStore } from '../../app/event-ports.ts';
import type { EventExportStore } from '../../app/export-ports.ts';
import type {
  ImportedTicketStore,
  ImportRowReader,
  ImportRunStore,
  ImportStore,
  ObjectStore,
} from '../../app/import-ports.ts';
import type { LinkStore } from '../../app/link-ports.ts';
import type { OrganizationStore } from '../../app/organization-ports.ts';
import type { TicketStore } from '../../app/ticket-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createEventExportStore } from '../../table/event-export-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createErasureStore } from '../../table/erasure-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createImportRowReader } from '../../table/import-rows.ts';
import { createImportRunStore } from '../../table/import-run-store.ts';
import { createImportStore } from '../../table/import-store.ts';
import { createImportedTicketStore } from '../../table/imported-ticket-store.ts';
import { createLinkStore } from '../../table/link-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { createTicketStore } from '../../table/ticket-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';
import { toS3Config } from './s3-config.ts';

export interface ImportsDeps extends PipelineDeps {
  readonly imports: ImportStore;
  readonly run: Pick<ImportRunStore, 'loadBlocks'>;
  readonly rows: ImportRowReader;
  readonly importedTickets: ImportedTicketStore;
  readonly events: EventStore;
  readonly tickets: TicketStore;
  readonly contacts: ContactStore;
  readonly erasures: ErasureStore;
  readonly objects: ObjectStore;
  readonly exports: EventExportStore;
  readonly organizations: OrganizationStore;
  readonly links: Pick<LinkStore, 'isLinked'>;
}

export function createImportsContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  s3 = new S3Client(toS3Config(env)),
): ImportsDeps {
  const { TABLE_NAME: tableName, UPLOADS_BUCKET: bucketName } = readEnv(env, [
    'TABLE_NAME',
    'UPLOADS_BUCKET',
  ]);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const run = createImportRunStore(access);
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  return {
    ...createPipelineDeps(bare, access),
    imports: createImportStore(access, toOutboxId),
    exports: createEventExportStore(access, toOutboxId),
    organizations: createOrganizationStore(access),
    run,
    rows: createImportRowReader(access, run.loadBlocks),
    importedTickets: createImportedTicketStore(access),
    events: createEventStore(access),
    tickets: createTicketStore(access),
    contacts: createContactStore(access),
    erasures: createErasureStore(access, toOutboxId),
    links: createLinkStore(access, toOutboxId),
    objects: createObjectStore({ client: s3, bucketName }),
  };
}
