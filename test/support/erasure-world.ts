// Erasing people: what the worker does with the message and the sweep minutes later, and where a person still is.
import { ListObjectsV2Command, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { toContactId } from '../../lib/domain/contact.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import type { ImportWorkerDeps } from '../../lib/workers/import-queue.ts';
import { createImportWorld, type ImportWorld } from './import-world.ts';
import { createPersons } from './persons.ts';
import { toUndoWorld } from './undo-world.ts';

export const createErasureWorld = async () => toErasureWorld(await createImportWorld());

export async function toErasureWorld<W extends ImportWorld>(imports: W) {
  const world = toUndoWorld(imports);
  const { key, organizationId, organizers } = world;
  const secret = await createContactStore(world).loadSecret(organizationId);
  const message = (contactId: string) => ({ type: 'contact.erase', organizationId, contactId });
  const erase = async (contactId: string) =>
    organizers(`DELETE /v1/contacts/${contactId}`, { key });
  const work = async (contactId: string, overrides: Partial<ImportWorkerDeps> = {}) => {
    const failed = await world.worker(overrides)(message(contactId));
    if (failed > 0) throw new Error('the erasure failed');
  };
  const findTraces = async (pattern: RegExp) => {
    const items = (await world.allItems()).filter((item) => pattern.test(JSON.stringify(item)));
    const objects = await readObjects(world.s3, world.bucket);
    return [
      ...items.map((item) => `${item['pk']} / ${item['sk']}`),
      ...objects.filter(({ text }) => pattern.test(text)).map(({ name }) => name),
    ];
  };
  return {
    ...world,
    ...createPersons(world, (email) => toContactId(email, secret)),
    message,
    erase,
    work,

    /** The message of the request, and an hour later that of the sweep. */
    async erased(contactId: string) {
      const reply = await erase(contactId);
      if (reply.status !== 202) throw new Error(JSON.stringify(reply.body));
      await work(contactId);
      world.clock.nowMs += 3_600_000;
      await work(contactId);
      return erase(contactId);
    },

    /** Keys of items and objects in which the text stands. */
    findTraces,

    /** An upload goes at the end of its import, whoever stands in it. */
    findOutsideUploads: async ({ pattern }: { readonly pattern: RegExp }) =>
      (await findTraces(pattern)).filter((trace) => !trace.startsWith('uploads/')),
  };
}

async function readObjects(s3: S3Client, Bucket: string) {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return { name: Key, text: (await Body?.transformToString()) ?? '' };
    }),
  );
}
