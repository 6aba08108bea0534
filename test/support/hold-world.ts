// An organization whose imported stock is listed, with the use cases of holds before it.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { checkAvailability } from '../../lib/app/marketplaces/availability.ts';
import { extendHold, readHold, releaseHold } from '../../lib/app/marketplaces/change-hold.ts';
import { expireHolds } from '../../lib/app/marketplaces/expire-holds.ts';
import { invoiceHold } from '../../lib/app/marketplaces/invoice-hold.ts';
import { createListing, type NewListing } from '../../lib/app/marketplaces/manage-listings.ts';
import { placeHold } from '../../lib/app/marketplaces/place-hold.ts';
import { toNewId } from '../../lib/app/ids.ts';
import type { Marketplace } from '../../lib/domain/access.ts';
import { toNumericId } from '../../lib/domain/ids.ts';
import type { Person } from '../../lib/domain/orders/sale.ts';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createEventStore } from '../../lib/table/event-store.ts';
import { createHoldStore } from '../../lib/table/hold-store.ts';
import { createListingStore } from '../../lib/table/listing-store.ts';
import { createOrderStore } from '../../lib/table/order-store.ts';
import { createSaleStore } from '../../lib/table/sale-store.ts';
import { aTicket } from './builders.ts';
import { createOrderWorld, type EventToSell, type OrderWorld } from './order-world.ts';
import type { TestTable } from './table.ts';

export const UNIT_PRICE = { amountMinor: 4000, currency: 'EUR' };
export const HOLD_MINUTES = 10;

export interface Asked {
  readonly marketplace?: Marketplace;
  readonly holdRequestId: string;
  readonly listingId: string;
  readonly quantity?: number;
  readonly expiresAtMs?: number;
  readonly unitPrice?: typeof UNIT_PRICE;
}

/** What a marketplace asks for, over this client and by a clock of its own. */
export function createMarketplaceCalls(
  world: Pick<OrderWorld, 'organizationId' | 'tableName'>,
  bare: DynamoDBClient,
  clock: () => number,
) {
  const { organizationId, tableName } = world;
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  const deps = {
    listings: createListingStore(access, toOutboxId),
    holds: createHoldStore(access, toOutboxId),
    sales: createSaleStore(access, toOutboxId),
    events: createEventStore(access),
    orders: createOrderStore(access, toOutboxId),
    contacts: createContactStore(access),
  };
  const ids = (holdRequestId: string, marketplace: Marketplace = 'gametime') => ({
    organizationId,
    marketplace,
    holdRequestId,
    nowMs: clock(),
  });
  return {
    deps,
    now: clock,
    list: async (eventTicketIds: readonly number[], settings: Partial<NewListing> = {}) =>
      createListing(deps, {
        organizationId,
        eventTicketIds,
        unitPrice: UNIT_PRICE,
        channels: ['gametime', 'tickpick'],
        splits: 'any',
        nowMs: clock(),
        ...settings,
      }),
    ask: async (listingId: string, quantity?: number, marketplace: Marketplace = 'gametime') =>
      checkAvailability(deps, { organizationId, marketplace, listingId, quantity, nowMs: clock() }),
    place: async ({ marketplace, holdRequestId, quantity = 1, ...asked }: Asked) =>
      placeHold(deps, {
        ...ids(holdRequestId, marketplace),
        ...asked,
        quantity,
        holdMinutes: HOLD_MINUTES,
      }),
    read: async (holdRequestId: string, marketplace?: Marketplace) =>
      readHold(deps, ids(holdRequestId, marketplace)),
    extend: async (holdRequestId: string, expiresAtMs: number, marketplace?: Marketplace) =>
      extendHold(deps, {
        ...ids(holdRequestId, marketplace),
        expiresAtMs,
        holdMinutes: HOLD_MINUTES,
      }),
    release: async (holdRequestId: string, marketplace?: Marketplace) =>
      releaseHold(deps, ids(holdRequestId, marketplace)),
    invoice: async (
      holdRequestId: string,
      marketplaceOrderId: string,
      { buyer, marketplace }: { readonly buyer?: Person; readonly marketplace?: Marketplace } = {},
    ) =>
      invoiceHold(deps, {
        ...ids(holdRequestId, marketplace),
        marketplaceOrderId,
        buyer,
        by: 'key_test',
      }),
    expire: async () => expireHolds(deps, clock()),
  };
}

export async function createHoldWorld(table?: TestTable) {
  const world = await createOrderWorld(table);
  const calls = createMarketplaceCalls(world, world.bare, () => world.clock.nowMs);
  /** Of the year's first moments, in which nothing that is made later takes its ids. */
  let block = 0;

  /** Seats 1, 2, 3 … of one row, each an order by itself unless they are said to be one. */
  const importSeats = async (
    { eventId, typeId }: EventToSell,
    count: number,
    overrides: Partial<Ticket> = {},
  ): Promise<readonly (Ticket & { readonly orderId: number })[]> => {
    world.clock.nowMs += 1;
    block += 1;
    const tickets = Array.from({ length: count }, (_, at) => {
      const eventTicketId = toNumericId(block, 100 + at);
      return {
        ...aTicket({
          organizationId: world.organizationId,
          eventId,
          eventTicketId,
          ticketTypeId: typeId,
        }),
        section: 'A',
        row: '1',
        seat: String(at + 1),
        priceMinor: 1500,
        orderId: eventTicketId,
        ...overrides,
      };
    });
    await world.putAll(tickets);
    return tickets;
  };

  const listSeats = async (
    event: EventToSell,
    count: number,
    settings: Partial<NewListing> = {},
    overrides: Partial<Ticket> = {},
  ) => {
    const tickets = await importSeats(event, count, overrides);
    const made = await calls.list(
      tickets.map(({ eventTicketId }) => eventTicketId),
      settings,
    );
    if (!made.ok) throw new Error(made.refusal.code);
    return { tickets, listingId: made.value.listing.listingId };
  };
  return { ...world, calls, importSeats, listSeats };
}
