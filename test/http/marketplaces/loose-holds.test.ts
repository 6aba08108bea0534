// Holds that bind nobody, as their marketplace asks for them and as the organizer sees and removes them.
import { describe, expect, it } from 'vitest';
import { createMarketplaceWorld } from '../../support/marketplace-world.ts';

const world = await createMarketplaceWorld();
const { clock, key, marketplaces } = world;
const event = await world.newEvent();
const keys: Readonly<Record<string, string>> = {
  stubhub: await world.newKey('stubhub'),
  'vivid-seats': await world.newKey('vivid-seats'),
  seatgeek: await world.newKey('seatgeek'),
};

const list = async (count: number) => {
  const tickets = await world.importSeats(event, count);
  const ids = tickets.map(({ eventTicketId }) => eventTicketId);
  const made = await world.offer(ids, { channels: ['gametime', ...Object.keys(keys)] });
  expect(made.status).toBe(201);
  return made.body.listingId as string;
};
const hold = async (marketplace: string, body: Record<string, unknown>) =>
  marketplaces(`POST /v1/marketplaces/${marketplace}/holds`, {
    key: keys[marketplace],
    body: { quantity: 1, ...body },
  });
const remove = async (holdId: string, query = '', of = key) =>
  marketplaces(`DELETE /v1/holds/${holdId}${query}`, { key: of });
const one = (id: string) => `/v1/marketplaces/stubhub/holds/${id}` as const;

describe('a hold of an ION marketplace', () => {
  it('is answered as one that binds nobody, again to the same request, and can be kept and let go', async () => {
    const listingId = await list(2);
    const asked = { holdRequestId: 'a-1', listingId, quantity: 2 };
    const placed = await hold('stubhub', asked);
    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'HELD', binding: false, quantity: 2, seats: [] },
    });
    expect(await hold('stubhub', asked)).toMatchObject({ status: 201, body: placed.body });
    expect((await hold('stubhub', { ...asked, quantity: 1 })).status).toBe(422);
    const both = await hold('seatgeek', { ...asked, holdRequestId: 'a-2' });
    expect(both).toMatchObject({ status: 201, body: { binding: false } });
    clock.nowMs += 5 * 60_000;
    const expiresAt = new Date(clock.nowMs + 10 * 60_000).toISOString();
    const call = { key: keys['stubhub'], body: { expiresAt } };
    const extended = await marketplaces(`PATCH ${one('a-1')}`, call);
    expect(extended).toMatchObject({ status: 200, body: { status: 'HELD', expiresAt } });
    const released = await marketplaces(`DELETE ${one('a-1')}`, { key: keys['stubhub'] });
    expect(released.status).toBe(204);
    expect(await hold('stubhub', asked)).toMatchObject({ body: { status: 'RELEASED' } });
  });

  it('is refused when there is nothing to sell at this price, and when its release came first', async () => {
    const listingId = await list(1);
    const asked = { holdRequestId: 'b-1', listingId };
    const code = async (body: object) => (await hold('stubhub', { ...asked, ...body })).body.code;
    expect(await code({ quantity: 2 })).toBe('not_available');
    expect(await code({ unitPrice: { amountMinor: 1, currency: 'EUR' } })).toBe('price_changed');
    expect(await code({ listingId: 'lst_none' })).toBe('not_found');
    await marketplaces(`DELETE ${one('b-1')}`, { key: keys['stubhub'] });
    expect(await code({})).toBe('hold_released');
  });

  it('can’t be invoiced, and leaves no sale', async () => {
    const listingId = await list(1);
    await hold('stubhub', { holdRequestId: 'c-1', listingId });
    const body = { marketplaceOrderId: 'order-c' };
    const invoiced = await marketplaces(`POST ${one('c-1')}/invoice`, {
      key: keys['stubhub'],
      body,
    });
    expect(invoiced).toMatchObject({ status: 409, body: { code: 'not_available' } });
    const sales = await marketplaces('GET /v1/sales?marketplace=stubhub', { key });
    expect(sales.body.items).toEqual([]);
  });
});

describe('an organizer', () => {
  it('sees it among the holds, and removes it where that is free', async () => {
    const listingId = await list(1);
    const { holdId } = (await hold('seatgeek', { holdRequestId: 'd-1', listingId })).body;
    const listed = async (status: string) =>
      (
        await marketplaces(`GET /v1/holds?listingId=${listingId}&status=${status}`, { key })
      ).body.items.map(({ holdId: id, binding }: { holdId: string; binding: boolean }) => [
        id,
        binding,
      ]);
    expect(await listed('HELD')).toEqual([[holdId, false]]);
    expect((await remove(holdId)).status).toBe(204);
    expect((await remove(holdId)).status).toBe(204);
    expect(await listed('HELD')).toEqual([]);
    expect(await listed('RELEASED')).toEqual([[holdId, false]]);
  });

  it.each(['stubhub', 'vivid-seats'])('accepts the penalty at %s first', async (marketplace) => {
    const listingId = await list(1);
    const asked = { holdRequestId: 'e-1', listingId };
    const { holdId } = (await hold(marketplace, asked)).body;
    const refused = await remove(holdId);
    expect(refused).toMatchObject({ status: 409, body: { code: 'penalty_applies' } });
    expect(await remove(holdId, '?acceptPenalty=false')).toMatchObject({ status: 409 });
    expect(await remove(holdId, '?acceptPenalty=1')).toMatchObject({ status: 422 });
    expect((await hold(marketplace, asked)).body.status).toBe('HELD');
    expect((await remove(holdId, '?acceptPenalty=true')).status).toBe(204);
    expect((await hold(marketplace, asked)).body.status).toBe('RELEASED');
  });

  it('pays none for a hold that is over', async () => {
    const listingId = await list(1);
    const { holdId } = (await hold('stubhub', { holdRequestId: 'f-1', listingId })).body;
    clock.nowMs += 10 * 60_000;
    expect((await remove(holdId)).status).toBe(204);
  });

  it('of another organization finds nothing', async () => {
    const listingId = await list(1);
    const { holdId } = (await hold('seatgeek', { holdRequestId: 'g-1', listingId })).body;
    const other = await world.newOrganization();
    const foreign = await remove(holdId, '', other.key);
    const unknown = await remove(`hld_${'0'.repeat(26)}`, '', other.key);
    const { instance: _one, ...body } = foreign.body;
    const { instance: _two, ...same } = unknown.body;
    expect([foreign.status, body]).toEqual([404, same]);
  });
});
