import { describe, expect, it } from 'vitest';
import { EXPORT_KEPT_MS } from '../../lib/domain/event-export.ts';
import { createExportWorld } from '../support/export-world.ts';

const world = await createExportWorld();
const { imports, key, mine } = world;

describe.each(['orders', 'tickets'] as const)('%s-export', (content) => {
  const toPath = (eventId: string) => `/v1/events/${eventId}/${content}-export` as const;
  const ask = async (eventId: string, body: Record<string, unknown> = {}) => {
    world.clock.nowMs += 1;
    return imports(`POST ${toPath(eventId)}`, { key, body });
  };
  const read = async (eventId: string) => imports(`GET ${toPath(eventId)}`, { key });

  it('409 before it was asked for, while it is made, and when its file is gone', async () => {
    const { eventId } = await world.newEvent();
    expect((await read(eventId)).body.code).toBe('report_not_ready');
    const asked = await ask(eventId);
    expect(asked).toMatchObject({ status: 202, body: { eventId, raw: false } });
    expect((await read(eventId)).body.code).toBe('report_not_ready');
    await world.exported(mine, eventId, {}, content);
    expect((await read(eventId)).body).toEqual({ url: expect.stringContaining('http') });
    world.clock.nowMs += EXPORT_KEPT_MS;
    expect((await read(eventId)).body.code).toBe('report_not_ready');
  });

  it('is the one that was asked for last; its message is committed with it and may come twice', async () => {
    const { eventId } = await world.newEvent();
    const first = (await ask(eventId)).body.exportId;
    const second = (await ask(eventId, { raw: true })).body.exportId;
    const { organizationId } = mine;
    const toMessage = (exportId: string) => ({
      type: 'event.export',
      organizationId,
      eventId,
      content,
      exportId,
    });
    const messages = (await world.allItems()).map((item) => item['message']);
    expect(messages).toEqual(expect.arrayContaining([toMessage(first), toMessage(second)]));
    expect(await world.worker()(toMessage(first))).toBe(0);
    expect((await read(eventId)).status).toBe(409);
    expect(await world.worker()(toMessage(second), toMessage(second), toMessage(first))).toBe(0);
    expect((await read(eventId)).body.url).toContain(second);
  });

  it('stands apart from the exports of other contents', async () => {
    const { eventId } = await world.newEvent();
    await world.exported(mine, eventId);
    expect((await read(eventId)).status).toBe(409);
    await world.exported(mine, eventId, {}, content);
    await imports(`POST /v1/events/${eventId}/barcodes-export`, { key, body: {} });
    expect((await read(eventId)).status).toBe(200);
  });

  it('404 for an event of somebody else, as for an unknown one', async () => {
    const { eventId } = await world.newEvent();
    await world.exported(mine, eventId, {}, content);
    const other = await world.newOrganization();
    for (const method of ['POST', 'GET'] as const) {
      const [foreign, unknown] = await Promise.all(
        [eventId, 'evt_unknown'].map(async (id) =>
          imports(`${method} ${toPath(id)}`, { key: other.key }),
        ),
      );
      expect(foreign?.status).toBe(404);
      expect(withoutIds(foreign?.body)).toEqual(withoutIds(unknown?.body));
    }
  });
});

/** What differs between any two answers. */
const withoutIds = ({
  instance: _instance,
  requestId: _requestId,
  ...body
}: Record<string, unknown>) => body;
