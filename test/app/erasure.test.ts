import { describe, expect, it } from 'vitest';
import { createErasureWorld } from '../support/erasure-world.ts';

const world = await createErasureWorld();
const { key, organizers } = world;
const EMAIL = 'Canary@example.com';
const CANARY = /canary/i;
const contactId = world.toId(EMAIL);

const header = 'barcode,name,email,company,note,ticket type';
const toFile = (tag: string) =>
  [
    header,
    `${tag}-1,Carla Canary,${EMAIL},Canary Ltd,Canary sits in front,Regular`,
    `${tag}-2,Carla Canary,${EMAIL},,${'Canary likes it quiet. '.repeat(40)},Regular`,
    `${tag}-3,Ada,ada@example.com,Engines,by the door,Regular`,
    `${tag}-3,Carla Canary,canary@EXAMPLE.com,,duplicate of the file,Regular`,
    `${tag}-4,Carla Canary,${EMAIL},,rejected,Nowhere`,
    `,Carla Canary,${EMAIL},,no barcode,Regular`,
  ].join('\n');

async function plant(tag: string) {
  const event = await world.newEvent();
  const file = toFile(tag);
  const { importId } = await world.imported(event.eventId, file);
  const again = await world.imported(event.eventId, file);
  await organizers(`GET /v1/contacts/${contactId}`, { key });
  const single = await world.imports(`POST /v1/events/${event.eventId}/tickets/import`, {
    key,
    body: {
      barcode: `${tag}-single`,
      createWhenSoldOut: true,
      holder: { name: 'Carla Canary', email: EMAIL },
    },
  });
  for (const id of [importId, again.importId]) {
    await world.imports(`POST /v1/imports/${id}/report`, { key, body: {} });
    const { report } = (await world.allItems()).find(
      (item) => item['kind'] === 'import' && item['importId'] === id,
    ) as { report: { reportId: string } };
    const { organizationId } = world;
    await world.worker()({
      type: 'import.report',
      organizationId,
      importId: id,
      reportId: report.reportId,
    });
  }
  return { event, importId, again: again.importId, single: single.body, file };
}

describe('an erased person', () => {
  it('is found nowhere an hour later, and everybody else and the tickets are as before', async () => {
    const { importId, again, event } = await plant('A');
    expect((await world.findTraces(CANARY)).length).toBeGreaterThan(10);
    const before = await world.listAll(`/v1/imports/${importId}/tickets`);
    const done = await world.erased(contactId);
    expect(done.body).toMatchObject({ contactId, completed: true });
    expect(await world.findTraces(CANARY)).toEqual([]);

    const after = await world.listAll(`/v1/imports/${importId}/tickets`);
    expect(after.map(({ barcode }) => barcode)).toEqual(before.map(({ barcode }) => barcode));
    expect(after.at(-1)).toEqual(before.at(-1));
    const rows = await world.listAll(`/v1/imports/${again}/rows?outcome=duplicate`);
    expect(rows.map(({ cells }) => cells[0])).toEqual(['A-1', 'A-2', 'A-3', 'A-3']);
    expect(rows[2].cells).toContain('ada@example.com');
    const progress = (await world.read(importId)).progress;
    expect(progress).toMatchObject({ rowsTotal: 6, rowsDone: 6, tickets: 3, rejected: 2 });
    const listed = await organizers(`GET /v1/events/${event.eventId}/tickets`, { key });
    expect(listed.body.items).toHaveLength(4);
  });

  it('is not brought back by the old file, by a repeated chunk or by a single import', async () => {
    const { event, importId, file } = await plant('B');
    await world.erased(contactId);
    await world.imported(event.eventId, file);
    const fresh = await world.newEvent();
    const { progress } = await world.imported(fresh.eventId, toFile('C'));
    expect(progress).toMatchObject({ tickets: 3, duplicates: 1, rejected: 2 });
    await world.worker()(world.run(importId));
    await world.imports(`POST /v1/events/${event.eventId}/tickets/import`, {
      key,
      body: {
        barcode: 'B-again',
        createWhenSoldOut: true,
        holder: { name: 'Carla Canary', email: EMAIL },
      },
    });
    expect(await findInTable()).toEqual([]);
    expect((await organizers(`GET /v1/contacts/${contactId}`, { key })).status).toBe(404);
  });
});

/** Uploads go at the end of an import, whoever stands in them. */
const findInTable = async () =>
  (await world.findTraces(CANARY)).filter((trace) => !trace.startsWith('uploads/'));
