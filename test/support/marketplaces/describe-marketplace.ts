// What every marketplace that tells of sales has to be able to do, from its own call at the channel's address to what it
// believes in the end: its own format, its own proof, its own way to be answered.
import { afterAll, describe, expect, it } from 'vitest';
import { DRIVERS } from './drivers.ts';
import type { IonWorld } from './ion-world.ts';

let orders = 40_000;

export function describeMarketplace(world: IonWorld, name: keyof typeof DRIVERS): void {
  describe.each([name])('%s', async () => {
    const driver = await DRIVERS[name](world);
    const { standIn, tellSale } = driver;
    const { book } = standIn;
    afterAll(standIn.close);
    await world.settle();

    const sell = (listingId: string, quantity = 1) =>
      book.sell({ orderId: String((orders += 1)), listingId, quantity });
    /** Sold there, and known here: by its notice, or by asking. */
    const sellAndTell = async (listingId: string, quantity = 1) => {
      const sale = sell(listingId, quantity);
      if (tellSale === undefined) await world.pass(1);
      else expect((await tellSale(sale)).status).toBe(202);
      await world.settle();
      return sale;
    };
    /** Of somebody who takes the only ticket. */
    const sellInVain = async () => {
      const listingId = await world.listRow(1);
      await sellAndTell(listingId);
      return { listingId, sale: await sellAndTell(listingId) };
    };

    it('sells, and is confirmed once, however often it tells', async () => {
      const listingId = await world.listRow(3);
      const sale = await sellAndTell(listingId, 2);
      await tellSale?.(sale);
      await world.settle();
      expect(sale.done).toEqual(['confirm']);
      const known = await world.sale(sale.orderId);
      expect(known).toMatchObject({
        status: 'CONFIRMED',
        marketplace: name,
        quantity: 2,
        listingId,
      });
      const { body } = await world.organizers(`GET /v1/orders/${String(known?.['orderId'])}`, {
        key: world.key,
      });
      expect(body.tickets).toHaveLength(2);
      expect(await world.left(listingId)).toBe(1);
    });

    it('is rejected by the host where there are no tickets', async () => {
      const { sale } = await sellInVain();
      const known = await world.sale(sale.orderId);
      expect(known).toMatchObject({ status: 'UNAVAILABLE' });
      expect(sale.stand).toBe('OPEN');
      const reply = await world.marketplaces(`POST /v1/sales/${String(known?.['saleId'])}/reject`, {
        key: world.key,
        body: { reason: 'duplicate' },
      });
      expect(reply).toMatchObject({ status: 200, body: { status: 'REJECTED' } });
      await world.settle();
      expect(sale).toMatchObject({ stand: 'REJECTED', done: ['reject'] });
      if (name === 'ticket-evolution') expect(sale.reason).toBe('Duplicate Order');
    });

    it('is rejected by itself at the deadline', async () => {
      const { sale } = await sellInVain();
      await world.pass(59);
      expect(sale.stand).toBe('OPEN');
      await world.pass(2);
      expect(sale).toMatchObject({ stand: 'REJECTED', done: ['reject'] });
      expect(await world.sale(sale.orderId)).toMatchObject({ status: 'AUTO_REJECTED' });
    });

    it('cancels, and the tickets can be sold again', async () => {
      const listingId = await world.listRow(1);
      const sale = await sellAndTell(listingId);
      expect(await world.left(listingId)).toBe(0);
      sale.stand = 'CANCELED';
      if (driver.tellCancel === undefined) await world.pass(6);
      else expect((await driver.tellCancel(sale)).status).toBe(202);
      await world.settle();
      expect(await world.sale(sale.orderId)).toMatchObject({ status: 'CANCELED' });
      expect(await world.left(listingId)).toBe(1);
      expect(sale.done).toEqual(['confirm']);
    });

    it('hears the truth once, though it hung up, and then its reply was lost', async () => {
      const listingId = await world.listRow(1);
      standIn.failTelling('hang up', 'lose the reply');
      const sale = await sellAndTell(listingId);
      // The plan's waits.
      for (const minutes of [1, 6, 31]) await world.pass(minutes);
      expect(sale).toMatchObject({ stand: 'CONFIRMED', done: ['confirm'] });
      expect(await world.sale(sale.orderId)).toMatchObject({ status: 'CONFIRMED' });
    });

    it.skipIf(driver.tellFalsely === undefined)('is not believed with a wrong proof', async () => {
      const listingId = await world.listRow(1);
      const reply = await driver.tellFalsely?.(sell(listingId));
      expect(reply?.status).toBe(401);
      await world.settle();
      expect(await world.left(listingId)).toBe(1);
    });

    it.skipIf(driver.tellHold === undefined)(
      'places a hold that binds nobody, which its sale or its withdrawal ends',
      async () => {
        const listingId = await world.listRow(2);
        const [sold, over] = [sell(listingId), sell(listingId)];
        for (const sale of [sold, over]) {
          sale.stand = 'UNDER_REVIEW';
          await driver.tellHold?.(sale);
        }
        await world.settle();
        const holds = async () => {
          const path = `/v1/holds?listingId=${listingId}` as const;
          const { body } = await world.marketplaces(`GET ${path}`, { key: world.key });
          return body.items.map(({ binding, status }: Record<string, unknown>) => [
            binding,
            status,
          ]);
        };
        expect(await holds()).toEqual([
          [false, 'HELD'],
          [false, 'HELD'],
        ]);
        expect(await world.left(listingId)).toBe(2);
        sold.stand = 'OPEN';
        over.stand = 'CANCELED';
        await tellSale?.(sold);
        await driver.tellHoldOver?.(over);
        await world.settle();
        expect((await holds()).map(([, status]: unknown[]) => status).toSorted()).toEqual([
          'INVOICED',
          'RELEASED',
        ]);
        expect(sold.done).toEqual(['confirm']);
      },
    );
  });
}
