// What a marketplace thinks of a sale against what is known here: what differs is repaired, both ways.
import { describe, expect, it } from 'vitest';
import { createSaleWorld } from '../../support/sale-world.ts';

const world = await createSaleWorld();
const { calls, sales, clock } = world;
const event = await world.newEvent();
const list = async (count: number) =>
  world.listSeats(event, count, { channels: ['axs', 'stubhub', 'gametime'] });
const left = async (listingId: string) => {
  const asked = await calls.ask(listingId);
  return asked.ok ? asked.value.availableQuantity : asked.refusal.code;
};
const HOUR_MS = 60 * 60_000;
const later = (): void => {
  clock.nowMs += 3 * 60_000;
};

describe('a stand', () => {
  it('OPEN or CONFIRMED of an unknown sale is its sale, once', async () => {
    const { listingId } = await list(3);
    const one = { marketplaceOrderId: 'a-1', listingId, unitPriceMinor: 4100 };
    await sales.stand('OPEN', one);
    await sales.stand('OPEN', one);
    await sales.created(one);
    await sales.stand('CONFIRMED', { ...one, marketplaceOrderId: 'a-2' });
    expect(await sales.find('a-1')).toMatchObject({ status: 'INVOICED', decision: 1 });
    expect(await sales.find('a-2')).toMatchObject({ status: 'INVOICED', decision: 1 });
    expect(await left(listingId)).toBe(1);
  });

  it('CONFIRMED says that a confirmation arrived whose answer did not', async () => {
    const { listingId } = await list(2);
    const one = { marketplaceOrderId: 'b-1', listingId };
    await sales.created(one);
    await sales.stand('CONFIRMED', one);
    expect(await sales.find('b-1')).toMatchObject({ status: 'CONFIRMED', decision: 1 });
    const two = { marketplaceOrderId: 'b-2', listingId };
    await sales.created(two);
    await sales.settle('b-2', 'failed', 1);
    await sales.stand('CONFIRMED', two);
    expect(await sales.find('b-2')).toMatchObject({ status: 'CONFIRMED' });
  });

  it('OPEN says that a confirmation was not heard: it is told once more, but not at once', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'c-1', listingId };
    await sales.created(one);
    await sales.settle('c-1', 'taken', 1);
    await sales.stand('OPEN', one);
    expect(await sales.find('c-1')).toMatchObject({ status: 'CONFIRMED', decision: 1 });
    later();
    await sales.stand('OPEN', one);
    expect(await sales.find('c-1')).toMatchObject({ status: 'INVOICED', decision: 2 });
    await sales.stand('OPEN', one);
    expect(await sales.find('c-1')).toMatchObject({ decision: 2 });
  });

  it('OPEN of a sale whose decision was refused for good tells it again, once an hour', async () => {
    const { listingId } = await list(1);
    const sold = { marketplaceOrderId: 'k-1', listingId };
    const lost = { marketplaceOrderId: 'k-2', listingId };
    await sales.created(sold);
    await sales.created(lost);
    await sales.reject((await sales.find('k-2'))?.saleId ?? '');
    const look = async () => {
      for (const sale of [sold, lost]) await sales.stand('OPEN', sale);
      return [await sales.find('k-1'), await sales.find('k-2')];
    };
    for (const id of ['k-1', 'k-2']) await sales.settle(id, 'failed', 1);
    clock.nowMs += HOUR_MS - 1;
    expect(await look()).toMatchObject([{ status: 'CONFIRM_FAILED' }, { status: 'REJECT_FAILED' }]);
    clock.nowMs += 1;
    const again = [{ status: 'INVOICED' }, { status: 'REJECTED' }];
    expect(await look()).toMatchObject(again.map((sale) => ({ ...sale, decision: 2 })));
  });

  it('OPEN of a sale that waits tries it again, of a rejected one tells that again', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'd-1', listingId };
    await calls.place({ holdRequestId: 'd-h', listingId });
    await sales.created(one);
    await sales.stand('OPEN', one);
    expect(await sales.find('d-1')).toMatchObject({ status: 'UNAVAILABLE' });
    await calls.release('d-h');
    await sales.stand('OPEN', one);
    expect(await sales.find('d-1')).toMatchObject({ status: 'INVOICED' });
    const two = { marketplaceOrderId: 'd-2', listingId };
    await sales.created(two);
    await sales.reject((await sales.find('d-2'))?.saleId ?? '');
    later();
    await sales.stand('OPEN', two);
    expect(await sales.find('d-2')).toMatchObject({ status: 'REJECTED', decision: 2 });
  });

  it('CONFIRMED of what was rejected or canceled here asks for attention', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'e-1', listingId, quantity: 2 };
    await sales.created(one);
    await sales.reject((await sales.find('e-1'))?.saleId ?? '');
    const two = { marketplaceOrderId: 'e-2', listingId };
    await sales.created(two);
    await sales.canceled('e-2');
    later();
    for (const sale of [one, two]) {
      await sales.stand('CONFIRMED', sale);
      await sales.stand('CONFIRMED', sale);
    }
    expect(await sales.find('e-1')).toMatchObject({
      status: 'REJECTED',
      attention: 'CONFIRMED_THERE',
      decision: 1,
    });
    expect(await sales.find('e-2')).toMatchObject({
      status: 'CANCELED',
      attention: 'CONFIRMED_THERE',
    });
    expect(await left(listingId)).toBe(1);
  });

  it.each(['REJECTED', 'CANCELED'] as const)(
    '%s gives an invoiced sale’s tickets back',
    async (stand) => {
      const { listingId } = await list(2);
      const one = { marketplaceOrderId: `f-${stand}`, listingId, quantity: 2 };
      await sales.created(one);
      await sales.stand(stand, one);
      await sales.stand(stand, one);
      expect(await sales.find(`f-${stand}`)).toMatchObject({ status: 'CANCELED', decision: 1 });
      expect(await left(listingId)).toBe(2);
    },
  );

  it('REJECTED ends what waits, and says that a rejection arrived', async () => {
    const one = { marketplaceOrderId: 'g-1', listingId: 'lst_none' };
    await sales.created(one);
    await sales.stand('REJECTED', one);
    expect(await sales.find('g-1')).toMatchObject({ status: 'REJECTED', decision: 0 });
    const two = { marketplaceOrderId: 'g-2', listingId: 'lst_none' };
    await sales.created(two);
    await sales.reject((await sales.find('g-2'))?.saleId ?? '');
    await sales.settle('g-2', 'failed', 1);
    await sales.stand('CANCELED', two);
    expect(await sales.find('g-2')).toMatchObject({ status: 'REJECTED', decision: 1 });
  });

  it('that is over before its sale came leaves the sale nothing', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'h-1', listingId };
    await sales.stand('CANCELED', one);
    await sales.created(one);
    await sales.stand('OPEN', one);
    expect(await sales.find('h-1')).toMatchObject({ status: 'CANCELED', decision: 0 });
    expect(await left(listingId)).toBe(1);
  });

  it('UNDER_REVIEW is a hold that binds nobody, until the sale ends it', async () => {
    const { listingId } = await list(1);
    const one = { marketplaceOrderId: 'i-1', listingId };
    const channel = { key: world.key, body: { enabled: true } };
    await world.organizers('PUT /v1/channels/stubhub', channel);
    await sales.stand('UNDER_REVIEW', one, 'stubhub');
    expect(await calls.read('i-1', 'stubhub')).toMatchObject({
      value: { status: 'HELD', binding: false },
    });
    expect(await left(listingId)).toBe(1);
    await sales.stand('OPEN', one, 'stubhub');
    expect(await calls.read('i-1', 'stubhub')).toMatchObject({ value: { status: 'INVOICED' } });
    expect(await left(listingId)).toBe(0);
  });
});

