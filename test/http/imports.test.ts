import { describe, expect, it } from 'vitest';
import { readCsv } from '../../lib/adapters/csv-reader.ts';
import { aTicket } from '../support/builders.ts';
import { createImportWorld } from '../support/import-world.ts';

const world = await createImportWorld();
const { imports, key } = world;
const codesOf = (reply: { body: { code?: string; errors?: { pointer: string }[] } }) => [
  reply.body.code,
  ...(reply.body.errors ?? []).map(({ pointer }) => pointer),
];

async function download(importId: string, only?: 'failed'): Promise<string> {
  const body = only === undefined ? {} : { only };
  const asked = await imports(`POST /v1/imports/${importId}/report`, { key, body });
  expect(asked.status).toBe(202);
  const waiting = await imports(`GET /v1/imports/${importId}/report`, { key });
  expect(codesOf(waiting)).toEqual(['report_not_ready']);
  const { reportId } = asked.body;
  const { organizationId } = world;
  await world.worker()({ type: 'import.report', organizationId, importId, reportId });
  const ready = await imports(`GET /v1/imports/${importId}/report`, { key });
  const reply = await fetch(ready.body.url);
  expect(reply.status).toBe(200);
  return Buffer.from(await reply.arrayBuffer()).toString();
}
async function parse(text: string) {
  const source = async function* () {
    yield Buffer.from(text);
  };
  const records: (readonly string[])[] = [];
  for await (const record of readCsv(source(), { encoding: 'utf-8', delimiter: ',' }))
    records.push(record);
  return records;
}

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

