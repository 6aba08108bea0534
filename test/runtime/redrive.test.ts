import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { redrive } from '../../lib/runtime/container/redrive.ts';
import { toOutboxItem } from '../../lib/table/outbox.ts';
import { createOutboxStore } from '../../lib/table/outbox-store.ts';
import { testAwsConfig } from '../support/aws.ts';
import { createTestTable } from '../support/table.ts';

const sqs = new SQSClient(testAwsConfig(inject('fauxqsEndpoint')));

async function makeQueue(Attributes: Record<string, string> = {}) {
  const name = `q-${randomUUID()}`;
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { VisibilityTimeout: '0', ...Attributes },
    }),
  );
  return { name, url: QueueUrl };
}
const send = async (QueueUrl: string, ...bodies: readonly string[]) => {
  for (const MessageBody of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
};
const peek = async (QueueUrl: string): Promise<string[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body = '' }) => Body).toSorted();
};

describe('redrive --queue <queue>', () => {
  it('moves every dead letter back, by name or URL, and leaves what was in the queue', async () => {
    const dead = await makeQueue();
    const deadLetterTargetArn = `arn:aws:sqs:eu-west-1:000000000000:${dead.name}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 });
    const work = await makeQueue({ RedrivePolicy });
    await send(dead.url, ...Array.from({ length: 12 }, (_, index) => `a${index}`));
    expect(await redrive({}, work.name, sqs)).toEqual({ moved: 12, left: 0 });
    expect(await peek(dead.url)).toEqual([]);
    await send(dead.url, 'b');
    expect(await redrive({}, work.url, sqs)).toEqual({ moved: 1, left: 0 });
    expect(await redrive({}, work.url, sqs)).toEqual({ moved: 0, left: 0 });
  });
});

describe('redrive --queue dispatch', () => {
  it('sends what is in the outbox, whatever the pointers say, and keeps them while something is left', async () => {
    const table = await createTestTable();
    const [imports, email, messages, dead] = await Promise.all([
      makeQueue(),
      makeQueue(),
      makeQueue(),
      makeQueue(),
    ]);
    const env = {
      TABLE_NAME: table.tableName,
      IMPORTS_QUEUE_URL: imports.url,
      EMAIL_QUEUE_URL: email.url,
      MESSAGES_QUEUE_URL: messages.url,
      REFUNDS_QUEUE_URL: messages.url,
      LINKS_QUEUE_URL: messages.url,
      MARKETPLACE_QUEUE_URL: messages.url,
      DISPATCH_DEAD_LETTERS_URL: dead.url,
    };
    const ids = { organizationId: 'org_1', importId: 'imp_1' };
    const message = { type: 'import.run', ...ids } as const;
    const later = { ...toOutboxItem('out_2', message, 0), message: { type: 'later', ...ids } };
    const put = async (Item: Record<string, unknown>) =>
      table.client.send(new PutCommand({ TableName: table.tableName, Item }));
    await put(toOutboxItem('out_1', message, Date.now()));
    await put(later);
    await createOutboxStore(table).setAside({ organizationId: 'org_1', outboxId: 'out_2' });
    await send(dead.url, '{"DDBStreamBatchInfo":{}}');
    const run = async () => redrive(env, 'dispatch', sqs, table.bare);
    expect(await run()).toEqual({ moved: 1, left: 1 });
    expect(await peek(imports.url)).toEqual([JSON.stringify({ ...message, outboxId: 'out_1' })]);
    expect(await peek(dead.url)).toHaveLength(1);
    // A version that understands the other one.
    await put({ ...later, message, g4: 'DUE#outboxAside' });
    expect(await run()).toEqual({ moved: 1, left: 0 });
    expect(await peek(imports.url)).toHaveLength(2);
    expect(await peek(dead.url)).toEqual([]);
  });
});
