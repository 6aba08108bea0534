import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { S3Event } from 'aws-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { uploadFile } from '../../lib/local/demo/upload.ts';
import { makeQueues } from '../../lib/local/data/make-queues.ts';
import { createLifetime } from '../../lib/local/lifetime.ts';
import {
  type BucketSource,
  notify,
  notifyOfPresent,
  watchBuckets,
} from '../../lib/local/sources/bucket-source.ts';
import { aFauxqs, aLifetime } from './lifetime-of-test.ts';

const NOTIFICATION = {
  bucket: 'files',
  event: 's3:ObjectCreated:*',
  queueName: 'uploads',
  prefix: 'uploads/',
  suffix: '',
};

async function setup() {
  const lifetime = aLifetime();
  const sent: Promise<void>[] = [];
  const fauxqs = await aFauxqs(lifetime, {
    onObject: (event) => void sent.push(notify(source, event)),
  });
  // Runs before the engine ends: what is on its way then would fail and be blamed on the test.
  onTestFinished(async () => void (await Promise.all(sent)));
  const urls = await makeQueues(fauxqs.sqs, fauxqs.endpoint, [
    { queueName: 'uploads', attributes: {} },
  ]);
  await fauxqs.s3.send(new CreateBucketCommand({ Bucket: 'files' }));
  const queueUrl = String(urls.get('uploads'));
  const source: BucketSource = {
    notifications: [NOTIFICATION],
    queueUrl: () => queueUrl,
    s3: fauxqs.s3,
    sqs: fauxqs.sqs,
  };
  const receive = async (waitSeconds = 0): Promise<readonly S3Event[]> => {
    await Promise.all(sent);
    const { Messages = [] } = await fauxqs.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: waitSeconds,
      }),
    );
    return Messages.map(({ Body }) => JSON.parse(String(Body)) as S3Event);
  };
  return { lifetime, ...fauxqs, source, receive };
}

describe('a bucket notification', () => {
  it('tells of a form upload with the real event', async () => {
    const { s3, receive } = await setup();
    const form = await createPresignedPost(s3, { Bucket: 'files', Key: 'uploads/org/a b+é.csv' });
    const answer = await uploadFile(form, 'a.csv', 'barcode\n1\n');
    expect(answer.status).toBe(204);
    expect(await receive()).toEqual([
      {
        Records: [
          expect.objectContaining({
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Post',
            awsRegion: 'eu-west-1',
            s3: expect.objectContaining({
              bucket: expect.objectContaining({ name: 'files', arn: 'arn:aws:s3:::files' }),
              object: {
                key: 'uploads/org/a+b%2B%C3%A9.csv',
                size: 10,
                eTag: '3258a790685adab742ef6bb859be43d6',
                sequencer: expect.any(String),
              },
            }),
          }),
        ],
      },
    ]);
  });

  it('keeps silent about other prefixes and about what it was not asked for', async () => {
    const { s3, receive } = await setup();
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'reports/a.csv', Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'uploads/a.csv', Body: 'x' }));
    await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key: 'uploads/a.csv' }));
    const events = await receive();
    expect(events.map(({ Records }) => [Records[0]?.eventName, Records[0]?.s3.object.key])).toEqual(
      [['ObjectCreated:Put', 'uploads/a.csv']],
    );
  });

  it('takes files that are larger than 11 MiB', async () => {
    const { s3, receive } = await setup();
    const form = await createPresignedPost(s3, { Bucket: 'files', Key: 'uploads/large.csv' });
    const { status } = await uploadFile(form, 'large.csv', 'x'.repeat(12 * 1_048_576));
    expect(status).toBe(204);
    expect((await receive())[0]?.Records[0]?.s3.object.size).toBe(12 * 1_048_576);
  });

  it('comes again for objects that were there before', async () => {
    const { s3, source, receive } = await setup();
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'uploads/a.csv', Body: 'x' }));
    expect(await receive()).toHaveLength(1);
    await notifyOfPresent(source);
    expect(await receive()).toHaveLength(1);
  });

  it('comes once for each version in an S3 that does not tell', async () => {
    const lifetime = aLifetime();
    const silent = await aFauxqs(lifetime);
    const { source, receive, sqs } = await setup();
    await silent.s3.send(new CreateBucketCommand({ Bucket: 'files' }));
    await silent.s3.send(
      new PutObjectCommand({ Bucket: 'files', Key: 'uploads/a.csv', Body: 'x' }),
    );
    const watching = watchBuckets({ ...source, s3: silent.s3, sqs }, lifetime.signal);
    expect(await receive(5)).toHaveLength(1);
    await silent.s3.send(
      new PutObjectCommand({ Bucket: 'files', Key: 'uploads/a.csv', Body: 'y' }),
    );
    expect(await receive(5)).toHaveLength(1);
    await lifetime.end(0);
    await watching;
  });
});

describe('an upload from a page of another origin', () => {
  it('is allowed, asked for before or not', async () => {
    const { endpoint, s3 } = await setup();
    const asked = await fetch(`${endpoint}/files`, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([
      204,
      expect.stringContaining('POST'),
    ]);
    const form = await createPresignedPost(s3, { Bucket: 'files', Key: 'uploads/a.csv' });
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append('file', new Blob(['x']), 'a.csv');
    const sent = await fetch(form.url, { method: 'POST', body });
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });
});

describe('fauxqs on disk', () => {
  it('has queues, messages and objects again after a restart, at another port', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'swapgate-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = createLifetime(() => undefined);
    const before = await aFauxqs(first, { directory });
    await makeQueues(before.sqs, before.endpoint, [
      { queueName: 'kept', attributes: { VisibilityTimeout: '7' } },
    ]);
    await before.s3.send(new CreateBucketCommand({ Bucket: 'files' }));
    await before.s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a/b.txt', Body: 'kept' }));
    await first.end(0);

    const after = await aFauxqs(aLifetime(), { directory });
    const urls = await makeQueues(after.sqs, after.endpoint, [
      { queueName: 'kept', attributes: { VisibilityTimeout: '9' } },
    ]);
    expect(urls.get('kept')).toBe(`${after.endpoint}/000000000000/kept`);
    const { Body } = await after.s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a/b.txt' }));
    expect(await Body?.transformToString()).toBe('kept');
  });
});
