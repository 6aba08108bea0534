import { describe, expect, it } from 'vitest';
import { createImportWorld } from '../support/import-world.ts';

const world = await createImportWorld();
const { imports, key } = world;
const codesOf = (reply: { body: { code?: string; errors?: { pointer: string }[] } }) => [
  reply.body.code,
  ...(reply.body.errors ?? []).map(({ pointer }) => pointer),
];

describe('POST /v1/events/{eventId}/imports', () => {
  it('201 with a form for one object of bounded size', async () => {
    const event = await world.newEvent();
    const { importId, status, upload } = await world.create(event.eventId);
    expect(status).toBe('AWAITING_UPLOAD');
    expect(upload.fields.key).toBe(`uploads/${world.organizationId}/${importId}`);
    const policy = JSON.parse(Buffer.from(upload.fields.Policy, 'base64').toString());
    expect(policy.conditions).toContainEqual(['content-length-range', 1, 268_435_456]);
    expect(policy.conditions).toContainEqual({ key: upload.fields.key });
  });
  it('404 for an event of somebody else; 422 with all faults', async () => {
    const event = await world.newEvent();
    const other = await world.newOrganization();
    const path = `POST /v1/events/${event.eventId}/imports` as const;
    const body = { fileName: 'a.csv', overCapacity: 'enabled' };
    expect((await imports(path, { key: other.key, body })).status).toBe(404);
    const faulty = await imports(path, {
      key,
      body: { fileName: '', overCapacity: 'maybe', x: 1 },
    });
    expect(codesOf(faulty)).toEqual(['validation_failed', '/fileName', '/overCapacity', '/x']);
    const noType = await imports(path, { key, body: { ...body, ticketTypeId: 5 } });
    expect(codesOf(noType)).toEqual(['validation_failed', '/ticketTypeId']);
  });
});

describe('POST /v1/imports/{importId}/start', () => {
  it('409 before the upload, 404 for an unknown import', async () => {
    const event = await world.newEvent();
    const { importId } = await world.create(event.eventId);
    const early = await imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    expect(codesOf(early)).toEqual(['import_not_startable']);
    const unknown = `imp_${'0'.repeat(26)}`;
    expect((await imports(`POST /v1/imports/${unknown}/start`, { key, body: {} })).status).toBe(
      404,
    );
  });
  it('422 naming what the mapping lacks', async () => {
    const event = await world.newEvent({}, [{ name: 'A' }, { name: 'B' }]);
    const { importId, mapping } = await world.analyzed(event.eventId, 'barcode,x\n1,2\n');
    const start = (columns: unknown) =>
      imports(`POST /v1/imports/${importId}/start`, {
        key,
        body: { mapping: { ...mapping, columns } },
      });
    const noType = await start(mapping.columns);
    expect(noType.body.errors).toEqual([
      { pointer: '/mapping/columns', detail: expect.stringContaining('ticket type') },
    ]);
    const noBarcode = await start([{ index: 0, field: 'ticketType' }]);
    expect(noBarcode.body.errors).toEqual([
      { pointer: '/mapping/columns', detail: 'no column is the barcode' },
    ]);
  });
  it('takes a changed mapping: other columns, and the first line as a row', async () => {
    const event = await world.newEvent();
    const found = await world.analyzed(event.eventId, 'Kleur,Nummer\ngeel,AB-1\n');
    const mapping = { ...found.mapping, header: false, columns: [{ index: 1, field: 'barcode' }] };
    await imports(`POST /v1/imports/${found.importId}/start`, { key, body: { mapping } });
    await world.worker()(world.run(found.importId));
    const tickets = await world.listAll(`/v1/imports/${found.importId}/tickets`);
    expect(tickets.map(({ barcode, note }) => [barcode, note])).toEqual([
      ['Nummer', 'column 1: Kleur'],
      ['AB-1', 'column 1: geel'],
    ]);
    expect((await world.read(found.importId)).progress).toMatchObject({
      rowsTotal: 2,
      rowsDone: 2,
    });
  });
  it('happens by itself with autoStart when all is certain and nothing damaged', async () => {
    const event = await world.newEvent();
    const body = { autoStart: true };
    const sure = await world.analyzed(event.eventId, 'barcode,name\nAUTO-1,Ada\n', body);
    expect(sure.status).toBe('RUNNING');
    const damaged = await world.analyzed(event.eventId, 'barcode,name\n*AUTO-2*,Ada\n', body);
    const unsure = await world.analyzed(event.eventId, 'barcode,kleur\nAUTO-3,geel\n', body);
    expect([damaged.status, unsure.status]).toEqual(['ANALYZED', 'ANALYZED']);
  });
});

describe('GET /v1/events/{eventId}/imports', () => {
  it('lists previous imports newest first, in pages', async () => {
    const event = await world.newEvent();
    const made = [];
    for (let count = 0; count < 3; count += 1)
      made.unshift((await world.create(event.eventId)).importId);
    const listed = await world.listAll(`/v1/events/${event.eventId}/imports?limit=2`);
    expect(listed.map(({ importId }) => importId)).toEqual(made);
    const other = await world.newOrganization();
    const path = `GET /v1/events/${event.eventId}/imports` as const;
    expect((await imports(path, { key: other.key })).status).toBe(404);
  });
});

describe('fixes', () => {
  it('change barcodes only when asked for, and damage rejects nothing', async () => {
    const event = await world.newEvent();
    const damaged = ['barcode', '*fix-1*', ' fix-2', "'fix-3", '"1,23E+15"'].join('\n');
    const run = async (body: Record<string, unknown>) => {
      const { importId, warnings } = await world.analyzed(event.eventId, damaged);
      expect((await imports(`POST /v1/imports/${importId}/start`, { key, body })).status).toBe(202);
      await world.worker()(world.run(importId));
      const tickets = await world.listAll(`/v1/imports/${importId}/tickets`);
      return { importId, warnings, barcodes: tickets.map(({ barcode }) => barcode) };
    };
    const plain = await run({});
    expect(plain.barcodes).toEqual(['*fix-1*', ' fix-2', "'fix-3", '1,23E+15']);
    const proposed = plain.warnings.map(({ code, fix }: { code: string; fix?: string }) => [
      code,
      fix,
    ]);
    expect(Object.fromEntries(proposed)).toEqual({
      asterisks: 'stripAsterisks',
      outerSpaces: 'trim',
      apostrophe: 'stripApostrophe',
      scientificNotation: undefined,
    });
    const fixes = ['trim', 'upperCase', 'stripApostrophe', 'stripAsterisks'];
    const fixed = await run({ fixes });
    expect(fixed.barcodes).toEqual(['FIX-1', 'FIX-2', 'FIX-3']);

    // Asked again, in another order or without saying so, it is the same start; with others it isn't.
    const again = (body: unknown) =>
      imports(`POST /v1/imports/${fixed.importId}/start`, { key, body });
    expect((await again({ fixes: fixes.toReversed() })).status).toBe(202);
    expect((await again({})).body).toMatchObject({ status: 'COMPLETED', fixes });
    expect(codesOf(await again({ fixes: ['trim'] }))).toEqual(['import_not_startable']);
    expect(codesOf(await again({ fixes: ['lowerCase'] }))).toEqual([
      'validation_failed',
      '/fixes/0',
    ]);
  });
});
