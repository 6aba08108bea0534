import { describe, expect, it } from 'vitest';
import { EXPORT_KEPT_MS } from '../../lib/domain/event-export.ts';
import { createExportWorld } from '../support/export-world.ts';

const world = await createExportWorld();
const { imports, key, mine } = world;
const toPath = (eventId: string) => `/v1/events/${eventId}/barcodes-export` as const;

describe('barcodes-export', () => {
  it('409 before it was asked for, while it is made, and when its file is gone', async () => {
    const { eventId } = await world.newEvent();
    const read = async () => (await imports(`GET ${toPath(eventId)}`, { key })).body.code;
    expect(await read()).toBe('report_not_ready');
    const asked = await imports(`POST ${toPath(eventId)}`, { key });
    expect(asked).toMatchObject({ status: 202, body: { eventId, raw: false, warnings: [] } });
    expect(await read()).toBe('report_not_ready');
    await world.exported(mine, eventId);
    expect(await read()).toBeUndefined();
    world.clock.nowMs += EXPORT_KEPT_MS;
    expect(await read()).toBe('report_not_ready');
  });

  it('is the one that was asked for last; its message is committed with it', async () => {
    const { eventId } = await world.newEvent();
    const ask = async (raw: boolean) =>
      (await imports(`POST ${toPath(eventId)}`, { key, body: { raw } })).body.exportId;
    const [first, second] = [await ask(false), await ask(true)];
    const toMessage = (exportId: string) => ({
      type: 'event.export',
      organizationId: mine.organizationId,
      eventId,
      content: 'barcodes',
      exportId,
    });
    const messages = (await world.allItems()).map((item) => item['message']);
    expect(messages).toEqual(expect.arrayContaining([toMessage(first), toMessage(second)]));
    const read = async () => (await imports(`GET ${toPath(eventId)}`, { key })).status;
    expect(await world.worker()(toMessage(first))).toBe(0);
    expect(await read()).toBe(409);
    expect(await world.worker()(toMessage(second), toMessage(second))).toBe(0);
    expect(await read()).toBe(200);
  });

  it.each([
    [true, true, ['secureSwapOn']],
    [true, false, []],
    [false, true, []],
  ])('with SecureSwap %s for the organization and %s for the event warns %j', async (...flags) => {
    const [ofOrganization, ofEvent, warnings] = flags;
    const secureSwap = { enabled: ofOrganization };
    await world.organizers('PATCH /v1/organization', { key, body: { secureSwap } });
    const { eventId } = await world.newEvent({ secureSwap: ofEvent });
    const asked = await imports(`POST ${toPath(eventId)}`, { key });
    expect(asked.body.warnings).toEqual(warnings);
    await world.exported(mine, eventId);
    const ready = await imports(`GET ${toPath(eventId)}`, { key });
    expect(ready.body.warnings).toEqual(warnings);
  });

  it('404 for an event of somebody else, as for an unknown one', async () => {
    const { eventId } = await world.newEvent();
    const other = await world.newOrganization();
    for (const id of [eventId, 'evt_unknown']) {
      expect((await imports(`POST ${toPath(id)}`, { key: other.key })).status).toBe(404);
      expect((await imports(`GET ${toPath(id)}`, { key: other.key })).status).toBe(404);
    }
  });
});
