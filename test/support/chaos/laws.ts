// What has to be true after a round, whatever came in which order: the model is a listing's number of tickets, and who
// still wanted some in the end.
import { expect } from 'vitest';
import type { Marketplace } from '../../../lib/domain/access.ts';
import { isCanceledAhead, type MarketplaceSale } from '../../../lib/domain/marketplaces/sale.ts';
import { createListingStore } from '../../../lib/table/listing-store.ts';
import { createOrderStore } from '../../../lib/table/order-store.ts';
import { createSaleStore } from '../../../lib/table/sale-store.ts';
import type { Chaos } from './chaos.ts';
import type { Offer } from './round.ts';
import type { Booked } from './stand-ins.ts';

const noOutbox = (): string => 'none';

export async function expectModel(chaos: Chaos, offers: readonly Offer[]): Promise<void> {
  expect(chaos.standIns.faults).toEqual([]);
  expect(chaos.givenUp).toEqual([]);
  for (const one of offers) await expectOffer(chaos, one);
}

async function expectOffer(chaos: Chaos, one: Offer): Promise<void> {
  const { quantity, ticketIds } = one;
  const wanting = one.sales.filter(({ stand }) => stand !== 'CANCELED');
  const left = ticketIds.length - quantity * one.invoiced.length;
  const servable = Math.min(wanting.length, Math.floor(left / quantity));
  let confirmed = 0;
  for (const sale of one.sales) if (await expectSale(chaos, sale)) confirmed += 1;
  // As many as there are tickets for, no fewer and no more.
  expect(confirmed, `of ${JSON.stringify(one)}`).toBe(servable);
  for (const orderId of one.unheld) {
    const { status, attention } = (await load(chaos, 'tickpick', orderId)) as MarketplaceSale;
    expect({ status, attention }).toEqual({ status: 'UNAVAILABLE', attention: 'NO_HOLD' });
  }
  await expectTickets(chaos, one, confirmed);
}

/** Whether it has its tickets: then, and only then, its marketplace was told so, once. */
async function expectSale(chaos: Chaos, sale: Booked): Promise<boolean> {
  const { marketplace, orderId, stand, confirmed, rejected } = sale;
  const found = await load(chaos, marketplace, orderId);
  const known = { status: found?.status, stand, rejected, confirmed };
  if (stand === 'CANCELED') {
    const once = Math.min(confirmed, 1);
    expect(known).toEqual({ status: 'CANCELED', stand, rejected: 0, confirmed: once });
    return false;
  }
  const isSold = found?.status === 'CONFIRMED';
  expect(known).toEqual(
    isSold
      ? { status: 'CONFIRMED', stand: 'CONFIRMED', rejected: 0, confirmed: 1 }
      : { status: 'AUTO_REJECTED', stand: 'REJECTED', rejected: 1, confirmed: 0 },
  );
  return isSold;
}

const load = async ({ world }: Chaos, marketplace: Marketplace, marketplaceOrderId: string) => {
  const { organizationId } = world;
  const sales = createSaleStore(world, noOutbox);
  return sales.find({ organizationId, marketplace, marketplaceOrderId });
};

/** Each ticket belongs to one sale, or is free; and who only watches was told how many are. */
async function expectTickets(chaos: Chaos, one: Offer, confirmed: number): Promise<void> {
  const { world, standIns } = chaos;
  const { organizationId } = world;
  const orders = createOrderStore(world, noOutbox);
  const sold: number[] = [];
  const all = [
    ...one.sales.map(({ marketplace, orderId }) => load(chaos, marketplace, orderId)),
    ...one.invoiced.map((orderId) => load(chaos, one.holder, orderId)),
  ];
  for (const sale of await Promise.all(all)) {
    if (sale === undefined || isCanceledAhead(sale) || sale.status !== 'CONFIRMED') continue;
    const order = await orders.load(organizationId, Number(sale.orderId));
    const lines = order?.lines.filter(({ end }) => end === undefined) ?? [];
    expect(lines).toHaveLength(one.quantity);
    sold.push(...lines.map(({ eventTicketId }) => eventTicketId));
  }
  expect(new Set(sold).size).toBe(sold.length);
  expect(sold).toHaveLength((confirmed + one.invoiced.length) * one.quantity);
  const listings = createListingStore(world, noOutbox);
  const tickets = await listings.findTickets(organizationId, one.ticketIds);
  expect(tickets).toHaveLength(one.ticketIds.length);
  expect(new Set(tickets.map(({ barcode }) => barcode)).size).toBe(tickets.length);
  const free = one.ticketIds.length - sold.length;
  const watching = one.watching ?? 'axs';
  const asked = await world.calls.ask(one.listingId, undefined, watching);
  expect(asked.ok && asked.value.availableQuantity).toBe(free);
  // It was told, unless nothing ever changed.
  expect([free, undefined]).toContain(standIns.toldQuantity(watching, one.listingId));
}
