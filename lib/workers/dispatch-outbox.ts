// Sends what state changes have put into the outbox, in the order of the stream. A message may be sent twice; who
// receives it does nothing then.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { OutboxFind } from '../app/outbox-ports.ts';
import { passOn, type PassOnDeps } from '../app/pass-on-outbox.ts';

export interface DispatchDeps extends PassOnDeps {
  readonly fromOutboxItem: (item: Readonly<Record<string, unknown>>) => OutboxFind | undefined;
}

/** Answers the first record that was not sent: the stream is delivered again from there. */
export function createDispatcher(deps: DispatchDeps) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const found = Records.flatMap((record) => {
      const find = toFind(deps, record);
      return find === undefined ? [] : [{ find, position: record.dynamodb?.SequenceNumber }];
    });
    const failed = await passOn(
      deps,
      found.map(({ find }) => find),
    );
    const first = found.find(({ find }) => failed.has(find))?.position;
    if (first === undefined) return { batchItemFailures: [] };
    deps.logger.error('outbox not sent', { code: 'outbox_not_sent', count: failed.size });
    return { batchItemFailures: [{ itemIdentifier: first }] };
  };
}

function toFind(deps: DispatchDeps, record: DynamoDBRecord): OutboxFind | undefined {
  const image = record.dynamodb?.NewImage;
  if (record.eventName !== 'INSERT' || image === undefined) return undefined;
  return deps.fromOutboxItem(unmarshall(image as Record<string, AttributeValue>));
}
