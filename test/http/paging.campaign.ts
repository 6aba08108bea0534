import { expect, it } from 'vitest';
import { toNewId } from '../../lib/app/ids.ts';
import { batchPut } from '../../lib/table/batch-write.ts';
import { clashPosition } from '../../lib/table/door-keys.ts';
import { eventPosition } from '../../lib/table/keys.ts';
import { createScanLogStore } from '../../lib/table/scan-log-store.ts';
import type { Api } from '../support/api.ts';
import { anEvent } from '../support/builders.ts';
import { runs } from '../support/campaign.ts';
import { createImportWorld } from '../support/import-world.ts';

const COUNT = runs(300, 10_000);
const LIMIT = 100;
const world = await createImportWorld();
const { key, organizationId } = world;
type Item = Record<string, unknown>;
type Path = `/${string}`;

/** A list, and how something is added to it while it is paged; without that it can't grow. */
interface List {
  readonly path: Path;
  readonly id: string;
  readonly api?: Api;
  readonly add?: () => Promise<unknown>;
}

const tick = (): number => (world.clock.nowMs += 1);

async function post(path: Path, body: unknown, api = world.organizers) {
  tick();
  const reply = await api(`POST ${path}`, { key, body });
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
  return reply.body;
}

/** The item as often as wanted, each with an id, or whatever else tells it, of its own. */
async function multiply(
  isIt: (item: Item) => boolean,
  toCopy: (
    item: Item,
    index: number,
  ) => { readonly from: string; readonly to: string; srt?: string },
): Promise<void> {
  const item = (await world.allItems()).find(isIt);
  if (item === undefined) throw new Error('nothing to multiply');
  const copies = Array.from({ length: COUNT - 1 }, (_, index) => {
    const { from, to, srt } = toCopy(item, index + 1);
    const copy = JSON.parse(JSON.stringify(item).replaceAll(from, to)) as Item;
    return srt === undefined ? copy : { ...copy, srt };
  });
  for (let at = 0; at < copies.length; at += 500) {
    await batchPut(world, copies.slice(at, at + 500));
  }
}

const aPerson = (name: string) => ({ name, email: `${name}@example.com` });
let added = 0;
const importOne = async (eventId: string) => {
  const barcode = `added-${(added += 1)}`;
  const body = { barcode, createWhenSoldOut: true, holder: aPerson(barcode) };
  return post(`/v1/events/${eventId}/tickets/import`, body, world.imports);
};

const imported = await (async () => {
  const { eventId } = await world.newEvent();
  const rows = Array.from({ length: COUNT }, (_, at) => `bar-${at},person${at}@example.com`);
  const { importId } = await world.imported(eventId, ['barcode,email', ...rows].join('\n'));
  return { eventId: String(eventId), importId: String(importId) };
})();
const ofEvent = (what: string): Path => `/v1/events/${imported.eventId}/${what}`;
const ofImport = (what: string): Path => `/v1/imports/${imported.importId}/${what}`;
const add = async () => importOne(imported.eventId);
/** The event that holds one of everything that is multiplied. */
const { eventId, ticketTypeId } = await (async () => {
  const event = await world.newEvent();
  const types = await world.organizers(`GET /v1/events/${event.eventId}/ticket-types`, { key });
  return {
    eventId: String(event.eventId),
    ticketTypeId: Number(types.body.items[0].ticketTypeId),
  };
})();
/** Older by as many milliseconds as it has a number: an id of its own time. */
const older = (kind: 'message' | 'event' | 'import', index: number): string =>
  toNewId(kind, world.clock.nowMs - index);

