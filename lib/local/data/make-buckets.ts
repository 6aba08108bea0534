// Makes the template's buckets and reads what they notify.
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  HeadBucketCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Resource } from '../template/assembly.ts';
import { nameInArn } from '../template/place.ts';
import type { Resolver } from '../template/resolve.ts';

export interface BucketNotification {
  readonly bucket: string;
  /** As in the template: `s3:ObjectCreated:*`. */
  readonly event: string;
  readonly queueName: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface BucketSpec {
  readonly bucket: string;
  readonly notifications: readonly BucketNotification[];
}

interface QueueConfiguration {
  readonly Event: string;
  readonly Queue: string;
  readonly Filter?: {
    readonly S3Key?: { readonly Rules?: readonly { Name: string; Value: string }[] };
  };
}

export function readBucket(resource: Resource, { property, name }: Resolver): BucketSpec {
  const bucket = name(resource);
  const configuration = property(resource, 'NotificationConfiguration') as
    | { QueueConfigurations?: readonly QueueConfiguration[] }
    | undefined;
  return {
    bucket,
    notifications: (configuration?.QueueConfigurations ?? []).map(({ Event, Queue, Filter }) => {
      const rule = (wanted: string): string =>
        Filter?.S3Key?.Rules?.find(({ Name }) => Name.toLowerCase() === wanted)?.Value ?? '';
      return {
        bucket,
        event: Event,
        queueName: nameInArn(Queue),
        prefix: rule('prefix'),
        suffix: rule('suffix'),
      };
    }),
  };
}

export async function makeBucket(client: S3Client, { bucket }: BucketSpec): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return;
  } catch (error) {
    if (!(error instanceof Error) || !['NotFound', 'NoSuchBucket'].includes(error.name))
      throw error;
  }
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
}
