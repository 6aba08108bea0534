// S3 and SQS in this process by fauxqs. Its own starter listens on every address and takes uploads of at most 11 MiB,
// so its parts are put together here: on the loopback address, for the files that an import may have.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildApp } from 'fauxqs';
import type { Lifetime } from '../lifetime.ts';

/** An import's file has at most 256 MiB; the rest is for the form around it. */
const UPLOAD_BYTES_MAX = 257 * 1_048_576;

export interface ObjectEvent {
  readonly bucket: string;
  readonly key: string;
  /** As S3 names it: `ObjectCreated:Post`, `ObjectRemoved:Delete` … */
  readonly eventName: string;
}

export interface FauxqsOptions {
  readonly lifetime: Lifetime;
  /** Where queues and objects are kept; absent: in memory. */
  readonly directory: string | undefined;
  readonly onObject: (event: ObjectEvent) => void;
}

type App = ReturnType<typeof buildApp>;
type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
type Persistence = NonNullable<Stores['sqsStore']['persistence']>;
type S3Persistence = NonNullable<Stores['s3Store']['persistence']>;
type Spy = NonNullable<Stores['s3Store']['spy']>;

/** Answers the endpoint. */
export async function startS3AndSqs({
  lifetime,
  directory,
  onObject,
}: FauxqsOptions): Promise<string> {
  const stores = await createStores();
  const closePersistence =
    directory === undefined ? () => undefined : await persist(stores, directory);
  // Queue URLs then carry the address that the caller used, instead of a host name that has to resolve.
  stores.sqsStore.host = '';
  const app = buildApp({ logger: false, stores });
  takeLargeUploads(app);
  allowBrowsers(app);
  tellOfObjects(app, stores, onObject);
  await app.listen({ port: 0, host: '127.0.0.1' });
  lifetime.onEnd(async () => {
    await app.close();
    closePersistence();
  });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** The classes behind fauxqs's own starter; the package exports only the starter. Its version is pinned exactly. */
async function load<T>(path: string): Promise<T> {
  return (await import(new URL(path, import.meta.resolve('fauxqs')).href)) as T;
}

async function createStores(): Promise<Stores> {
  const [{ SqsStore }, { SnsStore }, { S3Store }] = await Promise.all([
    load<{ SqsStore: new () => Stores['sqsStore'] }>('./sqs/sqsStore.js'),
    load<{ SnsStore: new () => Stores['snsStore'] }>('./sns/snsStore.js'),
    load<{ S3Store: new () => Stores['s3Store'] }>('./s3/s3Store.js'),
  ]);
  return { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
}

/** Loads what an earlier run kept and writes every change through from now on. */
async function persist(
  { sqsStore, snsStore, s3Store }: Stores,
  directory: string,
): Promise<() => void> {
  const { PersistenceManager } = await load<{
    PersistenceManager: new (path: string) => Persistence;
  }>('./persistence.js');
  const { FileS3Persistence } = await load<{
    FileS3Persistence: new (
      path: string,
    ) => S3Persistence & { loadS3: (store: Stores['s3Store']) => void };
  }>('./s3/fileS3Persistence.js');
  const queues = new PersistenceManager(join(directory, 'queues'));
  const objects = new FileS3Persistence(join(directory, 'objects'));
  queues.loadSqsAndSns(sqsStore, snsStore);
  objects.loadS3(s3Store);
  // Only now: while loading, a write-through would replace what is being read.
  sqsStore.persistence = queues;
  snsStore.persistence = queues;
  s3Store.persistence = objects;
  for (const queue of sqsStore.allQueues()) {
    queue.persistence = queues;
    // Whoever worked on these messages ended with the last run: nobody is to wait for their visibility timeout.
    for (const message of queue.inflightMessages.values()) message.visibilityDeadline = 0;
  }
  return () => queues.close();
}

function takeLargeUploads(app: App): void {
  app.addContentTypeParser(
    /^multipart\/form-data/,
    { parseAs: 'buffer', bodyLimit: UPLOAD_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );
}

/** A page of the organizer's uploads from another origin: the bucket's CORS rules, in their most open form. */
function allowBrowsers(app: App): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('access-control-allow-origin', '*');
    if (request.method !== 'OPTIONS') {
      done();
      return;
    }
    reply.header('access-control-allow-methods', 'GET, HEAD, POST, PUT');
    reply.header('access-control-allow-headers', '*');
    reply.code(204).send();
  });
}

/** The spy is called while the request is handled, so the hook before it knows which operation it was. */
function tellOfObjects(app: App, { s3Store }: Stores, onObject: FauxqsOptions['onObject']): void {
  let operation = 'Put';
  // A form upload is told of twice, by the store and by its route.
  const told = new Set<string>();
  app.addHook('preHandler', (request, _reply, done) => {
    const completes = request.url.includes('uploadId=');
    operation =
      request.method === 'POST' ? (completes ? 'CompleteMultipartUpload' : 'Post') : 'Put';
    told.clear();
    done();
  });
  const spy = {
    addMessage: (message: { bucket: string; key: string; status: string }): void => {
      const { bucket, key, status } = message;
      const change = `${status} ${bucket}/${key}`;
      if (told.has(change)) return;
      told.add(change);
      if (status === 'uploaded') onObject({ bucket, key, eventName: `ObjectCreated:${operation}` });
      if (status === 'deleted') onObject({ bucket, key, eventName: 'ObjectRemoved:Delete' });
    },
  };
  s3Store.spy = spy as unknown as Spy;
}
