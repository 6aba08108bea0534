// The way of a mail on real engines: the table's stream, the queues and the local SES. A test hands things on by hand,
// so that it decides about order, repetition and death.
import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import type { DynamoDBRecord } from 'aws-lambda';
import { inject } from 'vitest';
import type { Mailer } from '../../lib/app/mail-ports.ts';
import type { Logger, LogFields } from '../../lib/app/ports.ts';
import { createStreamsApi } from '../../lib/local/sources/streams-api.ts';
import { createDispatchContainer } from '../../lib/runtime/container/dispatch.ts';
import { createMailEventsContainer } from '../../lib/runtime/container/mail-events.ts';
import { createMailContainer, createMessagesContainer } from '../../lib/runtime/container/mail.ts';
import { createSweepContainer } from '../../lib/runtime/container/sweep.ts';
import { createSweep } from '../../lib/workers/sweep.ts';
import { createDispatcher } from '../../lib/workers/dispatch-outbox.ts';
import { createMailEventWorker } from '../../lib/workers/mail-events.ts';
import {
  createMailWorker,
  createMessageWorker,
  type MailWorkerDeps,
} from '../../lib/workers/mail-queues.ts';
import { testAwsConfig, toAccessKeyId } from './aws.ts';
import { openStream } from './create-table.ts';
import { createImportWorld, type Deliver, type ImportWorld, toSqsEvent } from './import-world.ts';
import type { TestTable } from './table.ts';
import { SILENT } from './world.ts';

const QUEUES = ['imports', 'email', 'messages', 'deadLetters'] as const;
export type TestQueue = (typeof QUEUES)[number];

export interface ReceivedMail {
  readonly from: string;
  readonly replyTo: readonly string[];
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string; readonly html: string };
  readonly attachments: readonly { readonly filename: string; readonly content: string }[];
}

/** What one process is made of; a test replaces what shall fail. */
export interface Parts {
  readonly bare?: DynamoDBClient;
  readonly ses?: SESClient;
  readonly spreadMs?: number;
  readonly clock?: () => number;
}

export interface MailWorld extends ImportWorld {
  readonly env: Readonly<Record<string, string>>;
  readonly sqs: SQSClient;
  /** Records of the table's stream that have come since the last call. */
  readonly streamed: () => Promise<DynamoDBRecord[]>;
  readonly dispatch: (records: readonly DynamoDBRecord[], bare?: DynamoDBClient) => Promise<void>;
  readonly mailWorker: (queue: 'email' | 'messages', parts?: Parts) => Deliver;
  readonly mailEvents: Deliver;
  readonly sweep: () => Promise<void>;
  /** Takes all messages out of a queue. */
  readonly takeAll: (queue: TestQueue) => Promise<unknown[]>;
  readonly sendTo: (queue: TestQueue, message: unknown) => Promise<void>;
  /** Dispatches and delivers until nothing is on its way any more; answers how many deliveries failed. */
  readonly settle: () => Promise<number>;
  readonly inbox: (to: string) => Promise<readonly ReceivedMail[]>;
  /** Codes that were logged, with their counts. */
  readonly counted: (code: string) => number;
}

const MAIL_FROM = 'tickets@hall.example';
export const PUBLIC_URL = 'https://tickets.hall.example';

