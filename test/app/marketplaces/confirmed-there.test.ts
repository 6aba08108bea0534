// A sale that goes ahead at its marketplace, though there are no tickets for it here: the host decides, no deadline does.
import { describe, expect, it } from 'vitest';
import { createSaleWorld } from '../../support/sale-world.ts';

const world = await createSaleWorld();
const { calls, sales, clock } = world;
const event = await world.newEvent();
const list = async (count: number) =>
  world.listSeats(event, count, { channels: ['axs', 'gametime'] });
/** Longer than any of them waits. */
const LONG_MS = 61 * 60_000;
const HELD_MS = 60_000;

const expectKept = async (marketplaceOrderId: string): Promise<void> => {
  clock.nowMs += LONG_MS;
  await sales.rejectDue();
  const sale = await sales.find(marketplaceOrderId);
  expect(sale).toMatchObject({
    status: 'UNAVAILABLE',
    attention: 'CONFIRMED_THERE',
    decision: 0,
  });
  expect(sale?.confirmByMs).toBeUndefined();
};

describe('a sale that its marketplace has confirmed', () => {
  it('waits for the host when it was unknown and has no tickets, whatever deadline is told', async () => {
    const { listingId } = await list(1);
    const confirmByMs = clock.nowMs + HELD_MS;
    const one = { marketplaceOrderId: 'a-1', listingId, quantity: 2 };
    await sales.stand('CONFIRMED', one);
    await sales.stand('CONFIRMED', { ...one, marketplaceOrderId: 'a-2', confirmByMs });
    await expectKept('a-1');
    await expectKept('a-2');
    const { saleId = '' } = (await sales.find('a-1')) ?? {};
    expect(await sales.reject(saleId)).toMatchObject({ value: { status: 'REJECTED' } });
  });

  it('loses its deadline when it waited before, once', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'b-1', listingId, quantity: 2 };
    await sales.created(one);
    await sales.stand('OPEN', one);
    expect((await sales.find('b-1'))?.confirmByMs).toBeDefined();
    await sales.stand('CONFIRMED', one);
    await sales.stand('CONFIRMED', one);
    expect(await sales.find('b-1')).toMatchObject({ version: 2 });
    await expectKept('b-1');
  });

  it('gets tickets that come free', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'c-1', listingId };
    await calls.place({ holdRequestId: 'c-h', listingId });
    await sales.stand('CONFIRMED', one);
    expect(await sales.find('c-1')).toMatchObject({ status: 'UNAVAILABLE' });
    await calls.release('c-h');
    await sales.retry(listingId);
    const sale = await sales.find('c-1');
    expect(sale).toMatchObject({ status: 'INVOICED', decision: 1 });
    expect(sale?.attention).toBeUndefined();
  });

  it('has no deadline either where it was sold without a hold', async () => {
    const { listingId } = await list(1);
    const confirmByMs = clock.nowMs + HELD_MS;
    const one = { marketplaceOrderId: 'd-1', listingId, confirmByMs };
    await sales.created(one, 'gametime');
    await sales.stand('CONFIRMED', one, 'gametime');
    await sales.stand('CONFIRMED', { ...one, marketplaceOrderId: 'd-2' }, 'gametime');
    for (const id of ['d-1', 'd-2']) {
      const sale = await sales.find(id, 'gametime');
      expect(sale).toMatchObject({ status: 'UNAVAILABLE', attention: 'NO_HOLD' });
      expect(sale?.confirmByMs).toBeUndefined();
    }
  });

  it('is not taken when nobody knows its listing, also after its cancellation', async () => {
    const one = { marketplaceOrderId: 'e-1', listingId: 'lst_none' };
    await sales.stand('CONFIRMED', one);
    expect(await sales.timeline('e-1')).toEqual([]);
    await sales.canceled('e-1');
    await sales.stand('CONFIRMED', one);
    expect(await sales.find('e-1')).toBeUndefined();
    await sales.stand('OPEN', { ...one, marketplaceOrderId: 'e-2' });
    expect(await sales.find('e-2')).toMatchObject({ status: 'UNAVAILABLE', decision: 0 });
  });
});
