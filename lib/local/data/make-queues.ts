// Makes the template's queues, dead-letter queues first, with the attributes that decide what happens to a message.
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Resource } from '../template/assembly.ts';
import type { Resolver } from '../template/resolve.ts';

export interface QueueSpec {
  readonly queueName: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Properties of the template that are attributes of the same name; encryption has no meaning on one machine. */
const ATTRIBUTES = [
  'VisibilityTimeout',
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'FifoQueue',
  'ContentBasedDeduplication',
  'ReceiveMessageWaitTimeSeconds',
] as const;

export function readQueue(resource: Resource, { property, name }: Resolver): QueueSpec {
  const attributes = ATTRIBUTES.flatMap((attribute) => {
    const value = property(resource, attribute);
    return value === undefined ? [] : [[attribute, String(value)] as const];
  });
  const redrive = property(resource, 'RedrivePolicy');
  return {
    queueName: name(resource),
    attributes: {
      ...Object.fromEntries(attributes),
      ...(redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
    },
  };
}

/** Answers each queue's URL by its name. */
export async function makeQueues(
  client: SQSClient,
  endpoint: string,
  specs: readonly QueueSpec[],
): Promise<ReadonlyMap<string, string>> {
  const isTarget = ({ attributes }: QueueSpec): boolean =>
    attributes['RedrivePolicy'] === undefined;
  const urls = new Map<string, string>();
  for (const spec of [...specs.filter(isTarget), ...specs.filter((one) => !isTarget(one))]) {
    urls.set(spec.queueName, await makeQueue(client, endpoint, spec));
  }
  return urls;
}

/** The queue's URL at the endpoint itself: the host that an engine puts into it may be one that doesn't resolve. */
const atEndpoint = (queueUrl: string, endpoint: string): string =>
  new URL(new URL(queueUrl).pathname, endpoint).href;

async function makeQueue(client: SQSClient, endpoint: string, spec: QueueSpec): Promise<string> {
  const { queueName, attributes } = spec;
  const existing = await findQueueUrl(client, queueName);
  if (existing === undefined) {
    const made = await client.send(
      new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }),
    );
    return atEndpoint(String(made.QueueUrl), endpoint);
  }
  const { FifoQueue: _fixed, ...settable } = attributes;
  const queueUrl = atEndpoint(existing, endpoint);
  if (Object.keys(settable).length > 0) {
    await client.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: settable }));
  }
  return queueUrl;
}

async function findQueueUrl(client: SQSClient, queueName: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetQueueUrlCommand({ QueueName: queueName }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
