// Sends to the queues. Messages carry ids only.
import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ImportQueue } from '../app/import-ports.ts';
import type { MessageQueue } from '../app/message-ports.ts';
import type { NoticeQueue } from '../app/notice-ports.ts';
import type { OutboundQueue } from '../app/outbound-ports.ts';
import type { OutboxEntry, OutboxQueues, QueueName } from '../app/outbox-ports.ts';
import type { ReconcileQueue } from '../app/reconcile-ports.ts';

export interface Queue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** The most patient marketplace waits ten seconds for its answer (reference B3). */
const NOTICE_MS_MAX = 5_000;
/** Entries of one SendMessageBatch (SQS quota). */
const BATCH_MAX = 10;

/** Answers the positions of the messages that the queue did not take; the others were sent. */
async function sendMessages(
  { client, queueUrl }: Queue,
  messages: readonly unknown[],
): Promise<readonly number[]> {
  const failed: number[] = [];
  for (let start = 0; start < messages.length; start += BATCH_MAX) {
    const batch = messages.slice(start, start + BATCH_MAX);
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((message, index) => ({
          Id: String(start + index),
          MessageBody: JSON.stringify(message),
        })),
      }),
    );
    failed.push(...Failed.map(({ Id }) => Number(Id)));
  }
  return failed;
}

async function sendAll(queue: Queue, messages: readonly unknown[]): Promise<void> {
  const failed = await sendMessages(queue, messages);
  if (failed.length > 0) throw new Error(`${failed.length} messages were not taken by the queue`);
}

export const createImportQueue = (queue: Queue): ImportQueue => ({
  send: async (messages) => sendAll(queue, messages),
});

const toBody = ({ outboxId, message }: OutboxEntry) => ({ ...message, outboxId });

/** The queues of outbox messages; a message takes its outbox id along. */
export const createOutboxQueues = (
  client: SQSClient,
  urls: Readonly<Record<QueueName, string>> & { readonly deadLetters: string },
): OutboxQueues => ({
  send: async (queue, entries) =>
    sendMessages({ client, queueUrl: urls[queue] }, entries.map(toBody)),
  async report({ organizationId, outboxId }) {
    const MessageBody = JSON.stringify({ code: 'outbox_malformed', organizationId, outboxId });
    await client.send(new SendMessageCommand({ QueueUrl: urls.deadLetters, MessageBody }));
  },
});

export const createMessageQueue = (queue: Queue): MessageQueue => ({
  send: async (entries) => sendAll(queue, entries.map(toBody)),
});

export const createOutboundQueue = (queue: Queue): Pick<OutboundQueue, 'send'> => ({
  send: async (messages) => sendAll(queue, messages),
});

/** One message, and SQS has it for good when it answers. */
export const createNoticeQueue = ({ client, queueUrl: QueueUrl }: Queue): NoticeQueue => ({
  async send(message) {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }), {
      abortSignal: AbortSignal.timeout(NOTICE_MS_MAX),
    });
  },
});

export const createReconcileQueue = (queue: Queue): ReconcileQueue => ({
  send: async (messages) => sendAll(queue, messages),
});

/** What is given up goes where an alarm tells of it, and from where it can be sent again. */
export const createOutboundDeadLetters = (queue: Queue): Pick<OutboundQueue, 'giveUp'> => ({
  giveUp: async (message) => sendAll(queue, [message]),
});
