// What the host sees and decides of sales, over HTTP.
import { describe, expect, it } from 'vitest';
import { createMarketplaceWorld } from '../../support/marketplace-world.ts';
import { createSaleCalls } from '../../support/sale-world.ts';

const world = await createMarketplaceWorld();
const sales = createSaleCalls(world, world.bare, () => world.clock.nowMs);
const event = await world.newEvent();
const { key } = world;
const get = async (query: Record<string, string> = {}, by = key) =>
  world.marketplaces(`GET /v1/sales?${new URLSearchParams(query)}`, { key: by });
const decide = async (saleId: string, what: 'confirm' | 'reject', body?: object, by = key) =>
  world.marketplaces(`POST /v1/sales/${saleId}/${what}`, {
    key: by,
    ...(body === undefined ? {} : { body }),
  });

/** Of tickets that somebody holds, and as many that are free. */
async function sell(marketplaceOrderId: string, isAvailable: boolean) {
  const { listingId } = await world.listSeats(event, 1, { channels: ['axs', 'gametime'] });
  if (!isAvailable) await world.calls.place({ holdRequestId: marketplaceOrderId, listingId });
  await sales.created({ marketplaceOrderId, listingId, unitPriceMinor: 4500 });
  const sale = await sales.find(marketplaceOrderId);
  return { listingId, saleId: sale?.saleId ?? '', orderId: sale?.orderId };
}

describe('a list of sales', () => {
  it('tells each with its status, by status and by marketplace', async () => {
    const sold = await sell('l-1', true);
    const waiting = await sell('l-2', false);
    const { body } = await get();
    expect(body.items).toEqual([
      {
        saleId: sold.saleId,
        marketplace: 'axs',
        marketplaceOrderId: 'l-1',
        listingId: sold.listingId,
        quantity: 1,
        seats: ['1'],
        status: 'INVOICED',
        orderId: sold.orderId,
        createdAt: expect.any(String),
      },
      {
        saleId: waiting.saleId,
        marketplace: 'axs',
        marketplaceOrderId: 'l-2',
        listingId: waiting.listingId,
        quantity: 1,
        status: 'UNAVAILABLE',
        confirmBy: new Date(world.clock.nowMs + 3_600_000).toISOString(),
        createdAt: expect.any(String),
      },
    ]);
    const ids = async (query: Record<string, string>) =>
      (await get(query)).body.items.map(({ saleId }: { readonly saleId: string }) => saleId);
    expect(await ids({ status: 'UNAVAILABLE' })).toEqual([waiting.saleId]);
    expect(await ids({ status: 'CONFIRMED' })).toEqual([]);
    expect(await ids({ marketplace: 'stubhub' })).toEqual([]);
    await sales.settle('l-1', 'taken', 1);
    expect(await ids({ status: 'CONFIRMED' })).toEqual([sold.saleId]);
    expect(await ids({ status: 'INVOICED' })).toEqual([]);
    expect(await ids({})).toEqual([sold.saleId, waiting.saleId]);
    const first = await get({ limit: '1' });
    const { nextCursor: cursor } = first.body;
    expect((await get({ limit: '1', cursor })).body.items).toMatchObject([
      { saleId: waiting.saleId },
    ]);
    expect((await get({ status: 'SOLD' })).status).toBe(422);
  });
});

describe('a host', () => {
  it('confirms a sale when its tickets are free again, and hears so when they are not', async () => {
    const { saleId } = await sell('c-1', false);
    expect(await decide(saleId, 'confirm')).toMatchObject({
      status: 409,
      body: { code: 'not_available' },
    });
    await world.calls.release('c-1');
    const confirmed = await decide(saleId, 'confirm');
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'INVOICED' } });
    expect(confirmed.body.confirmBy).toBeUndefined();
    expect(await decide(saleId, 'confirm')).toMatchObject({ status: 200 });
    expect(await decide(saleId, 'reject', {})).toMatchObject({
      status: 409,
      body: { code: 'not_rejectable' },
    });
    const { orderId } = confirmed.body;
    expect(await world.read(orderId)).toMatchObject({ total: { amountMinor: 4500 } });
  });

  it('rejects a sale for a reason, once', async () => {
    const { saleId } = await sell('r-1', false);
    expect(await decide(saleId, 'reject', { reason: 'wrong_price' })).toMatchObject({
      status: 200,
      body: { status: 'REJECTED', rejectReason: 'wrong_price' },
    });
    expect(await decide(saleId, 'reject', { reason: 'fraud' })).toMatchObject({
      status: 200,
      body: { rejectReason: 'wrong_price' },
    });
    expect(await decide(saleId, 'confirm')).toMatchObject({
      status: 409,
      body: { code: 'not_confirmable' },
    });
    expect((await decide(saleId, 'reject', { reason: 'because' })).status).toBe(422);
  });

  it('has told again what its marketplace did not take', async () => {
    const { saleId } = await sell('t-1', true);
    await sales.settle('t-1', 'failed', 1);
    expect((await get({ status: 'CONFIRM_FAILED' })).body.items).toMatchObject([{ saleId }]);
    expect(await decide(saleId, 'confirm')).toMatchObject({ body: { status: 'INVOICED' } });
    expect(await sales.find('t-1')).toMatchObject({ decision: 2 });
    const rejected = await sell('t-2', false);
    await decide(rejected.saleId, 'reject', {});
    await sales.settle('t-2', 'failed', 1);
    expect(await decide(rejected.saleId, 'reject', {})).toMatchObject({
      body: { status: 'REJECTED' },
    });
    expect(await sales.find('t-2')).toMatchObject({ decision: 2 });
  });

  it('confirms from a listing that was closed, and nothing that another one offers', async () => {
    const { listingId, tickets } = await world.listSeats(event, 2, { channels: ['axs'] });
    await world.marketplaces(`DELETE /v1/listings/${listingId}`, { key });
    await sales.created({ marketplaceOrderId: 'x-1', listingId });
    await sales.created({ marketplaceOrderId: 'x-2', listingId });
    const [one, two] = [await sales.find('x-1'), await sales.find('x-2')];
    expect([one?.status, two?.status]).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(await world.offer([tickets[1]?.eventTicketId ?? 0])).toMatchObject({ status: 201 });
    expect(await decide(one?.saleId ?? '', 'confirm')).toMatchObject({
      status: 200,
      body: { seats: ['1'] },
    });
    expect(await decide(two?.saleId ?? '', 'confirm')).toMatchObject({ status: 409 });
  });

  it('of another organization finds neither sale, nor does a marketplace', async () => {
    const { saleId } = await sell('o-1', false);
    const { key: foreign } = await world.newOrganization();
    const replies = [
      await decide(saleId, 'confirm', undefined, foreign),
      await decide(saleId, 'reject', {}, foreign),
      await decide('sal_none', 'confirm'),
      await decide('sal_none', 'reject', {}),
    ];
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await get({}, foreign)).body.items).toEqual([]);
    const marketplace = await world.newKey('axs');
    expect((await decide(saleId, 'confirm', undefined, marketplace)).status).toBe(403);
  });
});
