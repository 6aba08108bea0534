// What the functions that send mail are made of.
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSesMailer } from '../../adapters/ses-mailer.ts';
import { createFontLoader } from '../../adapters/ticket-pdf/load-font.ts';
import { createTicketPdf } from '../../adapters/ticket-pdf/ticket-pdf.ts';
import { createMessageQueue } from '../../adapters/sqs-queues.ts';
import { toNewId } from '../../app/ids.ts';
import { createPayUrl } from '../../app/payments/pay-url.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createImportStore } from '../../table/import-store.ts';
import { createMailStore } from '../../table/mail-store.ts';
import { createMessageStore } from '../../table/message-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { createSuppressionStore } from '../../table/suppression-store.ts';
import type { TableAccess } from '../../table/table-access.ts';
import { createTicketStore } from '../../table/ticket-store.ts';
import type { MailWorkerDeps, MessageWorkerDeps } from '../../workers/mail-queues.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { toRoot } from '../root.ts';

/**
 * Of one process. SES begins with 14 mails a second for an account: two processes of each kind stay within it, and what
 * SES finds too much all the same is tried again.
 */
const MAILS_PER_SECOND = 4;
const MESSAGES_PER_SECOND = 3;
/** Longer, and a call would hold up the others of its batch. */
const SES_MS_MAX = 10_000;

/** Tries once: whether a mail whose reply was lost is sent again is not the client's decision. */
const createSesClient = (): SESClient =>
  new SESClient({
    maxAttempts: 1,
    requestHandler: { requestTimeout: SES_MS_MAX, throwOnRequestTimeout: true },
  });

export function createMailContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  ses = createSesClient(),
): MailWorkerDeps {
  const access = toAccess(env, bare);
  const deps = createDeps(env, access, { ses, mailsPerSecond: MAILS_PER_SECOND });
  const { PUBLIC_URL: publicUrl } = readEnv(env, ['PUBLIC_URL']);
  return {
    ...deps,
    imports: createImportStore(access, toOutboxId),
    printTickets: createTicketPdf(createFontLoader(toRoot(env))),
    toPayUrl: createPayUrl({ contacts: deps.contacts, publicUrl }),
  };
}

export function createMessagesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  ses = createSesClient(),
  client = new SQSClient({}),
): MessageWorkerDeps {
  const access = toAccess(env, bare);
  const { MESSAGES_QUEUE_URL: queueUrl } = readEnv(env, ['MESSAGES_QUEUE_URL']);
  return {
    ...createDeps(env, access, { ses, mailsPerSecond: MESSAGES_PER_SECOND }),
    messages: createMessageStore(access, toOutboxId),
    tickets: createTicketStore(access),
    messageQueue: createMessageQueue({ client, queueUrl }),
  };
}

const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);

const toAccess = (env: NodeJS.ProcessEnv, bare: DynamoDBClient): TableAccess => ({
  client: DynamoDBDocumentClient.from(bare),
  tableName: readEnv(env, ['TABLE_NAME']).TABLE_NAME,
});

function createDeps(
  env: NodeJS.ProcessEnv,
  access: TableAccess,
  { ses, mailsPerSecond }: { readonly ses: SESClient; readonly mailsPerSecond: number },
) {
  const variables = readEnv(env, ['MAIL_FROM', 'MAIL_CONFIGURATION_SET']);
  return {
    mails: createMailStore(access),
    suppressions: createSuppressionStore(access),
    organizations: createOrganizationStore(access),
    events: createEventStore(access),
    contacts: createContactStore(access),
    orders: createOrderStore(access, toOutboxId),
    mailer: createSesMailer({
      client: ses,
      from: variables.MAIL_FROM,
      configurationSet: variables.MAIL_CONFIGURATION_SET,
      mailsPerSecond,
      clock: Date.now,
      sleep,
    }),
    clock: Date.now,
    logger: createLogger(),
  };
}