describe('an upload that is no CSV ends in FAILED', () => {
  it.each([
    ['a PDF', '%PDF-1.7 text', 'not_a_text_file'],
    ['a zip', 'PK\u0003\u0004', 'not_a_text_file'],
    ['zeros', `barcode\n${'\u0000'.repeat(99)}`, 'binary_content'],
    ['one endless line', `barcode\n${'x'.repeat(99_000)}\n`, 'line_too_long'],
    ['a quote that never ends', `barcode\n1\n"2\n`, 'unclosed_quote'],
  ])('%s', async (_what, content, stopReason) => {
    const event = await world.newEvent();
    const found = await world.analyzed(event.eventId, content);
    expect(found).toMatchObject({ status: 'FAILED', stopReason, progress: { tickets: 0 } });
    const started = await imports(`POST /v1/imports/${found.importId}/start`, { key, body: {} });
    expect(codesOf(started)).toEqual(['import_not_startable']);
    expect(await world.allItems()).not.toContainEqual(
      expect.objectContaining({ evt: event.eventId }),
    );
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

const MIXED = [
  'barcode,name,email',
  'R-1,Ada,ada@example.com',
  '=R-2,"a\r\nb",',
  ',nobody,',
  '',
  'R-1,Twice,',
  '@R-3,Bad,not-an-address',
  "'R-4,too,many,columns",
  '',
].join('\n');

describe('the report', () => {
  it('has every row in file order with its outcome, its ticket and its own cells', async () => {
    const event = await world.newEvent();
    const done = await world.imported(event.eventId, MIXED);
    const tickets = await world.listAll(`/v1/imports/${done.importId}/tickets`);
    const records = await parse(await download(done.importId));
    expect(records).toEqual([
      ['import row', 'outcome', 'reason', 'event ticket id', 'barcode-escaped', 'name', 'email'],
      ['1', 'ticket', '', String(tickets[0].eventTicketId), 'R-1', 'Ada', 'ada@example.com'],
      ['2', 'ticket', '', String(tickets[1].eventTicketId), "'=R-2", 'a\r\nb', ''],
      ['3', 'rejected', 'barcode_missing', '', '', 'nobody', ''],
      ['4', 'blank', '', '', ''],
      ['5', 'duplicate', '', '', 'R-1', 'Twice', ''],
      ['6', 'rejected', 'email_invalid', '', "'@R-3", 'Bad', 'not-an-address'],
      ['7', 'rejected', 'ragged_row', '', "''R-4", 'too', 'many', 'columns'],
    ]);
  });

  it('of the failed rows imports what was repaired in it, with the same barcodes', async () => {
    const event = await world.newEvent();
    const done = await world.imported(event.eventId, MIXED.replaceAll('R-', 'F-'));
    const failed = await download(done.importId, 'failed');
    expect(failed.startsWith('\ufeffbarcode-escaped,name,email\r\n')).toBe(true);
    const repaired = failed
      .replace(',nobody', 'F-9,nobody')
      .replace('not-an-address', 'bad@example.com')
      .replace(',columns', '');
    const second = await world.imported(event.eventId, repaired);
    expect(second).toMatchObject({
      status: 'COMPLETED_WITH_REJECTS',
      progress: { tickets: 2, rejected: 1 },
    });
    const tickets = await world.listAll(`/v1/imports/${second.importId}/tickets`);
    expect(tickets.map(({ barcode }) => barcode)).toEqual(['F-9', '@F-3']);
  });

  it('409 while nothing has ended, and for nothing that was asked', async () => {
    const event = await world.newEvent();
    const found = await world.analyzed(event.eventId, 'barcode\nQ-1\n');
    const path = `/v1/imports/${found.importId}/report` as const;
    expect(codesOf(await imports(`POST ${path}`, { key, body: {} }))).toEqual(['report_not_ready']);
    expect(codesOf(await imports(`GET ${path}`, { key }))).toEqual(['report_not_ready']);
  });
});

describe('rows', () => {
  it('are listed by outcome and in pages, rejected ones with reason and cells', async () => {
    const event = await world.newEvent();
    const { importId } = await world.imported(event.eventId, MIXED.replaceAll('R-', 'L-'));
    const list = (query: string) => world.listAll(`/v1/imports/${importId}/rows${query}`);
    const all = await list('?limit=2');
    expect(all.map(({ outcome }) => outcome)).toEqual([
      'ticket',
      'ticket',
      'rejected',
      'blank',
      'duplicate',
      'rejected',
      'rejected',
    ]);
    for (const outcome of ['ticket', 'duplicate', 'rejected', 'blank', 'notImported']) {
      expect(await list(`?limit=1&outcome=${outcome}`)).toEqual(
        all.filter((row) => row.outcome === outcome),
      );
    }
    expect(all[5]).toEqual({
      row: 6,
      outcome: 'rejected',
      reason: 'email_invalid',
      cells: ['@L-3', 'Bad', 'not-an-address'],
    });
    const other = await world.newOrganization();
    expect((await imports(`GET /v1/imports/${importId}/rows`, { key: other.key })).status).toBe(
      404,
    );
    expect((await imports(`GET /v1/imports/${importId}/tickets`, { key: other.key })).status).toBe(
      404,
    );
  });
});

describe('a long note', () => {
  it('keeps the ticket below one write unit and comes back whole', async () => {
    const event = await world.newEvent();
    const [barcode, note] = ['漢'.repeat(85), 'long '.repeat(1_000).trim()];
    const content = `barcode,name,section,row,seat,note\n${barcode},${'é'.repeat(40)},Sector Noord-West 1,12,34,${note}\n`;
    const { importId } = await world.imported(event.eventId, content);
    const [ticket] = await world.listAll(`/v1/imports/${importId}/tickets`);
    expect(ticket).toMatchObject({ barcode, note: expect.stringContaining(note) });
    expect(`${ticket.section ?? ''}${ticket.note}`).toContain('Sector Noord-West 1');
    const item = (await world.allItems()).find((found) => found['tid'] === ticket.eventTicketId);
    const bytes = Object.entries(item ?? {}).map(([name, value]) =>
      Buffer.byteLength(name + String(value)),
    );
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_024 - 250);
  });
});

describe('the single importer', () => {
  it('201 with the ticket as GET tells it; the device admits it', async () => {
    const event = await world.newEvent();
    const body = { barcode: ' *S-1* ', holder: { name: 'Ada' }, createWhenSoldOut: false };
    const made = await imports(`POST /v1/events/${event.eventId}/tickets/import`, { key, body });
    expect(made).toMatchObject({
      status: 201,
      body: { barcode: ' *S-1* ', status: 'REGISTERED', origin: 'IMPORTED', holderName: 'Ada' },
    });
    const read = await world.organizers(`GET /v1/tickets/${made.body.eventTicketId}`, { key });
    expect(read.body).toEqual(made.body);
  });
  it('409 sold_out only without createWhenSoldOut, barcode_exists before it', async () => {
    const event = await world.newEvent({ capacity: 1 });
    const post = (barcode: string, createWhenSoldOut: boolean) =>
      imports(`POST /v1/events/${event.eventId}/tickets/import`, {
        key,
        body: { barcode, createWhenSoldOut },
      });
    expect((await post('cap-1', false)).status).toBe(201);
    expect(codesOf(await post('cap-2', false))).toEqual(['sold_out']);
    expect(codesOf(await post('cap-1', false))).toEqual(['barcode_exists']);
    expect((await post('cap-2', true)).status).toBe(201);
  });
  it('422 for a barcode that can not be one and a type that has to be named', async () => {
    const event = await world.newEvent({}, [{ name: 'A' }, { name: 'B' }]);
    const body = { barcode: 'a\tb', createWhenSoldOut: true };
    const reply = await imports(`POST /v1/events/${event.eventId}/tickets/import`, { key, body });
    expect(codesOf(reply)).toEqual(['validation_failed', '/barcode', '/ticketTypeId']);
    const path = 'POST /v1/events/nowhere/tickets/import';
    expect((await imports(path, { key, body })).status).toBe(404);
  });
});

describe('DELETE /v1/tickets/{eventTicketId}', () => {
  it('204 frees the barcode and its place', async () => {
    const event = await world.newEvent({ capacity: 1 });
    const path = `POST /v1/events/${event.eventId}/tickets/import` as const;
    const body = { barcode: 'del-1', createWhenSoldOut: false };
    const made = await imports(path, { key, body });
    const target = `DELETE /v1/tickets/${made.body.eventTicketId}` as const;
    const other = await world.newOrganization();
    expect((await imports(target, { key: other.key })).status).toBe(404);
    expect((await imports(target, { key })).status).toBe(204);
    expect((await imports(target, { key })).status).toBe(404);
    expect((await imports(path, { key, body })).status).toBe(201);
  });
  it('409 for a ticket that was admitted; the others of its import can go', async () => {
    const event = await world.newEvent();
    const device = await world.organizers('POST /v1/devices', {
      key,
      body: { name: 'Gate', eventIds: [event.eventId] },
    });
    const { importId } = await world.imported(event.eventId, 'barcode\ndel-2\ndel-3\n');
    const [admitted, fresh] = await world.listAll(`/v1/imports/${importId}/tickets`);
    const scan = { scanId: 's-1', eventId: event.eventId, barcode: 'del-2' };
    const outcome = await world.scans('POST /v1/validate', { key: device.body.key, body: scan });
    expect(outcome.body.outcome).toBe('ADMITTED');
    const remove = (ticket: { eventTicketId: number }) =>
      imports(`DELETE /v1/tickets/${ticket.eventTicketId}`, { key });
    expect(codesOf(await remove(admitted))).toEqual(['not_deletable']);
    expect((await remove(fresh)).status).toBe(204);
    const stock = await world.organizers(`GET /v1/events/${event.eventId}`, { key });
    expect(stock.body.imported).toBe(1);
  });
  it('409 for a ticket whose chunk is not booked yet, and for one that was sold', async () => {
    const event = await world.newEvent();
    const { importId } = await world.analyzed(event.eventId, 'barcode\ndel-4\n');
    const { organizationId } = world;
    const base = { organizationId, eventId: event.eventId };
    const early = aTicket({ ...base, importId, importRow: 1 });
    const sold = aTicket({ ...base, origin: 'SOLD' });
    for (const ticket of [early, sold]) {
      await world.put(ticket);
      const reply = await imports(`DELETE /v1/tickets/${ticket.eventTicketId}`, { key });
      expect(codesOf(reply)).toEqual(['not_deletable']);
    }
  });
});

it('GET /v1/import-template.csv imports as it is, every column certain', async () => {
  const template = await imports('GET /v1/import-template.csv', { key });
  expect(template.headers['content-type']).toBe('text/csv; charset=utf-8');
  const event = await world.newEvent({}, [{ name: 'Regular' }, { name: 'VIP' }]);
  const done = await world.imported(event.eventId, template.body, { autoStart: false });
  expect(done).toMatchObject({
    status: 'COMPLETED',
    progress: { tickets: 2, rowsTotal: 2 },
    warnings: [],
  });
  const [ticket] = await world.listAll(`/v1/imports/${done.importId}/tickets`);
  expect(ticket).toMatchObject({
    price: { amountMinor: 2500 },
    section: 'A',
    row: '3',
    seat: '12',
  });
});
