// Delivers a queue's messages to its function in batches. What succeeded is deleted; what failed comes back after the
// queue's visibility timeout, and the queue itself moves it to its dead-letter queue after too many receives.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Invoke } from '../functions.ts';
import { arnOf, REGION } from '../template/place.ts';
import type { QueueSourceSpec } from '../template/system.ts';
import { readFailures } from './batch-answer.ts';

/** Most that one receive or one delete takes (SQS quota). */
const RECEIVE_MAX = 10;
/** Longest wait for a message (SQS quota). */
const LONG_POLL_SECONDS = 20;
const RETRY_MS = 1000;

export interface QueueSource {
  readonly spec: QueueSourceSpec;
  readonly queueUrl: string;
  readonly client: SQSClient;
  readonly invoke: Invoke;
  readonly signal: AbortSignal;
}

/** Runs until the signal aborts and the batches at work are done. */
export async function runQueueSource(source: QueueSource): Promise<void> {
  await Promise.all(Array.from({ length: source.spec.concurrency }, () => poll(source)));
}

async function poll(source: QueueSource): Promise<void> {
  while (!source.signal.aborted) {
    try {
      const messages = await receiveBatch(source);
      if (messages.length > 0) await deliver(source, messages);
    } catch (error) {
      if (source.signal.aborted) return;
      console.error(`queue ${source.spec.queueName}:`, error);
      await delay(RETRY_MS, undefined, { signal: source.signal }).catch(() => undefined);
    }
  }
}

/** A batch may be larger than one receive; it is filled with what lies ready. */
async function receiveBatch(source: QueueSource): Promise<readonly Message[]> {
  const messages = [...(await receive(source, source.spec.batchSize, LONG_POLL_SECONDS))];
  let isFull = messages.length === RECEIVE_MAX;
  while (isFull && messages.length < source.spec.batchSize) {
    const more = await receive(source, source.spec.batchSize - messages.length, 0);
    messages.push(...more);
    isFull = more.length === RECEIVE_MAX;
  }
  return messages;
}

async function receive(
  source: QueueSource,
  wanted: number,
  waitSeconds: number,
): Promise<readonly Message[]> {
  const { Messages = [] } = await source.client.send(
    new ReceiveMessageCommand({
      QueueUrl: source.queueUrl,
      MaxNumberOfMessages: Math.min(wanted, RECEIVE_MAX),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
    { abortSignal: source.signal },
  );
  return Messages;
}

async function deliver(source: QueueSource, messages: readonly Message[]): Promise<void> {
  const failed = await invokeBatch(source, messages);
  const done = messages.filter(
    ({ MessageId }) => failed !== 'all' && !failed.has(String(MessageId)),
  );
  for (let from = 0; from < done.length; from += RECEIVE_MAX) {
    const entries = done.slice(from, from + RECEIVE_MAX).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await source.client.send(
      new DeleteMessageBatchCommand({ QueueUrl: source.queueUrl, Entries: entries }),
    );
  }
}

async function invokeBatch(
  { spec, invoke }: QueueSource,
  messages: readonly Message[],
): Promise<ReadonlySet<string> | 'all'> {
  const ids = messages.map(({ MessageId }) => String(MessageId));
  try {
    const answer = await invoke(toSqsEvent(messages, spec.queueName));
    return spec.reportsItemFailures ? readFailures(answer, ids) : new Set();
  } catch (error) {
    console.error(`${spec.functionName} failed on a batch of ${messages.length}:`, error);
    return 'all';
  }
}

const toSqsEvent = (messages: readonly Message[], queueName: string): SQSEvent => ({
  Records: messages.map((message) => toRecord(message, queueName)),
});

function toRecord(message: Message, queueName: string): SQSRecord {
  const body = message.Body ?? '';
  return {
    messageId: String(message.MessageId),
    receiptHandle: String(message.ReceiptHandle),
    body,
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
          ...(value.BinaryValue === undefined
            ? {}
            : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
          stringListValues: [],
          binaryListValues: [],
          dataType: value.DataType ?? 'String',
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: arnOf('sqs', queueName),
    awsRegion: REGION,
  };
}
