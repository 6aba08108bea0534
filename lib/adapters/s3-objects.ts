// Uploaded files and reports in the bucket. A file is read in segments that are each pinned to its ETag, so that no
// connection stays open while rows are written and a changed object is noticed.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectRef, ObjectStore } from '../app/import-ports.ts';
import { ObjectChangedError } from '../domain/imports/faults.ts';
import { UPLOAD_BYTES_MAX } from '../domain/imports/import.ts';

/** An upload form is good for an hour, a download link for a quarter (product.md section 4). */
const UPLOAD_SECONDS = 3_600;
const DOWNLOAD_SECONDS = 900;
/** Downloaded at once; bounds memory and the loss when a connection breaks. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Handed on at once: as much text as the parser turns into records before it takes a break. */
const SLICE_BYTES = 64 * 1024;
const SEGMENT_TRIES = 3;
/** S3's smallest part but the last is 5 MiB. */
const PART_BYTES = 8 * 1024 * 1024;

export interface Bucket {
  readonly client: S3Client;
  readonly bucketName: string;
}

export function createObjectStore({ client, bucketName: Bucket }: Bucket): ObjectStore {
  return {
    toUpload: async (Key) =>
      createPresignedPost(client, {
        Bucket,
        Key,
        Conditions: [['content-length-range', 1, UPLOAD_BYTES_MAX]],
        Expires: UPLOAD_SECONDS,
      }),

    async find(key) {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
        return { key, etag: head.ETag ?? '', bytes: head.ContentLength ?? 0 };
      } catch (error) {
        if (toChange(error) === 'upload_gone') return undefined;
        throw error;
      }
    },

    async *read(object) {
      for (let from = 0; from < object.bytes; from += SEGMENT_BYTES) {
        const segment = await readSegment({ client, bucketName: Bucket }, object, from);
        for (let at = 0; at < segment.length; at += SLICE_BYTES) {
          yield segment.subarray(at, at + SLICE_BYTES);
        }
      }
    },

    write: async (key, contentType, chunks) =>
      writeObject({ client, bucketName: Bucket }, { key, contentType, chunks }),

    join: async (key, contentType, parts) =>
      joinObjects({ client, bucketName: Bucket }, { key, contentType, parts }),

    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },

    list: async (prefix) => listObjects({ client, bucketName: Bucket }, prefix),

    toDownload: async (Key, fileName) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket,
          Key,
          ResponseContentDisposition: `attachment; filename="${fileName}"`,
        }),
        { expiresIn: DOWNLOAD_SECONDS },
      ),
  };
}

async function listObjects(
  { client, bucketName: Bucket }: Bucket,
  Prefix: string,
): Promise<readonly ObjectRef[]> {
  const found: ObjectRef[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key = '', ETag = '', Size = 0 } of Contents) {
      found.push({ key: Key, etag: ETag, bytes: Size });
    }
  }
  return found;
}

async function readSegment(
  { client, bucketName: Bucket }: Bucket,
  { key: Key, etag, bytes }: ObjectRef,
  from: number,
): Promise<Buffer> {
  const to = Math.min(from + SEGMENT_BYTES, bytes) - 1;
  for (let tries = 1; ; tries += 1) {
    try {
      const command = new GetObjectCommand({
        Bucket,
        Key,
        IfMatch: etag,
        Range: `bytes=${from}-${to}`,
      });
      const { Body, ETag } = await client.send(command);
      if (ETag !== etag || Body === undefined) throw new ObjectChangedError('upload_changed');
      const segment = Buffer.from(await Body.transformToByteArray());
      if (segment.length === to - from + 1) return segment;
      throw new Error('a segment of the upload arrived short');
    } catch (error) {
      const change = toChange(error);
      if (change !== undefined) throw new ObjectChangedError(change);
      if (error instanceof ObjectChangedError || tries === SEGMENT_TRIES) throw error;
    }
  }
}

function toChange(error: unknown): ObjectChangedError['reason'] | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const status = error.$metadata.httpStatusCode;
  if (status === 404) return 'upload_gone';
  return status === 412 || status === 416 ? 'upload_changed' : undefined;
}

/** One PutObject while it fits in a part, else a multipart upload: memory stays at one part. */
async function writeObject(
  { client, bucketName: Bucket }: Bucket,
  {
    key: Key,
    contentType: ContentType,
    chunks,
  }: {
    readonly key: string;
    readonly contentType: string;
    readonly chunks: AsyncIterable<string>;
  },
): Promise<void> {
  const parts = toParts(chunks);
  const first = await parts.next();
  const Body = first.done ? Buffer.alloc(0) : first.value;
  const second = await parts.next();
  if (second.done) {
    await client.send(new PutObjectCommand({ Bucket, Key, ContentType, Body }));
    return;
  }
  const created = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType }));
  const upload = { Bucket, Key, UploadId: created.UploadId };
  try {
    const done: CompletedPart[] = [];
    const sendPart = async (part: Buffer): Promise<void> => {
      const PartNumber = done.length + 1;
      const { ETag } = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body: part }),
      );
      done.push({ PartNumber, ...(ETag === undefined ? {} : { ETag }) });
    };
    await sendPart(Body);
    await sendPart(second.value);
    for await (const part of parts) await sendPart(part);
    await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }),
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload));
    throw error;
  }
}

async function* toParts(chunks: AsyncIterable<string>): AsyncGenerator<Buffer, undefined> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    const piece = Buffer.from(chunk);
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}

/** The service copies; nothing of it comes here. */
async function joinObjects(
  { client, bucketName: Bucket }: Bucket,
  {
    key: Key,
    contentType: ContentType,
    parts,
  }: { readonly key: string; readonly contentType: string; readonly parts: readonly string[] },
): Promise<void> {
  const created = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType }));
  const upload = { Bucket, Key, UploadId: created.UploadId };
  try {
    const done: CompletedPart[] = [];
    for (const [index, part] of parts.entries()) {
      const PartNumber = index + 1;
      const CopySource = `${Bucket}/${encodeURIComponent(part)}`;
      const copy = new UploadPartCopyCommand({ ...upload, PartNumber, CopySource });
      const { CopyPartResult: { ETag } = {} } = await client.send(copy);
      done.push({ PartNumber, ...(ETag === undefined ? {} : { ETag }) });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }),
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload));
    throw error;
  }
}
