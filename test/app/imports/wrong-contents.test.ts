// Uploads that are no list of tickets: each is refused as a whole and by name, before a row of it is written.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { IMPORT_ROWS_MAX, UPLOAD_BYTES_MAX } from '../../../lib/domain/imports/import.ts';
import { runs } from '../../support/campaign.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key } = world;
const MIB = 1024 * 1024;
/** A file that turns bad after more than one piece of it was read. */
const GOOD_ROWS = `barcode,name\n${'8710000000017,Ann Lee\n'.repeat(6_000)}`;

const withTail = (...tail: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(GOOD_ROWS), Buffer.from(tail)]);

async function expectRefused(importId: string, stopReason: string): Promise<void> {
  const found = await world.read(importId);
  expect(found).toMatchObject({ status: 'FAILED', stopReason, progress: { tickets: 0 } });
  const start = await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
  expect(start).toMatchObject({ status: 409, body: { code: 'import_not_startable' } });
}

describe('an upload ends in FAILED, also with autoStart, and nothing of it is written', () => {
  it.each<readonly [what: string, content: string | Buffer, stopReason: string]>([
    ['a PDF', '%PDF-1.7 text', 'not_a_text_file'],
    ['a zip, and so a workbook', 'PK\u0003\u0004', 'not_a_text_file'],
    ['zeros', `barcode\n${'\u0000'.repeat(99)}`, 'binary_content'],
    ['zeros after thousands of good rows', withTail(0, 0, 0x0a), 'binary_content'],
    ['nothing but zeros', Buffer.alloc(4_096), 'binary_content'],
    ['a byte order mark alone', '\ufeff', 'no_rows'],
    ['a header alone', 'barcode,name,email\r\n', 'no_rows'],
    ['a header and empty lines', 'barcode,name\n\n,\n', 'no_rows'],
    ['a byte of no encoding after thousands of rows', withTail(0xff, 0x81), 'invalid_encoding'],
    ['DOS text', Buffer.from([...Buffer.from('barcode,name\n1,J'), 0x81]), 'invalid_encoding'],
    [
      'half a character of UTF-16',
      Buffer.from('\ufeffbarcode\n1\n', 'utf16le').subarray(0, -1),
      'invalid_encoding',
    ],
    ['a long line', `barcode\n${'x'.repeat(99_000)}\n`, 'line_too_long'],
    ['a quote that never ends', `barcode\n1\n"2\n`, 'unclosed_quote'],
    ['columns without end', `barcode,name\n1,A\n2,B\n${'x,'.repeat(300)}\n`, 'too_many_columns'],
  ])('%s', async (_what, content, stopReason) => {
    const event = await world.newEvent();
    const { importId } = await world.analyzed(event.eventId, content, { autoStart: true });
    await expectRefused(importId, stopReason);
    const items = await world.allItems();
    expect(items.filter(({ evt }) => evt === event.eventId)).toEqual([]);
  });

  it('random bytes', async () => {
    const event = await world.newEvent();
    const { importId, status } = await world.analyzed(event.eventId, randomBytes(8 * 1024));
    expect(status).toBe('FAILED');
    expect(await world.hasUpload(importId)).toBe(false);
  });
});

/** As if such an object lay in the bucket: its bytes are made when they are read, and counted. */
function pretend(bytes: number, start: string, piece: Buffer) {
  let read = 0;
  const objects: typeof world.objects = {
    ...world.objects,
    find: async (objectKey) => ({ key: objectKey, etag: '"e"', bytes }),
    async *read() {
      yield Buffer.from(start);
      for (let at = 0; at < bytes; at += piece.length) {
        read += piece.length;
        yield piece;
      }
    },
  };
  return { objects, countRead: () => read };
}

describe('200 MiB end in FAILED after little of them was read', () => {
  it.each<readonly [what: string, bytes: number, start: string, piece: string, stopReason: string]>(
    [
      ['one line', 200 * MIB, '', 'x', 'line_too_long'],
      ['one quoted cell', 200 * MIB, '"', 'x\n', 'line_too_long'],
      ['delimiters and nothing else', 200 * MIB, 'barcode,name\n1,A\n', ',', 'line_too_long'],
      ['an object larger than allowed', UPLOAD_BYTES_MAX + 1, '', '1\n', 'file_too_large'],
    ],
  )('%s', async (_what, bytes, start, piece, stopReason) => {
    const event = await world.newEvent();
    const created = await world.create(event.eventId);
    const { objects, countRead } = pretend(bytes, start, Buffer.alloc(64 * 1024, piece));
    expect(await world.worker({ objects })(world.uploaded(created))).toBe(0);
    await expectRefused(created.importId, stopReason);
    // Its head, what the parser took before it gave up, and what was on the way to it.
    expect(countRead()).toBeLessThan(
      stopReason === 'too_many_rows' ? IMPORT_ROWS_MAX * 3 : 4 * MIB,
    );
  });

  it.runIf(runs(0, 1) === 1)('more rows than a run can skip', async () => {
    const event = await world.newEvent();
    const created = await world.create(event.eventId);
    const { objects, countRead } = pretend(200 * MIB, '', Buffer.alloc(64 * 1024, '1\n'));
    expect(await world.worker({ objects })(world.uploaded(created))).toBe(0);
    await expectRefused(created.importId, 'too_many_rows');
    expect(countRead()).toBeLessThan(IMPORT_ROWS_MAX * 3);
  });

  it('and one that is empty at once', async () => {
    const event = await world.newEvent();
    const created = await world.create(event.eventId);
    const { objects } = pretend(0, '', Buffer.alloc(1));
    expect(await world.worker({ objects })(world.uploaded(created))).toBe(0);
    await expectRefused(created.importId, 'empty_file');
  });
});
