import { expect, it } from 'vitest';
import { runs } from '../support/campaign.ts';
import { createImportWorld } from '../support/import-world.ts';

const COUNT = runs(300, 10_000);
const LIMIT = 100;
const world = await createImportWorld();
const { key } = world;

it.each([
  ['tickets', 'eventTicketId', (eventId: string) => `/v1/events/${eventId}/tickets` as const],
  ['orders', 'orderId', (eventId: string) => `/v1/events/${eventId}/orders` as const],
  ['contacts', 'contactId', () => '/v1/contacts' as const],
])('lists all %s once each, while others are added', async (name, id, toPath) => {
  const { eventId } = await world.newEvent();
  const lines = Array.from({ length: COUNT }, (_, at) => `${name}${at},${name}${at}@example.com`);
  await world.imported(eventId, ['barcode,email', ...lines].join('\n'));
  const path = toPath(eventId);

  async function page(cursor: string | undefined) {
    world.clock.nowMs += 100;
    const query = cursor === undefined ? '' : `&cursor=${cursor}`;
    const request = `GET ${path}?limit=${LIMIT}${query}` as const;
    const { status, body } = await world.organizers(request, { key });
    expect(status).toBe(200);
    return body;
  }
  async function list(between: () => Promise<unknown>): Promise<readonly (number | string)[]> {
    const ids: (number | string)[] = [];
    let cursor: string | undefined;
    do {
      const { items, nextCursor } = await page(cursor);
      ids.push(...items.map((item: Record<string, number | string>) => item[id]));
      cursor = nextCursor;
      await between();
    } while (cursor !== undefined);
    return ids;
  }

  let added = 0;
  const add = async () => {
    added += 1;
    const barcode = `${name}-added-${added}`;
    const body = {
      barcode,
      createWhenSoldOut: true,
      holder: { name: barcode, email: `${barcode}@example.com` },
    };
    const made = await world.imports(`POST /v1/events/${eventId}/tickets/import`, { key, body });
    expect(made.status).toBe(201);
  };
  const before = await list(async () => undefined);
  expect(before.length).toBeGreaterThanOrEqual(COUNT);
  const during = await list(add);
  expect(added).toBeGreaterThanOrEqual(COUNT / LIMIT);
  expect(new Set(during).size).toBe(during.length);
  const seen = new Set(during);
  expect(before.filter((one) => !seen.has(one))).toEqual([]);
  const after = await list(async () => undefined);
  expect(after).toHaveLength(before.length + added);
});