/** `overrides` for each mail worker, such as a printer that is quick. */
export async function createMailWorld(overrides: Partial<MailWorkerDeps> = {}): Promise<MailWorld> {
  const world = await createImportWorld();
  // The mails of files that ran before are none of this one's, and they have tickets attached.
  const sinceSeconds = Math.floor(Date.now() / 1_000);
  const sqs = new SQSClient(testAwsConfig(inject('fauxqsEndpoint')));
  const urls = Object.fromEntries(
    await Promise.all(
      QUEUES.map(async (name) => {
        const { QueueUrl } = await sqs.send(
          new CreateQueueCommand({
            QueueName: `${name}-${randomUUID()}`,
            Attributes: { VisibilityTimeout: '0' },
          }),
        );
        return [name, String(QueueUrl)] as const;
      }),
    ),
  ) as Record<TestQueue, string>;
  const env = {
    TABLE_NAME: world.tableName,
    IMPORTS_QUEUE_URL: urls.imports,
    EMAIL_QUEUE_URL: urls.email,
    MESSAGES_QUEUE_URL: urls.messages,
    REFUNDS_QUEUE_URL: urls.deadLetters,
    LINKS_QUEUE_URL: urls.deadLetters,
    MARKETPLACE_QUEUE_URL: urls.deadLetters,
    RECONCILE_QUEUE_URL: urls.deadLetters,
    DISPATCH_DEAD_LETTERS_URL: urls.deadLetters,
    MAIL_FROM,
    MAIL_CONFIGURATION_SET: 'test',
    PUBLIC_URL,
  };
  const counts = new Map<string, number>();
  const count =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}) => {
      const { code = '', count: more = 0 } = fields;
      counts.set(code, (counts.get(code) ?? 0) + more);
      SILENT[level](message, fields);
    };
  const logger: Logger = { info: count('info'), error: count('error') };
  const shared = { clock: () => world.clock.nowMs, logger };
  const mailWorker: MailWorld['mailWorker'] = (queue, parts = {}) => {
    const { bare = world.bare, ses = createSes(), ...own } = parts;
    const handle =
      queue === 'email'
        ? createMailWorker({
            ...unpaced(createMailContainer(env, bare, ses)),
            ...shared,
            ...overrides,
          })
        : createMessageWorker({
            ...unpaced(createMessagesContainer(env, bare, ses, sqs)),
            ...shared,
            ...own,
          });
    return async (...messages) => (await handle(toSqsEvent(messages))).batchItemFailures.length;
  };
  const takeAll: MailWorld['takeAll'] = async (queue) => takeMessages(sqs, urls[queue]);
  const dispatch: MailWorld['dispatch'] = async (records, bare = world.bare) => {
    const container = createDispatchContainer(env, bare, sqs);
    await createDispatcher({ ...container, logger })({ Records: [...records] });
  };
  const streamed = await createStreamReader(world);
  const eventWorker = createMailEventWorker({
    ...createMailEventsContainer(env, world.bare),
    ...shared,
  });
  return {
    ...world,
    env,
    sqs,
    streamed,
    dispatch,
    mailWorker: mailWorker,
    takeAll,
    mailEvents: async (...messages) =>
      (await eventWorker(toSqsEvent(messages))).batchItemFailures.length,
    sweep: createSweep({ ...createSweepContainer(env, world.bare, sqs), ...shared }),
    async sendTo(queue, message) {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: urls[queue], MessageBody: JSON.stringify(message) }),
      );
    },
    async settle() {
      let failures = 0;
      for (;;) {
        await dispatch(await streamed());
        const email = await takeAll('email');
        const messages = await takeAll('messages');
        if (email.length + messages.length === 0) return failures;
        failures += await mailWorker('email')(...email);
        failures += await mailWorker('messages')(...messages);
      }
    },
    async inbox(to) {
      const reply = await fetch(`${inject('sesEndpoint')}/store?since=${sinceSeconds}`);
      const { emails } = (await reply.json()) as { emails: ReceivedMail[] };
      return emails.filter(({ destination }) => destination.to.includes(to));
    },
    counted: (code) => counts.get(code) ?? 0,
  };
}

export const createSes = (): SESClient =>
  new SESClient({ ...testAwsConfig(inject('sesEndpoint')), maxAttempts: 1 });

/** At any rate: the test's clock stands still. */
const unpaced = <D extends { readonly mailer: Mailer }>(deps: D): D => ({
  ...deps,
  mailer: { ...deps.mailer, pace: async () => undefined },
});

async function takeMessages(sqs: SQSClient, QueueUrl: string): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
    );
    if (Messages.length === 0) return taken;
    for (const { Body = '', ReceiptHandle } of Messages) {
      taken.push(JSON.parse(Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

/** What has been put into the outbox since the last call. DynamoDB Local has one shard for a young table. */
export async function createStreamReader({ bare, tableName }: Omit<TestTable, 'client'>) {
  const streamArn = await openStream({ bare, tableName });
  const { signal } = new AbortController();
  const api = createStreamsApi(inject('dynamoDbEndpoint'), signal, toAccessKeyId());
  const [shard] = await api.listShards(streamArn);
  const shardId = shard?.ShardId ?? '';
  let iterator: string | undefined = await api.findIterator({
    streamArn,
    shardId,
    type: 'TRIM_HORIZON',
  });
  return async (): Promise<DynamoDBRecord[]> => {
    const records: DynamoDBRecord[] = [];
    while (iterator !== undefined) {
      const page = await api.getRecords(iterator, 1_000);
      iterator = page.NextShardIterator;
      records.push(...page.Records);
      if (page.Records.length === 0) break;
    }
    return records.filter(
      ({ eventName, dynamodb }) =>
        eventName === 'INSERT' && dynamodb?.NewImage?.['kind']?.S === 'outbox',
    );
  };
}
