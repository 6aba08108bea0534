// Moves the dead letters of a queue back into it, one by one: what is sent is deleted after it was sent, so that a break
// in between brings a message twice and loses none. SQS has a task for this; engines on one machine have not.
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { present } from '../domain/assert.ts';

/** Of one receive (SQS quota), and how long what was received stays hidden while it is moved. */
const RECEIVE_MAX = 10;
const HIDDEN_SECONDS = 60;

/** `queue` is the URL or the name of the queue that is worked off. Answers how many messages were moved. */
export async function redriveQueue(client: SQSClient, queue: string): Promise<number> {
  const queueUrl = queue.includes('://') ? queue : await findUrl(client, queue);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const policy = present(Attributes?.['RedrivePolicy'], 'the queue has dead letters');
  const { deadLetterTargetArn } = JSON.parse(policy) as { readonly deadLetterTargetArn: string };
  const name = present(deadLetterTargetArn.split(':').at(-1), 'an ARN ends with a name');
  let moved = 0;
  for await (const body of takeMessages(client, await findUrl(client, name))) {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
    moved += 1;
  }
  return moved;
}

async function findUrl(client: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  return present(QueueUrl, 'a queue has a URL');
}

/** Each message is deleted when the next one is asked for. */
export async function* takeMessages(
  client: SQSClient,
  QueueUrl: string,
): AsyncGenerator<string, void> {
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: RECEIVE_MAX,
        VisibilityTimeout: HIDDEN_SECONDS,
      }),
    );
    if (Messages.length === 0) return;
    for (const { Body = '', ReceiptHandle } of Messages) {
      yield Body;
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
