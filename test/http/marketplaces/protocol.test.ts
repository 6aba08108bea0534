// The canonical protocol from the organizer's listing to the marketplace's invoice, and what bars it.
import { describe, expect, it } from 'vitest';
import { createMarketplaceWorld } from '../../support/marketplace-world.ts';

const world = await createMarketplaceWorld();
const { clock, key, marketplaces } = world;
const event = await world.newEvent();
const gametime = await world.newKey('gametime');
const HOLDS = '/v1/marketplaces/gametime/holds';

const list = async (count: number, settings: Record<string, unknown> = {}) => {
  const tickets = await world.importSeats(event, count);
  const ids = tickets.map(({ eventTicketId }) => eventTicketId);
  const made = await world.offer(ids, settings);
  expect(made.status).toBe(201);
  return { ids, tickets, listingId: made.body.listingId as string };
};
const hold = async (body: Record<string, unknown>, caller = gametime) =>
  marketplaces(`POST ${HOLDS}`, { key: caller, body: { quantity: 1, ...body } });

describe('a marketplace', () => {
  it('asks, holds, extends and invoices', async () => {
    const { listingId } = await list(3);
    const asked = await marketplaces(
      `GET /v1/marketplaces/gametime/listings/${listingId}?quantity=2`,
      { key: gametime },
    );
    expect(asked).toMatchObject({
      status: 200,
      body: {
        available: true,
        availableQuantity: 3,
        purchasableQuantities: [1, 2, 3],
        unitPrice: { amountMinor: 4000, currency: 'EUR' },
      },
    });
    const placed = await hold({ holdRequestId: 'GT 1/ä', listingId, quantity: 2 });
    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'HELD', binding: true, seats: [{ seat: '1' }, { seat: '2' }] },
    });
    clock.nowMs += 60_000;
    const path = `${HOLDS}/${encodeURIComponent('GT 1/ä')}` as const;
    const expiresAt = new Date(clock.nowMs + 10 * 60_000).toISOString();
    const extended = await marketplaces(`PATCH ${path}`, { key: gametime, body: { expiresAt } });
    expect(extended).toMatchObject({ status: 200, body: { expiresAt } });
    expect(await marketplaces(`GET ${path}`, { key: gametime })).toMatchObject({
      status: 200,
      body: extended.body,
    });
    const buyer = { firstName: 'Mo', lastName: 'Market', email: 'mo.market@example.com' };
    const body = { marketplaceOrderId: 'GT-9', buyer };
    const sold = await marketplaces(`POST ${path}/invoice`, { key: gametime, body });
    expect(sold).toMatchObject({ status: 201, body: { status: 'CONFIRMED' } });
    expect(sold.body.tickets).toHaveLength(2);
    const again = await marketplaces(`POST ${path}/invoice`, { key: gametime, body });
    expect(again).toMatchObject({ status: 201, body: sold.body });
    const sales = await marketplaces('GET /v1/sales?status=CONFIRMED&marketplace=gametime', {
      key,
    });
    expect(sales.body.items).toMatchObject([
      { marketplaceOrderId: 'GT-9', listingId, quantity: 2, orderId: sold.body.orderId },
    ]);
    const holds = await marketplaces(`GET /v1/holds?listingId=${listingId}`, { key });
    expect(holds.body.items).toMatchObject([{ status: 'INVOICED', saleId: sold.body.saleId }]);
  });

  it('releases, twice and before it held', async () => {
    const { listingId } = await list(1);
    await hold({ holdRequestId: 'r-1', listingId });
    const path = `${HOLDS}/r-1` as const;
    expect((await marketplaces(`DELETE ${path}`, { key: gametime })).status).toBe(204);
    expect((await marketplaces(`DELETE ${path}`, { key: gametime })).status).toBe(204);
    expect((await marketplaces(`DELETE ${HOLDS}/r-2`, { key: gametime })).status).toBe(204);
    expect(await hold({ holdRequestId: 'r-2', listingId })).toMatchObject({
      status: 409,
      body: { code: 'hold_released' },
    });
    const body = { marketplaceOrderId: 'r-9' };
    expect(await marketplaces(`POST ${path}/invoice`, { key: gametime, body })).toMatchObject({
      status: 409,
      body: { code: 'hold_released' },
    });
  });

  it('is told why it gets no hold', async () => {
    const { listingId } = await list(3, { splits: [2] });
    const codes = [
      { quantity: 4 },
      { quantity: 3 },
      { quantity: 2, unitPrice: { amountMinor: 1, currency: 'EUR' } },
      { quantity: 0 },
      { quantity: 2, expiresAt: '2026-01-01T00:00:00Z' },
    ].map(
      async (asked, at) =>
        (await hold({ holdRequestId: `w-${at}`, listingId, ...asked })).body.code,
    );
    expect(await Promise.all(codes)).toEqual([
      'not_available',
      'invalid_split',
      'price_changed',
      'validation_failed',
      'validation_failed',
    ]);
  });

  it('holds as long as its channel says, and not while that is off', async () => {
    const put = async (enabled: boolean) =>
      world.organizers('PUT /v1/channels/gametime', { key, body: { enabled, holdMinutes: 3 } });
    const { listingId } = await list(2);
    await put(true);
    const placed = await hold({ holdRequestId: 'c-1', listingId });
    expect(placed.body.expiresAt).toBe(new Date(clock.nowMs + 3 * 60_000).toISOString());
    await put(false);
    expect((await hold({ holdRequestId: 'c-2', listingId })).status).toBe(404);
    expect((await marketplaces(`DELETE ${HOLDS}/c-1`, { key: gametime })).status).toBe(204);
    await put(true);
  });

  it('404 to a key without a channel, and to one whose channel is off: offered, held and kept is nothing', async () => {
    const made = await world.post('/v1/keys', { scope: 'marketplace', marketplace: 'axs' });
    const axs: string = made.body.key;
    const { listingId } = await list(1, { channels: ['axs'] });
    const own = '/v1/marketplaces/axs';
    const ask = async (): Promise<readonly number[]> => {
      const asked = await marketplaces(`GET ${own}/listings/${listingId}`, { key: axs });
      const body = { holdRequestId: `n-${clock.nowMs}`, listingId, quantity: 1 };
      const placed = await marketplaces(`POST ${own}/holds`, { key: axs, body });
      return [asked.status, placed.status];
    };
    expect(await ask()).toEqual([404, 404]);
    await world.open('axs', { enabled: false });
    expect(await ask()).toEqual([404, 404]);
    await world.open('axs');
    expect(await ask()).toEqual([200, 201]);
  });

  it('sees neither another marketplace’s path nor another organization’s listing', async () => {
    const { listingId } = await list(1, { channels: ['gametime', 'tickpick'] });
    const tickpick = await world.newKey('tickpick');
    expect((await hold({ holdRequestId: 'x-1', listingId }, tickpick)).status).toBe(404);
    const { key: foreign } = await world.newOrganization();
    const made = await world.organizers('POST /v1/keys', {
      key: foreign,
      body: { scope: 'marketplace', marketplace: 'gametime' },
    });
    const theirs: string = made.body.key;
    const unknown = await hold({ holdRequestId: 'x-2', listingId: 'lst_unknown' }, theirs);
    const other = await hold({ holdRequestId: 'x-2', listingId }, theirs);
    expect(other.status).toBe(404);
    expect({ ...other.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    await hold({ holdRequestId: 'x-3', listingId });
    for (const caller of [tickpick, theirs]) {
      const path = `${HOLDS}/x-3` as const;
      expect((await marketplaces(`GET ${path}`, { key: caller })).status).toBe(404);
    }
    expect((await hold({ holdRequestId: 'x-4', listingId }, key)).status).toBe(403);
  });
});

