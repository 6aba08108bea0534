// A start may name another delimiter or encoding than the analysis found. Nobody has read the file to its end that way,
// so the run does before it writes: a file that can't be read so leaves nothing behind.
import { describe, expect, it } from 'vitest';
import { toUploadKey } from '../../../lib/app/imports/upload-key.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key, organizationId } = world;
const chunkRows = 2;

async function started(content: string | Buffer, change: object, overrides = {}) {
  const event = await world.newEvent();
  const { importId, mapping } = await world.analyzed(event.eventId, content);
  const body = { mapping: { ...mapping, ...change } };
  const reply = await world.imports(`POST /v1/imports/${importId}/start`, { key, body });
  expect(reply.status).toBe(202);
  await world.worker({ chunkRows, ...overrides })(world.run(importId));
  return { found: await world.read(importId), importId: String(importId) };
}
const ticketsOf = async (importId: string) =>
  (await world.listAll(`/v1/imports/${importId}/tickets`)).map(({ barcode, note = '' }) =>
    note === '' ? barcode : `${barcode} ${note}`,
  );

describe('a start with another delimiter', () => {
  it('that makes a quote in the last line endless writes nothing, and its report says so', async () => {
    const lines = ['barcode,note', 'O-1,a', 'O-2,b', 'O-3,c', 'O-4,d', 'O-5;"e,f'];
    const { found, importId } = await started(lines.join('\n'), { delimiter: ';', header: true });
    expect(found).toMatchObject({
      status: 'FAILED',
      stopReason: 'unclosed_quote',
      progress: { rowsTotal: 5, rowsDone: 5, tickets: 0, notImported: 5 },
    });
    expect(await ticketsOf(importId)).toEqual([]);
    const [, ...rows] = await world.report(importId);
    expect(rows.map(([row, outcome]) => `${row} ${outcome}`)).toEqual(
      [1, 2, 3, 4, 5].map((row) => `${row} notImported`),
    );
    const stock = await world.organizers(`GET /v1/events/${found.eventId}`, { key });
    expect(stock.body.imported).toBe(0);
  });

  it('has the columns and the rows that it makes, also when it goes on in another run', async () => {
    // With commas the quotes belong to the text, and each line is a row.
    const lines = ['barcode,a;kleur', '"D-1;x";geel', 'D-2;"p\n\nq"', 'D-3;rood', 'D-4;blauw'];
    const { found, importId } = await started(
      lines.join('\n'),
      { delimiter: ';', columns: [{ index: 0, field: 'barcode', certainty: 'certain' }] },
      { runMs: 0 },
    );
    expect(found).toMatchObject({ status: 'RUNNING', progress: { rowsTotal: 4, rowsDone: 2 } });
    await world.worker({ chunkRows })(world.run(importId));
    expect(await world.read(importId)).toMatchObject({
      status: 'COMPLETED',
      progress: { rowsTotal: 4, rowsDone: 4, tickets: 4, rejected: 0 },
    });
    expect(await ticketsOf(importId)).toEqual([
      'D-1;x kleur: geel',
      'D-2 kleur: p\n\nq',
      'D-3 kleur: rood',
      'D-4 kleur: blauw',
    ]);
  });
});

it('a start in Windows-1252 of what was taken for UTF-8 reads every byte as a character', async () => {
  const { found, importId } = await started('barcode\nBj\u00f6rk\n', { encoding: 'windows-1252' });
  expect(found).toMatchObject({ status: 'COMPLETED', progress: { tickets: 1, rowsDone: 1 } });
  expect(await ticketsOf(importId)).toEqual(['Bj\u00c3\u00b6rk']);
});

it('a file that vanished before it was read that way fails without a ticket', async () => {
  const event = await world.newEvent();
  const { importId, mapping } = await world.analyzed(event.eventId, 'barcode,a\nV-1,b\n');
  const body = { mapping: { ...mapping, delimiter: ';' } };
  await world.imports(`POST /v1/imports/${importId}/start`, { key, body });
  await world.objects.remove(toUploadKey({ organizationId, importId }));
  await world.worker()(world.run(importId));
  expect(await world.read(importId)).toMatchObject({
    status: 'FAILED',
    stopReason: 'upload_gone',
    progress: { tickets: 0, notImported: 1 },
  });
});
