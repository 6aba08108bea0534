// What a lost message left behind is found by asking the marketplace, and repaired here or there; the host sees what differed.
import { afterAll, describe, expect, it } from 'vitest';
import { DRIVERS } from '../../support/marketplaces/drivers.ts';
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';

const world = await createIonWorld();
let orders = 60_000;

describe.each(['stubhub', 'gametime'] as const)('%s', async (name) => {
  const { standIn, tellSale } = await DRIVERS[name](world);
  const { book } = standIn;
  afterAll(standIn.close);
  await world.settle();
  const sell = (listingId: string) =>
    book.sell({ orderId: String((orders += 1)), listingId, quantity: 1 });
  const sellAndTell = async (listingId: string) => {
    const sale = sell(listingId);
    await tellSale?.(sale);
    await world.settle();
    return sale;
  };
  const differences = async (orderId: string) => {
    const path = `/v1/channels/${name}/differences` as const;
    const { body } = await world.settings(`GET ${path}`, { key: world.key });
    return body.items.filter(
      (item: { readonly marketplaceOrderId: string }) => item.marketplaceOrderId === orderId,
    );
  };

  it('sells what was sold while its notice was lost', async () => {
    const sale = sell(await world.listRow(1));
    await world.pass(6);
    expect(sale.done).toEqual(['confirm']);
    expect(await world.sale(sale.orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect(await differences(sale.orderId)).toMatchObject([
      { here: 'UNKNOWN', there: 'OPEN', times: 1 },
    ]);
  });

  it('is told again what it forgot', async () => {
    const sale = await sellAndTell(await world.listRow(1));
    sale.stand = 'OPEN';
    await world.pass(6);
    expect(sale).toMatchObject({ stand: 'CONFIRMED', done: ['confirm', 'confirm'] });
    expect(await world.sale(sale.orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect(await differences(sale.orderId)).toMatchObject([{ here: 'CONFIRMED', there: 'OPEN' }]);
  });

  it('gets its tickets back when the news of a cancellation were lost', async () => {
    const listingId = await world.listRow(1);
    const sale = await sellAndTell(listingId);
    sale.stand = 'CANCELED';
    await world.pass(6);
    expect(await world.sale(sale.orderId)).toMatchObject({ status: 'CANCELED' });
    expect(await world.left(listingId)).toBe(1);
  });

  it('changes nothing for a sale that it knows nothing of, and says so', async () => {
    const listingId = await world.listRow(1);
    const sale = await sellAndTell(listingId);
    book.sales.delete(sale.orderId);
    await world.pass(6);
    await world.pass(6);
    expect(await world.sale(sale.orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect(await world.left(listingId)).toBe(0);
    expect(await differences(sale.orderId)).toMatchObject([
      { here: 'CONFIRMED', there: 'UNKNOWN', times: 2 },
    ]);
  });
});
