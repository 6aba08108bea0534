// Sales that a marketplace tells of after it sold: invoiced, or unavailable until there are tickets or time is over.
import { describe, expect, it } from 'vitest';
import { createSaleWorld } from '../../support/sale-world.ts';

const world = await createSaleWorld();
const { calls, sales, clock } = world;
const event = await world.newEvent();
const CHANNELS = ['axs', 'seatgeek', 'gametime', 'tickpick'] as const;
const MINUTE_MS = 60_000;
const list = async (count: number, settings: Parameters<typeof world.listSeats>[2] = {}) =>
  world.listSeats(event, count, { channels: [...CHANNELS], ...settings });
const left = async (listingId: string) => {
  const asked = await calls.ask(listingId);
  return asked.ok ? asked.value.availableQuantity : asked.refusal.code;
};

describe('a sale that is told', () => {
  it('takes neighbouring seats, and belongs to the buyer', async () => {
    const { listingId, tickets } = await list(4);
    const buyer = { name: 'Ada Sales', email: 'ada.sales@example.com' };
    await sales.created({
      marketplaceOrderId: 'a-1',
      listingId,
      quantity: 2,
      unitPriceMinor: 5100,
      buyer,
    });
    const sale = await sales.find('a-1');
    expect(sale).toMatchObject({ status: 'INVOICED', decision: 1, seats: ['1', '2'] });
    expect(await world.read(sale?.orderId ?? 0)).toMatchObject({
      status: 'PAID',
      buyer: { email: 'ada.sales@example.com' },
      total: { amountMinor: 10_200 },
      transactions: [{ paymentType: 'AXS', amount: { amountMinor: 10_200 } }],
      tickets: tickets.slice(0, 2).map(({ barcode }) => ({ barcode, holderName: 'Ada Sales' })),
    });
    expect(await left(listingId)).toBe(2);
    expect(await world.scan(event, tickets[0]?.barcode ?? '')).toMatchObject({
      outcome: 'ADMITTED',
    });
    expect(await sales.timeline('a-1')).toEqual(['RECEIVED sale.created', 'DECIDED INVOICED']);
  });

  it('is one sale however often and by whomever it is told', async () => {
    const { listingId } = await list(5);
    const told = { marketplaceOrderId: 'b-1', listingId, quantity: 2 };
    await Promise.all([sales.created(told), sales.created(told), sales.created(told)]);
    const sale = await sales.find('b-1');
    await sales.created({ ...told, quantity: 3, unitPriceMinor: 1 });
    expect(await sales.find('b-1')).toEqual(sale);
    expect(await left(listingId)).toBe(3);
  });

  it('takes the seats that the marketplace names, or none', async () => {
    const { listingId } = await list(4);
    await sales.created({ marketplaceOrderId: 'c-1', listingId, quantity: 2, seats: ['3', '4'] });
    expect(await sales.find('c-1')).toMatchObject({ status: 'INVOICED', seats: ['3', '4'] });
    await sales.created({ marketplaceOrderId: 'c-2', listingId, seats: ['4'] });
    await sales.created({ marketplaceOrderId: 'c-3', listingId, quantity: 2, seats: ['1'] });
    expect(await sales.find('c-2')).toMatchObject({ status: 'UNAVAILABLE', seats: ['4'] });
    expect(await sales.find('c-3')).toMatchObject({ status: 'UNAVAILABLE' });
    expect(await left(listingId)).toBe(2);
  });

  it('is unavailable without tickets, without a listing and where it is not offered', async () => {
    const { listingId } = await list(1);
    await sales.created({ marketplaceOrderId: 'd-1', listingId, quantity: 2 });
    await sales.created({ marketplaceOrderId: 'd-2', listingId: 'lst_none' });
    await sales.created({ marketplaceOrderId: 'd-3', listingId }, 'stubhub');
    const confirmByMs = clock.nowMs + 60 * MINUTE_MS;
    const waiting = { status: 'UNAVAILABLE', decision: 0, confirmByMs };
    expect(await sales.find('d-1')).toMatchObject(waiting);
    expect(await sales.find('d-2')).toMatchObject(waiting);
    expect(await sales.find('d-3', 'stubhub')).toMatchObject(waiting);
    expect(await left(listingId)).toBe(1);
  });

  it('leaves a listing’s price to a price in another currency', async () => {
    const { listingId } = await list(1);
    const price = { unitPriceMinor: 99, currency: 'USD' };
    await sales.created({ marketplaceOrderId: 'e-1', listingId, ...price });
    const { orderId = 0 } = (await sales.find('e-1')) ?? {};
    expect(await world.read(orderId)).toMatchObject({
      total: { amountMinor: 4000, currency: 'EUR' },
    });
  });

  it('takes no ticket that somebody holds', async () => {
    const { listingId } = await list(2);
    await calls.place({ holdRequestId: 'f-h', listingId });
    await sales.created({ marketplaceOrderId: 'f-1', listingId, quantity: 2 });
    await sales.created({ marketplaceOrderId: 'f-2', listingId });
    expect(await sales.find('f-1')).toMatchObject({ status: 'UNAVAILABLE' });
    expect(await sales.find('f-2')).toMatchObject({ status: 'INVOICED', seats: ['2'] });
    expect(await calls.invoice('f-h', 'f-order')).toMatchObject({ ok: true });
  });
});

