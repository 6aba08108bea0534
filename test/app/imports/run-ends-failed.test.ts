// A run dies anywhere, and before another one goes on with it its file vanishes: what was written is accounted for.
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { toUploadKey } from '../../../lib/app/imports/upload-key.ts';
import { toDeaths } from '../../support/campaign.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createUndoWorld } from '../../support/undo-world.ts';

const world = await createUndoWorld();
const { key, organizationId } = world;
/** The deaths are meant. */
const logger = createLogger({ info: () => {}, error: () => {} });

const FILE = [
  'barcode,name,ticket type,email,price',
  'F-1,Ada,Regular,F-ada@example.com,1.00',
  '',
  'F-2,Bob,VIP,,2.00',
  'F-1,Twice,Regular,F-dee@example.com,5.00',
  'F-3,Cas,Unknown,,5.00',
  'F-4,Dee,Regular,F-dee@example.com,3.00',
  'F-5,Eef,VIP,F-ada@example.com,4.00',
  'F-6,Dee,Regular,F-dee@example.com,',
  '',
].join('\n');
const FACTS = ['import row', 'outcome', 'reason', 'event ticket id'];
const TYPES = [{ name: 'Regular' }, { name: 'VIP' }];
/** Chunks of four rows: one is booked before the other. */
const chunkRows = 4;

const prepare = async (prefix: string, body: Record<string, unknown>) => {
  const event = await world.newEvent({ capacity: 100 }, TYPES);
  const { importId } = await world.analyzed(event.eventId, FILE.replaceAll('F-', prefix), body);
  await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
  return { eventId: String(event.eventId), importId: String(importId), prefix };
};
type Prepared = Awaited<ReturnType<typeof prepare>>;

/** Everything that tells of the import's tickets tells the same. */
async function expectTrue({ eventId, importId, prefix }: Prepared): Promise<number> {
  const { progress, status } = await world.read(importId);
  const made = (await world.allItems()).filter(
    ({ imp, pk }) => imp === importId && String(pk).includes(`#${prefix}`),
  );
  const rows = await world.listAll(`/v1/imports/${importId}/rows?limit=3`);
  const countOf = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  expect(progress).toMatchObject({
    tickets: made.length,
    rowsTotal: 8,
    rowsDone: 8,
    duplicates: countOf('duplicate'),
    rejected: countOf('rejected'),
    blank: countOf('blank'),
    notImported: countOf('notImported'),
  });
  expect([rows.length, countOf('ticket')]).toEqual([8, made.length]);
  expect(await world.listAll(`/v1/imports/${importId}/rows?outcome=notImported`)).toHaveLength(
    progress.notImported,
  );
  if (status === 'FAILED') {
    const [, ...reported] = await world.report(importId);
    expect(reported.map((record) => record.slice(0, 4))).toEqual(
      rows.map(({ row, outcome, reason = '', eventTicketId = '' }) =>
        [row, outcome, reason, eventTicketId].map(String),
      ),
    );
  }
  const types = new Map<unknown, number>();
  for (const { typ } of made) types.set(typ, (types.get(typ) ?? 0) + 1);
  const stocks = [made.length, ...types.values()].map((imported) => `${imported} 0`);
  const booked = (await world.toStock(eventId)).filter((stock) => stock !== '0 0');
  expect(booked).toEqual(stocks.filter((stock) => stock !== '0 0').toSorted());
  // An order is named after its first ticket, and a buyer has one.
  const firsts = new Map<unknown, unknown>();
  for (const { con, tid } of made.toSorted((a, b) => Number(a['tid']) - Number(b['tid']))) {
    if (con !== undefined && !firsts.has(con)) firsts.set(con, tid);
  }
  expect(made.map(({ oid }) => oid)).toEqual(made.map(({ con, tid }) => firsts.get(con) ?? tid));
  return made.length;
}

