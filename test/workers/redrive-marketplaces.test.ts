// Dead letters of marketplaces over a real queue: what they told and what they were to be told comes back by a redrive.
import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import {
  createNoticeQueue,
  createOutboundDeadLetters,
  createOutboundQueue,
} from '../../lib/adapters/sqs-queues.ts';
import { redrive } from '../../lib/runtime/container/redrive.ts';
import { testAwsConfig } from '../support/aws.ts';
import { createNoticeWorkerWorld } from '../support/notice-worker-world.ts';
import { createSaleNewsWorld } from '../support/sale-news-world.ts';

const client = new SQSClient(testAwsConfig(inject('fauxqsEndpoint')));
const news = await createSaleNewsWorld();
const notices = await createNoticeWorkerWorld();
afterAll(async () => news.receiver.close());

/** A queue after whose first failure a message is dead. */
async function makeQueues() {
  const make = async (Attributes: Record<string, string>) => {
    const QueueName = `q-${randomUUID()}`;
    const made = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return { name: QueueName, url: made.QueueUrl ?? '' };
  };
  const dead = await make({ VisibilityTimeout: '0' });
  const deadLetterTargetArn = `arn:aws:sqs:eu-west-1:000000000000:${dead.name}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
  return { dead, queue: await make({ VisibilityTimeout: '0', RedrivePolicy }) };
}
async function receive(QueueUrl: string): Promise<readonly string[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}

describe('what a marketplace did not take', () => {
  it('is a dead letter that a redrive has told after all, as it is true by then', async () => {
    const { dead, queue } = await makeQueues();
    const sale = await news.newSale();
    await sale.invoice();
    news.theirs.tell = async () => ({ as: 'refused' });
    await sale.decide();
    news.theirs.tell = async () => undefined;
    await createOutboundDeadLetters({ client, queueUrl: dead.url }).giveUp(
      news.givenUp.splice(0)[0] as never,
    );
    expect(await sale.read()).toMatchObject({ status: 'CONFIRM_FAILED' });
    expect(await redrive({}, queue.name, client)).toEqual({ moved: 1, left: 0 });
    const again = (await receive(queue.url)).map((body) => JSON.parse(body));
    await news.work(again);
    expect(sale.told()).toMatchObject([{ type: 'sale.confirmed' }]);
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
  });

  it('is not told any more when its sale was canceled before the redrive', async () => {
    const { queue } = await makeQueues();
    const sale = await news.newSale();
    await sale.invoice();
    news.theirs.tell = async () => ({ as: 'refused' });
    await sale.decide();
    news.theirs.tell = async () => undefined;
    await createOutboundQueue({ client, queueUrl: queue.url }).send(news.givenUp.splice(0));
    await sale.cancel();
    await news.work((await receive(queue.url)).map((body) => JSON.parse(body)));
    expect(sale.told()).toEqual([]);
    expect(await news.lanes.load(sale.lane)).toMatchObject({ asked: 1, done: 1 });
  });
});

describe('what a marketplace told', () => {
  it('fits into the queue up to its limit, dies by a failure and is applied after a redrive', async () => {
    const { dead, queue } = await makeQueues();
    const data = { marketplaceOrderId: 'o' };
    const told = { id: 'n', type: 'sale.canceled', data, more: 'x'.repeat(128 * 1024 - 200) };
    const message = await notices.aMessage(told);
    await createNoticeQueue({ client, queueUrl: queue.url }).send(message);
    notices.theirs.fails = () => true;
    expect(await notices.work(...(await receive(queue.url)))).toMatchObject({ failed: [0] });
    // The second receive finds it dead.
    expect(await receive(queue.url)).toEqual([]);
    expect(await redrive({}, queue.url, client)).toEqual({ moved: 1, left: 0 });
    expect(await receive(dead.url)).toEqual([]);
    notices.theirs.fails = () => false;
    expect(await notices.work(...(await receive(queue.url)))).toMatchObject({
      failed: [],
      told: [{ type: 'sale.canceled', marketplaceOrderId: 'o' }],
    });
  });
});