describe('a sale of a marketplace that has to hold first', () => {
  it('waits for the host when it comes without a hold, though there are tickets', async () => {
    const { listingId } = await list(1);
    await sales.created({ marketplaceOrderId: 'g-1', listingId }, 'gametime');
    const sale = await sales.find('g-1', 'gametime');
    expect(sale).toMatchObject({ status: 'UNAVAILABLE', attention: 'NO_HOLD' });
    expect(sale?.confirmByMs).toBeUndefined();
    await sales.retry(listingId);
    expect(await left(listingId)).toBe(1);
    expect(await sales.confirm(sale?.saleId ?? '')).toMatchObject({
      ok: true,
      value: { status: 'INVOICED', decision: 1 },
    });
    expect(await left(listingId)).toBe(0);
  });

  it('stays as evidence when its hold was over, and may come again with another hold', async () => {
    const { listingId } = await list(1);
    await calls.place({ holdRequestId: 'h-1', listingId });
    clock.nowMs += 10 * MINUTE_MS;
    expect(await calls.invoice('h-1', 'h-order')).toMatchObject({
      refusal: { code: 'hold_expired' },
    });
    expect(await calls.invoice('h-1', 'h-order')).toMatchObject({ ok: false });
    const late = await sales.find('h-order', 'gametime');
    expect(late).toMatchObject({ status: 'UNAVAILABLE', attention: 'HOLD_EXPIRED', version: 1 });
    await calls.place({ holdRequestId: 'h-2', listingId });
    const invoiced = await calls.invoice('h-2', 'h-order');
    expect(invoiced).toMatchObject({ ok: true, value: { saleId: late?.saleId } });
    const sale = await sales.find('h-order', 'gametime');
    expect(sale).toMatchObject({ status: 'CONFIRMED', decision: 0 });
    expect(sale?.attention).toBeUndefined();
    expect(await calls.invoice('h-2', 'h-order')).toEqual(invoiced);
  });
});

describe('a sale that came too late and comes again with the hold of another listing', () => {
  it('is of that hold, and waits under neither listing', async () => {
    const [old, other] = [await list(1), await list(1)];
    await calls.place({ holdRequestId: 's-1', listingId: old.listingId });
    await calls.release('s-1');
    await calls.invoice('s-1', 's-order');
    const { organizationId } = world;
    const waiting = async ({ listingId }: { listingId: string }) =>
      sales.deps.sales.listWaiting({ organizationId, listingId });
    expect(await waiting(old)).toHaveLength(1);
    await calls.place({ holdRequestId: 's-2', listingId: other.listingId });
    await calls.invoice('s-2', 's-order');
    expect(await sales.find('s-order', 'gametime')).toMatchObject({
      status: 'CONFIRMED',
      listingId: other.listingId,
      holdRequestId: 's-2',
    });
    expect(await waiting(old)).toEqual([]);
    expect(await waiting(other)).toEqual([]);
  });
});