describe('a notice that only points at a sale', () => {
  it('is read back from its marketplace before anything is done', async () => {
    const { listingId } = await list(2);
    const tell = async (noticeId: string, marketplaceOrderId: string) =>
      sales.tell({ type: 'sale.told', noticeId, marketplaceOrderId });
    sales.read.answer = 'unknown';
    await tell('p-1', 'j-1');
    expect(await sales.find('j-1')).toBeUndefined();
    const sale = { marketplaceOrderId: 'j-1', listingId, quantity: 2 };
    sales.read.answer = { stand: 'OPEN', sale };
    await tell('p-2', 'j-1');
    expect(await sales.find('j-1')).toMatchObject({ status: 'INVOICED', quantity: 2 });
    sales.read.answer = { stand: 'CANCELED', sale };
    await tell('p-3', 'j-1');
    expect(await sales.find('j-1')).toMatchObject({ status: 'CANCELED' });
    expect(await left(listingId)).toBe(2);
    expect(await sales.timeline('j-1')).toEqual(
      expect.arrayContaining(['ANSWERED unknown', 'ANSWERED OPEN', 'ANSWERED CANCELED']),
    );
    sales.read.answer = 'unable';
    await expect(tell('p-4', 'j-1')).rejects.toThrow('no calls to read');
  });
});
