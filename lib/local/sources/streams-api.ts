// The calls of DynamoDB Streams in their wire format. Its records are what Lambda hands to a function, so that nothing
// has to be converted; DynamoDB Local looks at the form of the signature only.
import type { DynamoDBRecord } from 'aws-lambda';

export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}
export interface Records {
  readonly Records: readonly DynamoDBRecord[];
  /** Absent at the end of a closed shard. */
  readonly NextShardIterator?: string;
}

export interface StreamsApi {
  readonly listShards: (streamArn: string) => Promise<readonly Shard[]>;
  readonly findIterator: (at: {
    readonly streamArn: string;
    readonly shardId: string;
    readonly after?: string | undefined;
    readonly type: 'TRIM_HORIZON' | 'LATEST';
  }) => Promise<string>;
  readonly getRecords: (iterator: string, limit: number) => Promise<Records>;
}

export class StreamsError extends Error {
  override readonly name = 'StreamsError';
  /** The service's own name of the error, without its namespace. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

const toAuthorization = (accessKeyId: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20200101/eu-west-1/dynamodb/aws4_request, ` +
  'SignedHeaders=host, Signature=local';

/** The access key names the database of an engine that doesn't share one. */
export function createStreamsApi(
  endpoint: string,
  signal: AbortSignal,
  accessKeyId = 'local',
): StreamsApi {
  const call = createCall(endpoint, signal, accessKeyId);
  return {
    listShards: async (streamArn) => {
      const shards: Shard[] = [];
      let last: string | undefined;
      do {
        const { StreamDescription } = await call<{
          StreamDescription: { Shards: Shard[]; LastEvaluatedShardId?: string };
        }>('DescribeStream', {
          StreamArn: streamArn,
          ...(last ? { ExclusiveStartShardId: last } : {}),
        });
        shards.push(...StreamDescription.Shards);
        last = StreamDescription.LastEvaluatedShardId;
      } while (last !== undefined);
      return shards;
    },
    findIterator: async ({ streamArn, shardId, after, type }) => {
      const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', {
        StreamArn: streamArn,
        ShardId: shardId,
        ...(after === undefined
          ? { ShardIteratorType: type }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
      });
      return ShardIterator;
    },
    getRecords: (iterator, limit) =>
      call<Records>('GetRecords', { ShardIterator: iterator, Limit: limit }),
  };
}

function createCall(endpoint: string, signal: AbortSignal, accessKeyId: string) {
  return async <T>(operation: string, body: Record<string, unknown>): Promise<T> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization: toAuthorization(accessKeyId),
      },
      body: JSON.stringify(body),
      signal,
    });
    const answer = (await response.json()) as T & { __type?: string; message?: string };
    if (response.ok) return answer;
    throw new StreamsError(
      answer.__type?.split('#').at(-1) ?? String(response.status),
      answer.message ?? '',
    );
  };
}