describe('a sale of a marketplace that let its hold go', () => {
  it('stays for the host, whose tickets it leaves alone', async () => {
    const { listingId } = await list(1);
    await calls.place({ holdRequestId: 'r-1', listingId });
    await calls.release('r-1');
    for (let times = 0; times < 2; times += 1) {
      expect(await calls.invoice('r-1', 'r-order')).toMatchObject({
        refusal: { code: 'hold_released' },
      });
    }
    const sale = await sales.find('r-order', 'gametime');
    expect(sale).toMatchObject({
      status: 'UNAVAILABLE',
      attention: 'NO_HOLD',
      listingId,
      version: 1,
    });
    expect(await left(listingId)).toBe(1);
  });

  it('stays so where sales are told without holds, too', async () => {
    const { listingId } = await list(1);
    const body = { enabled: true, auth: { mode: 'key', flow: 'classic' } };
    await world.organizers('PUT /v1/channels/gametime', { key: world.key, body });
    await calls.place({ holdRequestId: 't-1', listingId });
    await calls.release('t-1');
    await calls.invoice('t-1', 't-order');
    await sales.retry(listingId);
    await sales.created({ marketplaceOrderId: 't-order', listingId }, 'gametime');
    const kept = { status: 'UNAVAILABLE', attention: 'NO_HOLD' };
    expect(await sales.find('t-order', 'gametime')).toMatchObject(kept);
    expect(await left(listingId)).toBe(1);
  });
});

describe('a sale without tickets', () => {
  it('is confirmed after all when some come free, the oldest first', async () => {
    const { listingId } = await list(2);
    await calls.place({ holdRequestId: 'i-h', listingId, quantity: 2 });
    const buyer = { name: 'Late', email: 'late.sales@example.com' };
    await sales.created({ marketplaceOrderId: 'i-1', listingId, quantity: 2, buyer });
    clock.nowMs += 1;
    await sales.created({ marketplaceOrderId: 'i-2', listingId });
    await sales.retry(listingId);
    expect(await sales.find('i-1')).toMatchObject({ status: 'UNAVAILABLE' });
    await calls.release('i-h');
    await sales.retry(listingId);
    expect(await sales.find('i-1')).toMatchObject({ status: 'INVOICED', decision: 1 });
    expect(await sales.find('i-2')).toMatchObject({ status: 'UNAVAILABLE' });
    expect(await sales.timeline('i-1')).toEqual([
      'RECEIVED sale.created',
      'DECIDED UNAVAILABLE',
      'DECIDED INVOICED',
    ]);
  });

  it('is rejected at its time, and not before', async () => {
    await sales.created({
      marketplaceOrderId: 'j-1',
      listingId: 'lst_none',
      confirmByMs: clock.nowMs + MINUTE_MS,
    });
    clock.nowMs += MINUTE_MS - 1;
    await sales.rejectDue();
    expect(await sales.find('j-1')).toMatchObject({ status: 'UNAVAILABLE' });
    clock.nowMs += 1;
    await sales.rejectDue();
    const rejected = { status: 'AUTO_REJECTED', rejectReason: 'not_available', decision: 1 };
    expect(await sales.find('j-1')).toMatchObject(rejected);
    expect(await sales.rejectDue()).toBe(0);
  });

  it('is either confirmed or rejected by who decides in the same moment', async () => {
    const { listingId } = await list(1);
    await calls.place({ holdRequestId: 'k-h', listingId });
    await sales.created({
      marketplaceOrderId: 'k-1',
      listingId,
      confirmByMs: clock.nowMs + 1,
    });
    await calls.release('k-h');
    clock.nowMs += 1;
    const { saleId = '' } = (await sales.find('k-1')) ?? {};
    await Promise.all([
      sales.rejectDue(),
      sales.retry(listingId),
      sales.confirm(saleId),
      sales.reject(saleId, 'fraud'),
    ]);
    const sale = await sales.find('k-1');
    expect(sale?.decision).toBe(1);
    expect(await left(listingId)).toBe(sale?.status === 'INVOICED' ? 0 : 1);
  });
});
