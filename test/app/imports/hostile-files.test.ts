// Files that nobody means to write: they end in a clear state, and nothing of them stands in the way of the next one.
import { describe, expect, it } from 'vitest';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();

const ticketsOf = async (importId: string) =>
  (await world.listAll(`/v1/imports/${importId}/tickets`)).map(({ barcode }) => barcode);

describe('a file', () => {
  it('as wide as a worksheet, with empty cells behind its own, is imported', async () => {
    const { eventId } = await world.newEvent();
    const wide = (line: string): string => line + ','.repeat(16_000);
    const file = ['barcode,name', 'W-1,Ada', 'W-2,Bob'].map(wide).join('\r\n');
    const done = await world.imported(eventId, file);
    expect(done).toMatchObject({ status: 'COMPLETED', progress: { rowsTotal: 2, tickets: 2 } });
    expect(done.mapping.columns.length).toBeLessThanOrEqual(200);
    expect(await ticketsOf(done.importId)).toEqual(['W-1', 'W-2']);
  });

  it('with sums that no event has under its price is imported without them, and warns', async () => {
    const { eventId } = await world.newEvent();
    const lines = Array.from({ length: 30 }, (_, at) => `P-${at},90071992547409.9${at % 10}`);
    const done = await world.imported(eventId, ['barcode,price', ...lines].join('\n'));
    expect(done).toMatchObject({
      status: 'COMPLETED',
      progress: { tickets: 30 },
      warnings: [{ code: 'priceNotANumber', count: 30 }],
    });
  });

  it.each([
    ['a code without a digit first', ['ABCDEFGH', 'AB3DEFGH', 'ABCD5FGH', 'A2CDEFGH']],
    ['signs and numbers of any kind', ['0012', '1E5', '=1+1', '+31', "'5", '@x', '-1', '1,5e3']],
    ['quotes in the middle', ['a"b', 'c""d', 'e"', '5" 7']],
  ])('of one code in each line: %s', async (_what, codes) => {
    const { eventId } = await world.newEvent();
    const done = await world.imported(eventId, codes.join('\n'));
    expect(done.progress).toMatchObject({ rowsTotal: codes.length, tickets: codes.length });
    expect(await ticketsOf(done.importId)).toEqual(codes);
  });
  it('with each kind of line end, a byte order mark inside and zero-width signs loses nothing', async () => {
    const { eventId } = await world.newEvent();
    const file = '\ufeffbarcode;naam\r\nM-1;a\nM-2;b\r\r\n\ufeffM-3;c\rM\u200b-4;d\u2028e';
    const done = await world.imported(eventId, file);
    expect(done.progress).toMatchObject({ rowsTotal: 5, tickets: 4, blank: 1 });
    expect(await ticketsOf(done.importId)).toEqual(['M-1', 'M-2', '\ufeffM-3', 'M\u200b-4']);
  });

  it('that names two columns alike keeps both, and does not start by itself', async () => {
    const { eventId } = await world.newEvent();
    const file = 'barcode,name,barcode,name\nT-1,Ada,T-9,Bob\nT-2,Cas,T-8,Dee\n';
    const found = await world.analyzed(eventId, file, { autoStart: true });
    expect(found.status).toBe('ANALYZED');
    await world.imports(`POST /v1/imports/${found.importId}/start`, { key: world.key, body: {} });
    await world.worker()(world.run(found.importId));
    const tickets = await world.listAll(`/v1/imports/${found.importId}/tickets`);
    expect(tickets.map(({ barcode, note }) => [barcode, note])).toEqual([
      ['T-1', 'barcode: T-9\nname: Bob'],
      ['T-2', 'barcode: T-8\nname: Dee'],
    ]);
  });

  it.each(['AB-100', '871234567890'])(
    'whose first row has words of headers beside the code %s0 loses no row',
    async (code) => {
      const { eventId } = await world.newEvent();
      const names = ['Gast,Tribune', 'Jan,Noord', 'Piet,Zuid'];
      const file = names.map((name, at) => `${name},${code}${at}`).join('\n');
      const found = await world.analyzed(eventId, file);
      expect(found).toMatchObject({ mapping: { header: false }, progress: { rowsTotal: 3 } });
    },
  );

  it.each([
    [
      'a workbook that is a page',
      '<html xmlns:x="urn:x"><table><tr><td>1</td></tr></table></html>',
    ],
    ['a document in XML', '\ufeff<?xml version="1.0"?>\n<Workbook>\n<Row/>\n</Workbook>\n'],
    ['JSON', '[\n  {"barcode":"J-1","name":"x"},\n  {"barcode":"J-2","name":"y"}\n]\n'],
    ['a text with formats', '{\\rtf1\\ansi\nA-1\\par\nA-2\\par\n}'],
  ])('that is %s is refused', async (_what, content) => {
    const { eventId } = await world.newEvent();
    const found = await world.analyzed(eventId, content, { autoStart: true });
    expect(found).toMatchObject({ status: 'FAILED', stopReason: 'not_a_text_file' });
  });
});
