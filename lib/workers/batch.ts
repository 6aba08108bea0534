// A queue's batch: each record stands for itself. Those that failed are told, so that only they are delivered again,
// and after the queue's number of tries they lie in its dead-letter queue.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Logger } from '../app/ports.ts';

export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

export type BatchHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** One after the other: a function's time and memory are planned for one record. */
export function createBatchHandler(
  handleRecord: (body: unknown) => Promise<void>,
  logger: Logger,
): BatchHandler {
  return async ({ Records }) => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of Records) {
      try {
        await handleRecord(parseJson(body));
      } catch (error) {
        const code = error instanceof MalformedRecordError ? 'malformed_record' : 'record_failed';
        logger.error('record failed', { requestId: messageId, code, error });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MalformedRecordError('not JSON', { cause });
  }
}
