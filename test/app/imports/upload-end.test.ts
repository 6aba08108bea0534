// The file of an import lies in the bucket as long as something reads it, and no longer.
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { createUndoWorld } from '../../support/undo-world.ts';

const world = await createUndoWorld();
const { key } = world;
/** The death is meant. */
const logger = createLogger({ info: () => {}, error: () => {} });

describe('an upload', () => {
  it('is deleted when its import has ended, and one that comes later too', async () => {
    const { eventId } = await world.newEvent();
    const created = await world.create(eventId);
    await world.upload(created, 'barcode\nend-1\nend-1\n');
    await world.worker()(world.uploaded(created));
    const { importId } = created;
    expect(await world.hasUpload(importId)).toBe(true);
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: { dryRun: true } });
    await world.worker()(world.run(importId));
    expect(await world.hasUpload(importId)).toBe(true);
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    await world.worker()(world.run(importId));
    expect((await world.read(importId)).status).toBe('COMPLETED');
    expect(await world.hasUpload(importId)).toBe(false);
    await world.upload(created, 'barcode\nend-2\n');
    await world.worker()(world.uploaded(created));
    expect(await world.hasUpload(importId)).toBe(false);
  });

  it('is deleted when it can not be read', async () => {
    const { eventId } = await world.newEvent();
    const { importId, status } = await world.analyzed(eventId, '%PDF-1.7 and so on');
    expect([status, await world.hasUpload(importId)]).toEqual(['FAILED', false]);
  });

  it('stays while its import is sold out, until it is undone', async () => {
    const { eventId } = await world.newEvent({ capacity: 1 });
    const options = { overCapacity: 'disabled' };
    const { importId } = await world.imported(eventId, 'barcode\nsold-1\nsold-2\n', options);
    expect(await world.hasUpload(importId)).toBe(true);
    await world.undone(importId);
    expect(await world.hasUpload(importId)).toBe(false);
  });

  it('that outlived the end of its import goes with the repeated message', async () => {
    const { eventId } = await world.newEvent();
    const { importId } = await world.analyzed(eventId, 'barcode\nrepeat-1\n');
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    const remove = () => Promise.reject(new Error('killed'));
    const dying = world.worker({ logger, objects: { ...world.objects, remove } });
    expect(await dying(world.run(importId))).toBe(1);
    expect((await world.read(importId)).status).toBe('COMPLETED');
    await world.worker()(world.run(importId));
    expect(await world.hasUpload(importId)).toBe(false);
  });
});
