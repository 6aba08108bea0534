// Sends what state changes have put into the outbox, in the order of the stream. A message may be sent twice; who
// receives it does nothing then.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { ImportMessage } from '../app/import-ports.ts';
import type { Logger } from '../app/ports.ts';

export interface DispatchDeps {
  /** Answers the positions of the messages that were not taken. */
  readonly send: (messages: readonly ImportMessage[]) => Promise<readonly number[]>;
  readonly fromOutboxItem: (item: Readonly<Record<string, unknown>>) => ImportMessage | undefined;
  readonly logger: Logger;
}

/** Answers the first record that was not sent: the stream is delivered again from there. */
export function createDispatcher(deps: DispatchDeps) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const found = Records.flatMap((record) => {
      const message = findMessage(deps, record);
      return message === undefined ? [] : [{ message, position: record.dynamodb?.SequenceNumber }];
    });
    if (found.length === 0) return { batchItemFailures: [] };
    const failed = await deps.send(found.map(({ message }) => message));
    const first = failed.length === 0 ? undefined : found[Math.min(...failed)]?.position;
    if (first === undefined) return { batchItemFailures: [] };
    deps.logger.error('outbox not sent', { code: 'outbox_not_sent', count: failed.length });
    return { batchItemFailures: [{ itemIdentifier: first }] };
  };
}

function findMessage(deps: DispatchDeps, record: DynamoDBRecord): ImportMessage | undefined {
  const image = record.dynamodb?.NewImage;
  if (record.eventName !== 'INSERT' || image === undefined) return undefined;
  return deps.fromOutboxItem(unmarshall(image as Record<string, AttributeValue>));
}
