import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../lib/app/import-ports.ts';
import { EXPORT_CONTENTS, type ExportContent } from '../../../lib/domain/event-export.ts';
import type { ImportWorkerDeps } from '../../../lib/workers/import-queue.ts';
import { aTicket } from '../../support/builders.ts';
import { runs, toDeaths } from '../../support/campaign.ts';
import { createErasureWorld } from '../../support/erasure-world.ts';
import { createFailingClient } from '../../support/failing-client.ts';

const world = await createErasureWorld();
const { key, organizationId } = world;
type Message = Record<string, unknown>;

/** S3 joins no parts of a few bytes: what it does with larger ones stands in test/adapters/s3-objects.test.ts. */
const join: ObjectStore['join'] = async (name, contentType, parts) => {
  await world.objects.write(name, contentType, readAll(parts));
};
async function* readAll(parts: readonly string[]) {
  for (const part of parts) {
    const found = await world.objects.find(part);
    if (found === undefined) throw new Error('a part is gone');
    for await (const chunk of world.objects.read(found)) yield chunk.toString();
  }
}
const sent: Message[] = [];
/** Each call ends at the first place where it may. */
const HURRIED: Partial<ImportWorkerDeps> = {
  runMs: -1,
  partCharacters: 3_000,
  objects: { ...world.objects, join },
  queue: { send: async (messages) => void sent.push(...messages) },
};

async function ask(path: `/${string}`): Promise<Message> {
  world.clock.nowMs += 1;
  const { status, body } = await world.imports(`POST ${path}`, { key, body: {} });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return body;
}
async function read(path: `/${string}`): Promise<string> {
  const { status, body } = await world.imports(`GET ${path}`, { key });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return (await fetch(body.url)).text();
}
/** Works off the message and what follows from it; answers how many calls that took. */
async function workOff(message: Message, deliver = world.worker(HURRIED)): Promise<number> {
  let calls = 0;
  for (let next: Message | undefined = message; next !== undefined; next = sent.shift()) {
    expect(await deliver(next)).toBe(0);
    calls += 1;
  }
  return calls;
}
const listParts = async () =>
  (await world.findTraces(/./)).filter((name) => /\.csv\.\w+$/.test(name));

/** More than are read at once: of tickets 1,000, of orders 100, of rows 500. */
const ROWS = 1_100;
const ORDERS = 210;
/** The cell that a spreadsheet would run comes late: what is written by then is begun again. */
async function importRows(tag: string, count: number) {
  const { eventId } = await world.newEvent();
  const rows = Array.from({ length: count }, (_, at) => {
    if (at % 50 === 7) return `${tag}-${at - 1},Twice,`;
    const name = at === count - 30 ? '=1+1' : `Name ${at}`;
    return `${tag}-${at},${name},${tag}${at}@long.example`;
  });
  const { importId } = await world.imported(eventId, ['barcode,name,email', ...rows].join('\n'));
  return { eventId: String(eventId), importId: String(importId) };
}
const { eventId, importId } = await importRows('bar', ROWS);
const ofOrders = await importRows('ord', ORDERS);
const toExport = (content: ExportContent) => {
  const of = content === 'orders' ? ofOrders : { eventId };
  return {
    path: `/v1/events/${of.eventId}/${content}-export` as const,
    toMessage: ({ exportId }: Message) => ({
      type: 'event.export',
      organizationId,
      eventId: of.eventId,
      content,
      exportId,
    }),
  };
};
const REPORT = {
  path: `/v1/imports/${importId}/report` as const,
  toMessage: ({ reportId }: Message) => ({
    type: 'import.report',
    organizationId,
    importId,
    reportId,
  }),
};
const FILES = [
  ...EXPORT_CONTENTS.map((content) => [content, toExport(content)] as const),
  ['report', REPORT] as const,
];

