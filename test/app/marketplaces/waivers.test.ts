// A sale that an outage let through: the marketplace is asked to waive it, and does, or doesn't.
import { describe, expect, it } from 'vitest';
import { createSaleWorld } from '../../support/sale-world.ts';

const world = await createSaleWorld();
const { calls, sales, clock } = world;
const event = await world.newEvent();
const MINUTE_MS = 60_000;
const refused = (code: string) => ({ ok: false, refusal: { code } });

/** No ticket is left for it. */
async function sellTooMuch(marketplaceOrderId: string) {
  const { listingId } = await world.listSeats(event, 1, { channels: ['axs'] });
  await sales.created({ marketplaceOrderId, listingId, quantity: 2 });
  const sale = await sales.find(marketplaceOrderId);
  expect(sale).toMatchObject({ status: 'UNAVAILABLE' });
  return { listingId, saleId: sale?.saleId ?? '' };
}

describe('a waiver', () => {
  it('is asked for once, and keeps the sale from everything that happens by itself', async () => {
    const channels = ['axs', 'gametime'] as const;
    const { listingId } = await world.listSeats(event, 2, { channels });
    await calls.place({ holdRequestId: 'a-h', listingId });
    await sales.created({ marketplaceOrderId: 'a-1', listingId, quantity: 2 });
    const { saleId = '' } = (await sales.find('a-1')) ?? {};
    const asked = await sales.waive(saleId);
    expect(asked).toMatchObject({ ok: true, value: { status: 'WAIVE_REQUESTED', decision: 0 } });
    expect(await sales.waive(saleId)).toEqual(asked);
    clock.nowMs += 61 * MINUTE_MS;
    await sales.rejectDue();
    expect(await calls.ask(listingId)).toMatchObject({ value: { availableQuantity: 2 } });
    await sales.retry(listingId);
    await sales.created({ marketplaceOrderId: 'a-1', listingId, quantity: 2 });
    expect(await sales.find('a-1')).toMatchObject({ status: 'WAIVE_REQUESTED', decision: 0 });
    expect(await sales.timeline('a-1')).toEqual([
      'RECEIVED sale.created',
      'DECIDED UNAVAILABLE',
      'DECIDED WAIVE_REQUESTED',
      'RECEIVED sale.created',
    ]);
  });

  it('is granted by the marketplace’s cancellation, for good', async () => {
    const { saleId } = await sellTooMuch('b-1');
    await sales.waive(saleId);
    await sales.canceled('b-1');
    expect(await sales.find('b-1')).toMatchObject({ status: 'WAIVED', decision: 0 });
    await sales.canceled('b-1');
    expect(await sales.waive(saleId, true)).toMatchObject({ value: { status: 'WAIVED' } });
    expect(await sales.waive(saleId)).toMatchObject({ value: { status: 'WAIVED' } });
    expect(await sales.reject(saleId)).toMatchObject(refused('not_rejectable'));
    expect(await sales.find('b-1')).toMatchObject({ status: 'WAIVED', decision: 0 });
  });

  it('is granted by a canceled sale that is read there, not by one that is rejected there', async () => {
    const { saleId, listingId } = await sellTooMuch('c-1');
    await sales.waive(saleId);
    const told = { marketplaceOrderId: 'c-1', listingId, quantity: 2 };
    await sales.stand('OPEN', told);
    await sales.stand('REJECTED', told);
    expect(await sales.find('c-1')).toMatchObject({ status: 'WAIVE_REQUESTED' });
    await sales.stand('CANCELED', told);
    expect(await sales.find('c-1')).toMatchObject({ status: 'WAIVED' });
  });

  it('of a rejected sale is granted by the host’s word alone, and its rejection is told all the same', async () => {
    const { saleId, listingId } = await sellTooMuch('d-1');
    await sales.reject(saleId);
    await sales.waive(saleId);
    const asked = { status: 'WAIVE_REQUESTED', decision: 1, rejectReason: 'not_available' };
    await sales.settle('d-1', 'failed', 1);
    await sales.settle('d-1', 'taken', 1);
    await sales.canceled('d-1');
    await sales.stand('CANCELED', { marketplaceOrderId: 'd-1', listingId, quantity: 2 });
    expect(await sales.find('d-1')).toMatchObject(asked);
    expect(await sales.waive(saleId, true)).toMatchObject({ value: { status: 'WAIVED' } });
  });

  it('that wasn’t granted leaves the host to reject', async () => {
    const { saleId } = await sellTooMuch('e-1');
    await sales.waive(saleId);
    expect(await sales.reject(saleId, 'other')).toMatchObject({
      value: { status: 'REJECTED', decision: 1, rejectReason: 'other' },
    });
  });

  it('isn’t granted before it was asked for, and is none of a sale with tickets or that is over', async () => {
    const { saleId, listingId } = await sellTooMuch('f-1');
    expect(await sales.waive(saleId, true)).toMatchObject(refused('not_waivable'));
    await sales.created({ marketplaceOrderId: 'f-2', listingId });
    const sold = await sales.find('f-2');
    expect(await sales.waive(sold?.saleId ?? '')).toMatchObject(refused('not_waivable'));
    await sales.canceled('f-1');
    expect(await sales.waive(saleId)).toMatchObject(refused('not_waivable'));
    expect(await sales.waive('sal_none')).toMatchObject(refused('not_found'));
  });

  it('that meets the marketplace’s cancellation ends one way', async () => {
    const ends = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const { saleId } = await sellTooMuch(`g-${at}`);
        const [waived] = await Promise.all([sales.waive(saleId), sales.canceled(`g-${at}`)]);
        return [waived.ok ? 'asked' : waived.refusal.code, (await sales.find(`g-${at}`))?.status];
      }),
    );
    for (const end of ends) {
      expect([
        ['asked', 'WAIVED'],
        ['not_waivable', 'CANCELED'],
      ]).toContainEqual(end);
    }
  });
});
