// Sales as they stand in the table, each at a marketplace that is told at an address of its own.
import { expect } from 'vitest';
import {
  type MarketplaceSale,
  toRejected,
  toStatus,
  toToldAgain,
} from '../../lib/domain/marketplaces/sale.ts';
import { createOutboundWorld } from './outbound-world.ts';

const MARKETPLACE = 'axs';

export async function createSaleNewsWorld() {
  const world = await createOutboundWorld();
  const { clock, sales, work, drain } = world;
  let made = 0;
  /** A sale whose tickets wait to be found, at a marketplace that is told at an address of its own. */
  async function newSale(change: Partial<MarketplaceSale> = {}) {
    const { organizationId, listingId, setChannel, toldAt } = await world.newListing([MARKETPLACE]);
    made += 1;
    let sale: MarketplaceSale = {
      organizationId,
      marketplace: MARKETPLACE,
      marketplaceOrderId: `Auftrag № ${made}`,
      saleId: `sal_${made}`,
      listingId,
      quantity: 2,
      status: 'UNAVAILABLE',
      decision: 0,
      createdAtMs: clock.nowMs,
      changedAtMs: clock.nowMs,
      version: 1,
      ...change,
    };
    await sales.change({ before: undefined, after: sale, nowMs: clock.nowMs });
    const become = async (after: MarketplaceSale | undefined): Promise<void> => {
      if (after === undefined) throw new Error('a step that does not exist');
      const before = await sales.find(sale);
      expect(await sales.change({ before, after, nowMs: clock.nowMs })).toBe(true);
      sale = after;
    };
    const read = async (): Promise<MarketplaceSale> => (await sales.find(sale)) as MarketplaceSale;
    const { marketplaceOrderId } = sale;
    const ids = { organizationId, marketplace: MARKETPLACE, marketplaceOrderId } as const;
    const lane = {
      organizationId,
      marketplace: MARKETPLACE,
      subject: { kind: 'sale', id: marketplaceOrderId },
    } as const;
    const decided = { type: 'sale.decided', ...ids } as const;
    return {
      ids,
      lane,
      decided,
      setChannel,
      read,
      told: () => toldAt(MARKETPLACE),
      invoice: async () =>
        become(
          toStatus(await read(), 'INVOICED', clock.nowMs, {
            orderId: 7,
            seats: ['A1', 'A2'],
            decision: (await read()).decision + 1,
          }),
        ),
      reject: async () =>
        become(
          toRejected(await read(), { reason: 'not_available', isAuto: false, nowMs: clock.nowMs }),
        ),
      cancel: async () => become(toStatus(await read(), 'CANCELED', clock.nowMs)),
      tellAgain: async () => become(toToldAgain(await read(), clock.nowMs)),
      /** The message of a decision, and all that follows from it. */
      async decide(): Promise<void> {
        await work([decided]);
        await drain();
      },
      /** The next attempt by the plan. */
      retry: async () => work([{ type: 'outbound.deliver', ...lane, isScheduled: true }]),
    };
  }
  return { ...world, newSale };
}
