// Turns new and removed objects into the S3 event messages that the bucket's notification configuration asks for.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Event } from 'aws-lambda';
import { HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { BucketNotification } from '../data/make-buckets.ts';
import type { ObjectEvent } from '../engines/fauxqs.ts';
import { REGION } from '../template/place.ts';

/** How often an S3 that runs elsewhere is asked for new objects. */
const LIST_MS = 1000;

export interface BucketSource {
  readonly notifications: readonly BucketNotification[];
  readonly queueUrl: (queueName: string) => string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

interface StoredObject {
  readonly size: number;
  readonly eTag: string;
}

/** Sends a message for each configuration that the event matches. */
export async function notify(source: BucketSource, event: ObjectEvent): Promise<void> {
  const matching = source.notifications.filter((one) => isFor(one, event));
  if (matching.length === 0) return;
  const stored = event.eventName.startsWith('ObjectCreated')
    ? await head(source.s3, event)
    : undefined;
  await Promise.all(
    matching.map(({ queueName }) =>
      source.sqs.send(
        new SendMessageCommand({
          QueueUrl: source.queueUrl(queueName),
          MessageBody: JSON.stringify(toS3Event(event, stored, new Date())),
        }),
      ),
    ),
  );
}

const isFor = (
  notification: BucketNotification,
  { bucket, key, eventName }: ObjectEvent,
): boolean => {
  const wanted = notification.event.replace(/^s3:/, '');
  const isNamed = wanted.endsWith('*')
    ? eventName.startsWith(wanted.slice(0, -1))
    : eventName === wanted;
  return (
    isNamed &&
    notification.bucket === bucket &&
    key.startsWith(notification.prefix) &&
    key.endsWith(notification.suffix)
  );
};

/** Objects may have been stored just before the last run ended: S3 tells of an upload at least once, so do we. */
export const notifyOfPresent = (source: BucketSource): Promise<void> =>
  notifyOfUnseen(source, new Set());

/** For an S3 that runs elsewhere: lists what is there, again and again. */
export async function watchBuckets(source: BucketSource, signal: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    await notifyOfUnseen(source, seen).catch((error: unknown) => console.error('bucket:', error));
    await delay(LIST_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function notifyOfUnseen(source: BucketSource, seen: Set<string>): Promise<void> {
  for (const { bucket, prefix, event } of source.notifications) {
    if (!event.startsWith('s3:ObjectCreated:')) continue;
    for await (const page of paginateListObjectsV2(
      { client: source.s3 },
      { Bucket: bucket, Prefix: prefix },
    )) {
      for (const { Key: key = '', ETag, LastModified } of page.Contents ?? []) {
        const version = `${bucket}/${key} ${ETag} ${LastModified?.getTime()}`;
        if (seen.has(version)) continue;
        seen.add(version);
        await notify(source, { bucket, key, eventName: 'ObjectCreated:Post' });
      }
    }
  }
}

async function head(
  client: S3Client,
  { bucket, key }: ObjectEvent,
): Promise<StoredObject | undefined> {
  try {
    const { ContentLength = 0, ETag = '' } = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key }),
    );
    return { size: ContentLength, eTag: ETag.replaceAll('"', '') };
  } catch (error) {
    // Removed again already: S3 would still have told of it.
    if (error instanceof Error && error.name === 'NotFound') return undefined;
    throw error;
  }
}

function toS3Event(
  { bucket, key, eventName }: ObjectEvent,
  stored: StoredObject | undefined,
  at: Date,
): S3Event {
  const requestId = createHash('sha256')
    .update(`${bucket}/${key}`)
    .digest('hex')
    .slice(0, 16)
    .toUpperCase();
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: REGION,
        eventTime: at.toISOString(),
        eventName,
        userIdentity: { principalId: 'local' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': 'local' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'local',
          bucket: {
            name: bucket,
            ownerIdentity: { principalId: 'local' },
            arn: `arn:aws:s3:::${bucket}`,
          },
          object: {
            // S3 encodes keys like a form does.
            key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
            size: stored?.size ?? 0,
            eTag: stored?.eTag ?? '',
            sequencer: at.getTime().toString(16).toUpperCase().padStart(18, '0'),
          },
        },
      },
    ],
  };
}