describe.each(FILES)('a file of %s', (_, { path, toMessage }) => {
  it('is the same whether one call writes it or many, and leaves no parts', async () => {
    expect(await world.worker()(toMessage(await ask(path)))).toBe(0);
    const whole = await read(path);
    expect(whole.split('\r\n').length).toBeGreaterThan(ORDERS * 0.9);
    const calls = await workOff(toMessage(await ask(path)));
    expect(calls).toBeGreaterThanOrEqual(2);
    expect(await read(path)).toBe(whole);
    expect(await listParts()).toEqual([]);
  });
});

const KILLED = [
  ['tickets', toExport('tickets')],
  ['report', REPORT],
] as const;
describe.each(KILLED.slice(0, runs(1, KILLED.length)))('a file of %s', (_, { path, toMessage }) => {
  it.each(['notSent', 'answerLost'] as const)(
    'goes on after a death at any call to the table (%s)',
    async (mode) => {
      const whole = await read(path);
      const counter = createFailingClient(Number.MAX_SAFE_INTEGER, mode);
      await workOff(toMessage(await ask(path)), world.worker(HURRIED, counter.client));
      counter.client.destroy();
      for (const at of toDeaths(counter.countCalls(), 1)) {
        const message = toMessage(await ask(path));
        const { client } = createFailingClient(at, mode);
        const dying = world.worker(HURRIED, client);
        for (let next: Message | undefined = message; next !== undefined; next = sent.shift()) {
          // Delivered again, as the queue does it.
          if ((await dying(next)) > 0) expect(await world.worker(HURRIED)(next)).toBe(0);
        }
        client.destroy();
        expect({ at, isSame: (await read(path)) === whole }).toEqual({ at, isSame: true });
      }
      const parts = await listParts();
      // A part whose note was never written lies there until its time is over, or an erasure comes.
      expect(parts.length).toBeLessThanOrEqual(4);
      for (const part of parts) await world.objects.remove(part);
    },
  );

  it('is given up for one that is asked for while it is written', async () => {
    const message = toMessage(await ask(path));
    expect(await world.worker(HURRIED)(message)).toBe(0);
    expect((await listParts()).length).toBeGreaterThan(0);
    const newer = toMessage(await ask(path));
    await workOff(sent.shift() ?? {});
    expect(await listParts()).toEqual([]);
    await workOff(newer);
    expect(await read(path)).toContain('bar-2');
  });
});

it('two calls with the same message write each line once', async () => {
  const { path, toMessage } = toExport('tickets');
  const message = toMessage(await ask(path));
  const deliver = world.worker(HURRIED);
  await deliver(message);
  await Promise.all([deliver(message), deliver(message), deliver(message)]);
  await workOff(message);
  while (sent.length > 0) await workOff(sent.shift() ?? {});
  const lines = (await read(path)).split('\r\n').filter((line) => line.includes('bar-'));
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines).toHaveLength(ROWS - ROWS / 50);
});

it('an erasure takes a person out of what is half written, and nothing brings it back', async () => {
  const person = world.newPerson();
  const planted = await world.plant('L', person);
  const base = { organizationId, eventId: planted.eventId, ticketTypeId: 7 };
  await world.putAll(
    Array.from({ length: 1_200 }, (_, at) =>
      aTicket({
        ...base,
        eventTicketId: Number.MAX_SAFE_INTEGER - 5_000 + at,
        barcode: `long-${at}`,
      }),
    ),
  );
  const path = `/v1/events/${planted.eventId}/tickets-export` as const;
  const { exportId } = await ask(path);
  const message = { type: 'event.export', ...base, content: 'tickets', exportId };
  expect(await world.worker(HURRIED)(message)).toBe(0);
  const traces = await world.findTraces(person.pattern);
  expect(traces.filter((name) => /\.csv\.\w+$/.test(name))).toHaveLength(1);
  await world.erased(person.contactId);
  for (const again of [message, ...sent.splice(0)]) await workOff(again);
  expect(await world.findTraces(person.pattern)).toEqual([]);
  expect((await world.imports(`GET ${path}`, { key })).body.code).toBe('report_not_ready');
});