describe('an organizer', () => {
  it('changes, reads and closes a listing', async () => {
    const { listingId, ids } = await list(2);
    const path = `/v1/listings/${listingId}` as const;
    const unitPrice = { amountMinor: 5000, currency: 'EUR' };
    await hold({ holdRequestId: 'o-1', listingId });
    const changed = await marketplaces(`PATCH ${path}`, { key, body: { unitPrice } });
    expect(changed).toMatchObject({ status: 200, body: { unitPrice, availableQuantity: 1 } });
    expect(await marketplaces(`GET ${path}`, { key })).toMatchObject({ body: changed.body });
    const listed = await marketplaces(`GET /v1/events/${event.eventId}/listings`, { key });
    expect(listed.body.items).toContainEqual(changed.body);
    const other = { unitPrice: { amountMinor: 1, currency: 'USD' } };
    expect((await marketplaces(`PATCH ${path}`, { key, body: other })).status).toBe(422);
    expect((await marketplaces(`DELETE ${path}`, { key })).status).toBe(204);
    expect((await hold({ holdRequestId: 'o-2', listingId })).status).toBe(404);
    const body = { marketplaceOrderId: 'o-9' };
    const invoiced = await marketplaces(`POST ${HOLDS}/o-1/invoice`, { key: gametime, body });
    expect(invoiced.status).toBe(201);
    const relisted = await world.offer(ids.slice(1));
    expect(relisted.status).toBe(201);
  });

  it('is told every ticket that can’t be listed', async () => {
    const { ids } = await list(1);
    const [scanned] = await world.importSeats(event, 1);
    await world.scan(event, scanned?.barcode ?? '');
    const refused = await world.offer([scanned?.eventTicketId ?? 0, ...ids]);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'not_listable',
        errors: [{ detail: 'is admitted' }, { detail: 'is in an open listing' }],
      },
    });
  });

  it('can’t remove a binding hold, nor what it doesn’t have', async () => {
    const { listingId } = await list(1);
    const placed = await hold({ holdRequestId: 'b-1', listingId });
    const path = `/v1/holds/${placed.body.holdId}` as const;
    expect(await marketplaces(`DELETE ${path}`, { key })).toMatchObject({
      status: 409,
      body: { code: 'hold_binding' },
    });
    const { key: foreign } = await world.newOrganization();
    expect((await marketplaces(`DELETE ${path}`, { key: foreign })).status).toBe(404);
    for (const unseen of [path, `/v1/listings/${listingId}`] as const) {
      expect((await marketplaces(`DELETE ${unseen}`, { key: foreign })).status).toBe(404);
    }
    const read = await marketplaces(`GET /v1/listings/${listingId}`, { key: foreign });
    expect(read.status).toBe(404);
    expect((await marketplaces('GET /v1/holds', { key: foreign })).body.items).toEqual([]);
  });
});
