// A client that was written from TicketSwap's protocol alone, and tickets that a marketplace really holds.
import { describe, expect, it } from 'vitest';
import { MARKETPLACE_ROUTES } from '../../lib/http/routes/marketplaces/routes.ts';
import { ok } from '../../lib/domain/result.ts';
import { createMarketplacesContainer } from '../../lib/runtime/container/marketplaces.ts';
import { createApi } from '../support/api.ts';
import { createSwapWorld } from '../support/swap-world.ts';
import { createTicketSwapClient } from '../support/ticketswap-client.ts';
import { playResales } from '../support/ticketswap-resales.ts';
import { QUIET } from '../support/world.ts';

const world = await createSwapWorld();
const event = await world.newEvent();
const client = createTicketSwapClient(async (method, path, body) => {
  world.clock.nowMs += 1;
  return world.ticketswap(`${method} /ticketswap${path}`, { key: world.swapKey, body });
});

it('runs validate, lock, swap and swap again; each barcode is SWAPPED at the door but the last', async () => {
  const { barcode } = await world.sellOne(event);
  const scan = async (scanned: string) => world.scan(event, scanned);
  expect(await playResales({ client, barcode, scan })).toMatchObject({ outcome: 'ADMITTED' });
});

await world.organizers('PUT /v1/channels/gametime', { key: world.key, body: { enabled: true } });

describe('a ticket that a marketplace holds', () => {
  const marketplaces = createApi(MARKETPLACE_ROUTES, {
    ...createMarketplacesContainer(
      { TABLE_NAME: world.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' },
      world.bare,
    ),
    clock: () => world.clock.nowMs,
    limiter: () => ok(undefined),
    logger: QUIET,
  });
  const HOLDS = '/v1/marketplaces/gametime/holds';
  const buyer = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@held.example' };

  /** The host's own ticket, offered at a marketplace and held for somebody who is about to pay there. */
  async function held(holdRequestId: string) {
    const sold = await world.sell(event, { payment: { paymentType: 'CASH' } });
    const { barcode, eventTicketId } = sold.body.tickets[0];
    const listed = await marketplaces('POST /v1/listings', {
      key: world.key,
      body: {
        eventTicketIds: [eventTicketId],
        unitPrice: { amountMinor: 4000, currency: 'EUR' },
        channels: ['gametime'],
      },
    });
    const made = await world.post('/v1/keys', { scope: 'marketplace', marketplace: 'gametime' });
    const { key } = made.body;
    const body = { holdRequestId, listingId: listed.body.listingId, quantity: 1 };
    expect((await client.validate(barcode)).swappable).toBe(true);
    const placed = await marketplaces(`POST ${HOLDS}`, { key, body });
    expect(placed).toMatchObject({ status: 201, body: { status: 'HELD' } });
    return { barcode, key, expiresAtMs: Date.parse(placed.body.expiresAt) };
  }

  it.each(['release', 'expiry'])(
    'is valid and RESELL_NOT_ALLOWED, changes by nothing, and can be resold after its %s',
    async (end) => {
      const { barcode, key, expiresAtMs } = await held(`held-until-${end}`);
      const before = await world.allItems();
      const error = 'RESELL_NOT_ALLOWED';
      expect(await client.validate(barcode)).toMatchObject({
        valid: true,
        swappable: false,
        error,
      });
      expect(await client.swap(barcode, buyer)).toEqual({
        barcode,
        valid: true,
        swappable: false,
        error,
      });
      expect(await world.allItems()).toEqual(before);

      if (end === 'release') {
        expect((await marketplaces(`DELETE ${HOLDS}/held-until-release`, { key })).status).toBe(
          204,
        );
      } else world.clock.nowMs = expiresAtMs;
      expect((await client.validate(barcode)).swappable).toBe(true);
      const fresh = await client.swap(barcode, buyer);
      expect(fresh).not.toHaveProperty('error');
      expect(await world.scan(event, barcode)).toMatchObject({ reason: 'SWAPPED' });
      expect(await world.scan(event, fresh.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    },
  );

  it('is resold or sold there, whichever is first', async () => {
    const { barcode, key, expiresAtMs } = await held('held-and-expired');
    world.clock.nowMs = expiresAtMs;
    expect(await client.swap(barcode, buyer)).not.toHaveProperty('error');
    const invoice = await marketplaces(`POST ${HOLDS}/held-and-expired/invoice`, {
      key,
      body: { marketplaceOrderId: 'late' },
    });
    expect(invoice.status).toBe(409);

    const sold = await held('held-and-sold');
    const invoiced = await marketplaces(`POST ${HOLDS}/held-and-sold/invoice`, {
      key: sold.key,
      body: { marketplaceOrderId: 'in time' },
    });
    expect(invoiced).toMatchObject({ status: 201, body: { tickets: [{ barcode: sold.barcode }] } });
  });
});
