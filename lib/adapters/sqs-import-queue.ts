// Sends to the imports queue. Messages carry ids only.
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ImportMessage, ImportQueue } from '../app/import-ports.ts';

export interface Queue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** Entries of one SendMessageBatch (SQS quota). */
const BATCH_MAX = 10;

/** Answers the positions of the messages that the queue did not take; the others were sent. */
export async function sendImportMessages(
  { client, queueUrl }: Queue,
  messages: readonly ImportMessage[],
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

export const createImportQueue = (queue: Queue): ImportQueue => ({
  async send(messages) {
    const failed = await sendImportMessages(queue, messages);
    if (failed.length > 0) throw new Error(`${failed.length} messages were not taken by the queue`);
  },
});
