import { describe, expect, it } from 'vitest';
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
    const records = await world.report(done.importId);
    expect(records).toEqual([
      ['import row', 'outcome', 'reason', 'event ticket id', 'barcode-escaped', 'name', 'email'],
      ['1', 'ticket', '', String(tickets[0].eventTicketId), 'R-1', 'Ada', 'ada@example.com'],
      ['2', 'ticket', '', String(tickets[1].eventTicketId), "'=R-2", 'a\r\nb', ''],
      ['3', 'rejected', 'barcode_missing', '', '', 'nobody', ''],
      ['4', 'blank', '', '', '', '', ''],
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
    const read = await world.organizers(`GET /v1/tickets/${ticket.eventTicketId}`, { key });
    expect(read.body).toEqual({ ...ticket, history: [] });
    const item = (await world.allItems()).find((found) => found['tid'] === ticket.eventTicketId);
    const bytes = Object.entries(item ?? {}).map(([name, value]) =>
      Buffer.byteLength(name + String(value)),
    );
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_024 - 250);
  });
});
