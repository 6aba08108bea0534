import { expect, it } from 'vitest';
import { EXPORT_CONTENTS, type ExportContent } from '../../../lib/domain/event-export.ts';
import { createErasureWorld } from '../../support/erasure-world.ts';

const world = await createErasureWorld();
const { key, organizationId } = world;

async function exportOnce(eventId: string, content: ExportContent) {
  world.clock.nowMs += 1;
  const path = `/v1/events/${eventId}/${content}-export` as const;
  const { exportId } = (await world.imports(`POST ${path}`, { key, body: {} })).body;
  const message = { type: 'event.export', organizationId, eventId, content, exportId };
  if ((await world.worker()(message)) > 0) throw new Error('the export failed');
}

const readExport = async (eventId: string, content: ExportContent) =>
  world.imports(`GET /v1/events/${eventId}/${content}-export`, { key });

const findExports = async (pattern: RegExp) =>
  (await world.findTraces(pattern)).filter((name) => /^reports\/[^/]+\/exports\//.test(name));

async function* toChunks(text: string) {
  yield text;
}

it('an erased person is in no export any more, of whatever event; each can be asked for again', async () => {
  const person = world.newPerson();
  const { eventId } = await world.plant('X', person);
  for (const content of EXPORT_CONTENTS) await exportOnce(eventId, content);
  expect(await findExports(person.pattern)).toHaveLength(EXPORT_CONTENTS.length);
  const beside = await world.newEvent();
  await exportOnce(beside.eventId, 'tickets');
  await world.erase(person.contactId);
  await world.work(person.contactId);
  expect(await findExports(/./)).toEqual([]);
  for (const content of EXPORT_CONTENTS) {
    expect((await readExport(eventId, content)).body.code).toBe('report_not_ready');
    await exportOnce(eventId, content);
    expect((await readExport(eventId, content)).status).toBe(200);
  }
  expect(await findExports(/./)).toHaveLength(EXPORT_CONTENTS.length);
  expect(await findExports(person.pattern)).toEqual([]);
});

it('nor in one whose worker had read the person before and writes its file afterwards', async () => {
  const person = world.newPerson();
  const { eventId } = await world.plant('Y', person);
  await exportOnce(eventId, 'tickets');
  const [file = ''] = await findExports(person.pattern);
  await world.erase(person.contactId);
  await world.work(person.contactId);
  await world.objects.write(file, 'text/csv', toChunks(person.name));
  expect(await findExports(person.pattern)).toEqual([file]);
  world.clock.nowMs += 3_600_000;
  await world.work(person.contactId);
  expect(await findExports(person.pattern)).toEqual([]);
});
