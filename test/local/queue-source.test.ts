import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLifetime } from '../../lib/local/lifetime.ts';
import { makeQueues } from '../../lib/local/data/make-queues.ts';
import type { Invoke } from '../../lib/local/functions.ts';
import { runQueueSource } from '../../lib/local/sources/queue-source.ts';
import { aFauxqs, aLifetime, type TestFauxqs } from './lifetime-of-test.ts';

const SPEC = {
  queueName: 'work',
  functionName: 'worker',
  batchSize: 10,
  concurrency: 1,
  reportsItemFailures: true,
};

async function setup() {
  vi.spyOn(console, 'error').mockReturnValue();
  const lifetime = aLifetime();
  const fauxqs = await aFauxqs(lifetime);
  const urls = await makeQueues(fauxqs.sqs, fauxqs.endpoint, [
    {
      queueName: 'work',
      attributes: {
        VisibilityTimeout: '1',
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
          maxReceiveCount: 2,
        }),
      },
    },
    { queueName: 'dead', attributes: {} },
  ]);
  const queueUrl = String(urls.get('work'));
  return { lifetime, ...fauxqs, queueUrl, deadUrl: String(urls.get('dead')) };
}

const send = ({ sqs, queueUrl }: TestFauxqs & { queueUrl: string }, bodies: readonly string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: bodies.map((body, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
      })),
    }),
  );

/** Every message of the queue, seen and hidden ones. */
const count = async ({ sqs }: TestFauxqs, QueueUrl: string): Promise<number> => {
  const AttributeNames = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
  ] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
};

/** Fulfilled when the invocation that makes the condition true has come. */
function recordInvocations(
  answer: (event: SQSEvent, calls: number) => unknown,
  until: (events: readonly SQSEvent[]) => boolean,
) {
  const events: SQSEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<readonly SQSEvent[]>();
  const invoke: Invoke = async (event) => {
    events.push(event as SQSEvent);
    if (until(events)) resolve(events);
    return answer(event as SQSEvent, events.length);
  };
  return { invoke, promise };
}

describe('a queue mapping', () => {
  it('delivers at once after a restart what the last run had not done', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'swapgate-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = createLifetime(() => undefined);
    const before = await aFauxqs(first, { directory });
    const queue = { queueName: 'work', attributes: { VisibilityTimeout: '1800' } };
    const urls = await makeQueues(before.sqs, before.endpoint, [queue]);
    const queueUrl = String(urls.get('work'));
    await send({ ...before, queueUrl }, ['a']);
    await before.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    await first.end(0);

    const after = await aFauxqs(aLifetime(), { directory });
    const again = await makeQueues(after.sqs, after.endpoint, [queue]);
    const { Messages } = await after.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: String(again.get('work')) }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(['a']);
  });

  it('delivers SQS events and deletes what succeeded', async () => {
    const context = await setup();
    await send(context, ['a', 'b']);
    const { invoke, promise } = recordInvocations(
      () => undefined,
      (events) => events.length === 1,
    );
    void runQueueSource({
      spec: SPEC,
      client: context.sqs,
      invoke,
      signal: context.lifetime.signal,
      queueUrl: context.queueUrl,
    });
    const [event] = await promise;
    expect(event?.Records.map(({ body }) => body)).toEqual(['a', 'b']);
    expect(event?.Records[0]).toEqual({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'a',
      attributes: expect.objectContaining({
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.any(String),
      }),
      messageAttributes: {
        kind: {
          stringValue: 'test',
          dataType: 'String',
          stringListValues: [],
          binaryListValues: [],
        },
      },
      md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:work',
      awsRegion: 'eu-west-1',
    });
    await expect.poll(() => count(context, context.queueUrl)).toBe(0);
  });

  it('tries only the failed message of a batch again, then puts it aside', async () => {
    const context = await setup();
    await send(context, ['good', 'bad']);
    const failBad = ({ Records }: SQSEvent) => ({
      batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    });
    const { invoke, promise } = recordInvocations(failBad, (events) => events.length === 2);
    void runQueueSource({
      spec: SPEC,
      client: context.sqs,
      invoke,
      signal: context.lifetime.signal,
      queueUrl: context.queueUrl,
    });
    const events = await promise;
    expect(events.map(({ Records }) => Records.map(({ body }) => body))).toEqual([
      ['good', 'bad'],
      ['bad'],
    ]);
    await expect.poll(() => count(context, context.deadUrl)).toBe(1);
    const dead = await context.sqs.send(new ReceiveMessageCommand({ QueueUrl: context.deadUrl }));
    expect(dead.Messages?.map(({ Body }) => Body)).toEqual(['bad']);
    expect(await count(context, context.queueUrl)).toBe(0);
  });

  it.each([
    ['the function throws', () => Promise.reject(new Error('no'))],
    [
      'the answer names a message that was not sent',
      () => ({ batchItemFailures: [{ itemIdentifier: 'x' }] }),
    ],
  ])('keeps the whole batch when %s', async (_name, answer) => {
    const context = await setup();
    await send(context, ['a', 'b']);
    const { invoke, promise } = recordInvocations(answer, (events) => events.length === 1);
    void runQueueSource({
      spec: SPEC,
      client: context.sqs,
      invoke,
      signal: context.lifetime.signal,
      queueUrl: context.queueUrl,
    });
    await promise;
    await expect.poll(() => count(context, context.deadUrl)).toBe(2);
  });

  it('fills a batch that is larger than one receive', async () => {
    const context = await setup();
    await send(
      context,
      Array.from({ length: 10 }, (_, index) => `a${index}`),
    );
    await send(
      context,
      Array.from({ length: 5 }, (_, index) => `b${index}`),
    );
    const { invoke, promise } = recordInvocations(
      () => undefined,
      (events) => events.length === 1,
    );
    const spec = { ...SPEC, batchSize: 12 };
    void runQueueSource({
      spec,
      client: context.sqs,
      invoke,
      signal: context.lifetime.signal,
      queueUrl: context.queueUrl,
    });
    expect((await promise)[0]?.Records).toHaveLength(12);
  });

  it('ends when it is told to, also while it waits for messages', async () => {
    const context = await setup();
    const { invoke } = recordInvocations(
      () => undefined,
      () => false,
    );
    const running = runQueueSource({
      spec: SPEC,
      client: context.sqs,
      invoke,
      signal: context.lifetime.signal,
      queueUrl: context.queueUrl,
    });
    await context.lifetime.end(0);
    await expect(running).resolves.toBeUndefined();
  });
});
