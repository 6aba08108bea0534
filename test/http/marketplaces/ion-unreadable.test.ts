// One sale of which a marketplace says what nobody understands keeps none of the others from being looked at.
import { afterAll, expect, it } from 'vitest';
import { DRIVERS } from '../../support/marketplaces/drivers.ts';
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';
import { json } from '../../support/marketplaces/stand-in.ts';

const world = await createIonWorld();
const { standIn, tellSale } = await DRIVERS.gametime(world);
afterAll(standIn.close);
await world.settle();

const NOTHING_OPEN = json({ purchases: [] });
/** Long enough that a look finds no sale of an earlier test. */
const WEEK = 7 * 24 * 60;
let orders = 70_000;

async function sellTwo() {
  const listingId = await world.listRow(2);
  const sellAndTell = async () => {
    const sale = standIn.book.sell({ orderId: String((orders += 1)), listingId, quantity: 1 });
    await tellSale?.(sale);
    await world.settle();
    world.clock.nowMs += 1;
    return sale;
  };
  return [await sellAndTell(), await sellAndTell()] as const;
}

it.each([
  ['a status that is new to us', json({ purchases: [{ id: 1, status: 'abducted' }] })],
  ['a refusal for good', 400],
])('goes on behind %s', async (_, fault) => {
  await world.pass(WEEK);
  const [, second] = await sellTwo();
  second.stand = 'CANCELED';
  standIn.failNext(NOTHING_OPEN, fault);
  await world.pass(6);
  expect(await world.sale(second.orderId)).toMatchObject({ status: 'CANCELED' });
});

it.each(['hang up', 401, 429, 503] as const)(
  'begins again at a sale that is not answered (%s)',
  async (fault) => {
    await world.pass(WEEK);
    const [first, second] = await sellTwo();
    first.stand = 'CANCELED';
    second.stand = 'CANCELED';
    standIn.failNext(NOTHING_OPEN, fault);
    await world.pass(6);
    expect(await world.sale(second.orderId)).toMatchObject({ status: 'CONFIRMED' });
    await world.pass(6);
    expect(await world.sale(first.orderId)).toMatchObject({ status: 'CANCELED' });
    expect(await world.sale(second.orderId)).toMatchObject({ status: 'CANCELED' });
  },
);