const LISTS: Readonly<Record<string, () => Promise<List>>> = {
  'tickets of an event': async () => ({ path: ofEvent('tickets'), id: 'eventTicketId', add }),
  'tickets of an event with a status': async () => ({
    path: ofEvent('tickets?status=REGISTERED'),
    id: 'eventTicketId',
    add,
  }),
  'orders of an event': async () => ({ path: ofEvent('orders'), id: 'orderId', add }),
  contacts: async () => ({ path: '/v1/contacts', id: 'contactId', add }),
  'rows of an import': async () => ({ path: ofImport('rows'), id: 'row', api: world.imports }),
  'tickets of an import': async () => ({
    path: ofImport('tickets'),
    id: 'eventTicketId',
    api: world.imports,
  }),
  'contacts of an import': async () => ({
    path: ofImport('contacts'),
    id: 'contactId',
    api: world.imports,
  }),
  'orders of a contact': async () => {
    const sell = async () =>
      post(`/v1/events/${eventId}/orders`, {
        buyer: { firstName: 'Ada', email: 'often@example.com' },
        items: [{ ticketTypeId, quantity: 1 }],
        payment: { paymentType: 'CASH' },
      });
    const { orderId } = await sell();
    const isIt = ({ kind, orderId: of }: Item) => kind === 'order' && of === orderId;
    await multiply(isIt, (_, index) => ({ from: `${orderId}`, to: `${orderId - index * 4096}` }));
    const contacts = await world.organizers('GET /v1/contacts?email=often@example.com', { key });
    const { contactId } = contacts.body.items[0];
    return { path: `/v1/contacts/${contactId}/orders`, id: 'orderId', add: sell };
  },
  events: async () => {
    const made = await post('/v1/events', anEvent());
    const isIt = (item: Item) => item['kind'] === 'event' && item['eventId'] === made.eventId;
    await multiply(isIt, (item, index) => {
      const to = older('event', index);
      return { from: made.eventId, to, srt: eventPosition(String(item['createdAt']), to) };
    });
    return { path: '/v1/events', id: 'eventId', add: async () => post('/v1/events', anEvent()) };
  },
  'imports of an event': async () => {
    const made = await world.create(eventId);
    const isIt = ({ kind, importId }: Item) => kind === 'import' && importId === made.importId;
    await multiply(isIt, (_, index) => ({ from: made.importId, to: older('import', index) }));
    const more = async () => world.create(eventId);
    return { path: `/v1/events/${eventId}/imports`, id: 'importId', api: world.imports, add: more };
  },
  'messages of an event': async () => {
    const send = async () =>
      post(`/v1/events/${eventId}/messages`, { subject: 'Hello', text: 'There' });
    const made = await send();
    const isIt = ({ kind, messageId }: Item) => kind === 'message' && messageId === made.messageId;
    await multiply(isIt, (_, index) => ({ from: made.messageId, to: older('message', index) }));
    return { path: `/v1/events/${eventId}/messages`, id: 'messageId', add: send };
  },
  'scans of an event': async () => {
    const { append } = createScanLogStore(world);
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        organizationId,
        eventId,
        atMs: world.clock.nowMs - COUNT + Math.floor((from + index) / 3),
        deviceId: `dev_${index % 5}`,
        direction: 'entry' as const,
        outcome: 'ADMITTED' as const,
        isOffline: false,
        eventTicketId: from + index + 1,
        logId: `log-${from + index}`,
      }));
    for (let at = 0; at < COUNT; at += 500) await append(lines(at, 500), world.clock.nowMs);
    let next = COUNT + 500;
    const more = async () => append(lines((next += 10), 1), world.clock.nowMs);
    const path = `/v1/events/${eventId}/scans` as const;
    return { path, id: 'eventTicketId', api: world.door, add: more };
  },
  'clashes of an event': async () => {
    const toId = (index: number) => `clash${String(index).padStart(6, '0')}`;
    const clash = (index: number): Item => ({
      pk: `CLA#${organizationId}#${eventId}`,
      sk: toId(index),
      g2: `EVT#${organizationId}#${eventId}#C`,
      srt: clashPosition(1_000_000 + Math.floor(index / 3), toId(index)),
      kind: 'clash',
      organizationId,
      eventId,
      clashId: toId(index),
      reason: 'ALREADY_USED',
      scan: { atMs: index, deviceId: 'dev_1' },
      scanId: `scan-${index}`,
      reportedAtMs: 1_000_000 + Math.floor(index / 3),
    });
    const items = Array.from({ length: COUNT }, (_, index) => clash(index));
    for (let at = 0; at < COUNT; at += 500) await batchPut(world, items.slice(at, at + 500));
    let next = COUNT;
    const more = async () => batchPut(world, [clash((next += 1))]);
    return { path: `/v1/events/${eventId}/clashes`, id: 'scanId', api: world.door, add: more };
  },
};

it.each(Object.entries(LISTS))(
  'lists all %s once each, while others are added',
  async (_, open) => {
    const { path, id, api = world.organizers, add: addOne } = await open();
    let pages = 0;
    async function list(between: () => Promise<unknown>): Promise<readonly unknown[]> {
      const ids: unknown[] = [];
      let cursor: string | undefined;
      do {
        world.clock.nowMs += 100;
        const rest = cursor === undefined ? '' : `&cursor=${cursor}`;
        const { status, body } = await api(
          `GET ${path}${path.includes('?') ? '&' : '?'}limit=${LIMIT}${rest}`,
          { key },
        );
        expect(status).toBe(200);
        ids.push(...body.items.map((item: Item) => item[id]));
        cursor = body.nextCursor;
        pages += 1;
        await between();
      } while (cursor !== undefined);
      return ids;
    }
    const before = await list(async () => undefined);
    expect(before.length).toBeGreaterThanOrEqual(COUNT);
    expect(new Set(before).size).toBe(before.length);

    let more = 0;
    const during = await list(async () => {
      if (addOne === undefined) return;
      await addOne();
      more += 1;
    });
    const seen = new Set(during);
    expect(seen.size).toBe(during.length);
    expect(before.filter((one) => !seen.has(one))).toEqual([]);

    const started = Date.now();
    pages = 0;
    expect(await list(async () => undefined)).toHaveLength(before.length + more);
    console.info(`${path}: ${pages} pages in ${Date.now() - started} ms`);
  },
);