describe.each(['enabled', 'disabled'] as const)('with overCapacity %s', (overCapacity) => {
  it.each(['notSent', 'answerLost'] as const)(
    'a run killed at any call (%s) whose upload is gone then is booked, and can be undone',
    async (mode) => {
      const calm = await prepare(`${overCapacity}-${mode}-calm-`, { overCapacity });
      const counting = createFailingClient(0, mode);
      await world.worker({ logger, chunkRows }, counting.client)(world.run(calm.importId));
      expect(await expectTrue(calm)).toBe(5);
      const seen = new Set<string>();
      for (const at of toDeaths(counting.countCalls(), 3)) {
        const hit = await prepare(`${overCapacity}-${mode}-${at}-`, { overCapacity });
        const { client, settle } = createFailingClient(at, mode);
        await world.worker({ logger, chunkRows }, client)(world.run(hit.importId));
        await settle();
        client.destroy();
        await world.objects.remove(toUploadKey({ organizationId, importId: hit.importId }));
        expect(await world.worker({ chunkRows })(world.run(hit.importId))).toBe(0);
        const { status, stopReason } = await world.read(hit.importId);
        const tickets = await expectTrue(hit);
        seen.add(`${status} ${tickets > 0}`);
        if (status === 'FAILED') expect(stopReason).toBe('upload_gone');
        const asked = await world.undo(hit.importId);
        expect({ at, status: asked.status }).toEqual({ at, status: tickets === 0 ? 409 : 202 });
        if (tickets === 0) continue;
        await world.worker()(world.run(hit.importId));
        expect(await world.read(hit.importId)).toMatchObject({
          status: 'UNDONE',
          progress: { tickets: 0, contactsCreated: 0, contactsTotal: 0 },
        });
        expect(await expectTrue(hit)).toBe(0);
        const contacts = await world.toContacts();
        expect(contacts.filter((email) => email.startsWith(hit.prefix))).toEqual([]);
      }
      expect([...seen]).toContain('FAILED true');
    },
  );
});

it('a dry run that fails has nothing to undo', async () => {
  const { importId } = await prepare('dry-failed-', { dryRun: true });
  const [dying, next] = [world.worker({ chunkRows, runMs: 0 }), world.worker()];
  await dying(world.run(importId));
  await world.objects.remove(toUploadKey({ organizationId, importId }));
  await next(world.run(importId));
  expect(await world.read(importId)).toMatchObject({
    status: 'FAILED',
    progress: { tickets: 2, rowsDone: 8 },
  });
  expect((await world.undo(importId)).body.code).toBe('import_not_undoable');
});

describe('the report of an import that failed', () => {
  it('names every row that was not imported, also those that no run came to', async () => {
    const { importId } = await prepare('failed-report-', {});
    await world.worker({ chunkRows, runMs: 0 })(world.run(importId));
    await world.objects.remove(toUploadKey({ organizationId, importId }));
    await world.worker()(world.run(importId));
    const { progress, status, stopReason } = await world.read(importId);
    expect({ status, stopReason }).toEqual({ status: 'FAILED', stopReason: 'upload_gone' });
    expect(progress).toMatchObject({ tickets: 2, duplicates: 1, blank: 1, notImported: 4 });
    const [first, second] = await world.listAll(`/v1/imports/${importId}/tickets`);
    expect(await world.report(importId)).toEqual([
      [...FACTS, 'barcode', 'name', 'ticket type', 'email', 'price'],
      [
        '1',
        'ticket',
        '',
        String(first.eventTicketId),
        'failed-report-1',
        'Ada',
        'Regular',
        'failed-report-ada@example.com',
        '1.00',
      ],
      ['2', 'blank', '', '', '', '', '', '', ''],
      [
        '3',
        'ticket',
        '',
        String(second.eventTicketId),
        'failed-report-2',
        'Bob',
        'VIP',
        '',
        '2.00',
      ],
      [
        '4',
        'duplicate',
        '',
        '',
        'failed-report-1',
        'Twice',
        'Regular',
        'failed-report-dee@example.com',
        '5.00',
      ],
      ...['5', '6', '7', '8'].map((row) => [row, 'notImported', '', '', '', '', '', '', '']),
    ]);
  });

  it.each([
    ['an upload that was refused as a whole', {}, '%PDF-1.7'],
    ['a dry run', { dryRun: true }, FILE],
  ])('is refused for %s: it has no rows', async (_what, body, content) => {
    const event = await world.newEvent({}, TYPES);
    const { importId } = await world.analyzed(event.eventId, content, body);
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    await world.objects.remove(toUploadKey({ organizationId, importId }));
    await world.worker()(world.run(importId));
    expect((await world.read(importId)).status).toBe('FAILED');
    const asked = await world.imports(`POST /v1/imports/${importId}/report`, { key, body: {} });
    expect(asked).toMatchObject({ status: 409, body: { code: 'report_not_ready' } });
  });
});
