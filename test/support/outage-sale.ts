// A sale that an outage at the marketplace let through.
import { expect } from 'vitest';
import type { createMarketplaceWorld } from './marketplace-world.ts';

type MarketplaceWorld = Awaited<ReturnType<typeof createMarketplaceWorld>>;

const HOLDS = '/v1/marketplaces/gametime/holds';
const MINUTE_MS = 60_000;

/** Makes sales of Gametime whose hold was over before. */
export async function createOutage(world: MarketplaceWorld) {
  const { clock, key, marketplaces } = world;
  const event = await world.newEvent();
  const gametime = await world.newKey('gametime');
  return {
    gametime,
    event,
    sellLate: async (id: string) => {
      const barcode = `BARCODE-OF-${id}`;
      const tickets = await world.importSeats(event, 1, { barcode });
      const { body } = await world.offer(tickets.map(({ eventTicketId }) => eventTicketId));
      const asked = { holdRequestId: id, listingId: body.listingId, quantity: 1 };
      await marketplaces(`POST ${HOLDS}`, { key: gametime, body: asked });
      clock.nowMs += MINUTE_MS;
      const expiresAt = new Date(clock.nowMs + 5 * MINUTE_MS).toISOString();
      await marketplaces(`PATCH ${HOLDS}/${id}`, { key: gametime, body: { expiresAt } });
      clock.nowMs += 15 * MINUTE_MS;
      const text = JSON.stringify({
        marketplaceOrderId: `order-${id}`,
        buyer: { name: 'Eve Evidence', email: 'eve.evidence@example.com' },
      });
      const late = await marketplaces(`POST ${HOLDS}/${id}/invoice`, { key: gametime, text });
      expect(late).toMatchObject({ status: 409, body: { code: 'hold_expired' } });
      const sales = await marketplaces('GET /v1/sales?status=UNAVAILABLE', { key });
      const sale = sales.body.items.find(
        ({ marketplaceOrderId }: { marketplaceOrderId: string }) =>
          marketplaceOrderId === `order-${id}`,
      );
      return { saleId: sale.saleId as string, text, expiresAt, barcode };
    },
    read: async (saleId: string, of = key) =>
      marketplaces(`GET /v1/sales/${saleId}/evidence`, { key: of }),
  };
}
