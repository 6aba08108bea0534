// Marketplaces of both kinds, scanners and hosts who fight for the same tickets, over a table that conflicts, throttles and
// loses replies. The table is read whole at the end.
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { MarketplaceSale } from '../../../lib/domain/marketplaces/sale.ts';
import { fromSaleItem } from '../../../lib/table/sale-item.ts';
import type { TicketItem } from '../../../lib/table/ticket-item.ts';
import { runs } from '../../support/campaign.ts';
import { createFaultyClient, createRandom } from '../../support/faulty-client.ts';
import { createMarketplaceCalls } from '../../support/hold-world.ts';
import { createSaleCalls, createSaleWorld } from '../../support/sale-world.ts';

const FAULTS = { conflict: 0.01, throttle: 0.01, lostReply: 0.03 };
const SERVERS = 4;
const world = await createSaleWorld();
const random = createRandom(20_261_124);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const servers = Array.from({ length: SERVERS }, (_, at) => {
  const { client } = createFaultyClient(FAULTS, at + 1);
  const clock = () => world.clock.nowMs;
  return {
    calls: createMarketplaceCalls(world, client, clock),
    sales: createSaleCalls(world, client, clock),
  };
});

async function readAll() {
  const items: Record<string, unknown>[] = [];
  for (let start: Record<string, unknown> | undefined; ;) {
    const page = await world.client.send(
      new ScanCommand({
        TableName: world.tableName,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
    if (start === undefined) break;
  }
  return {
    sales: items
      .filter(({ kind }) => kind === 'sale')
      .map((item) => fromSaleItem(item) as MarketplaceSale),
    tickets: items.filter(({ kind }) => kind === 'ticket') as unknown as TicketItem[],
    waiting: items.filter(({ kind }) => kind === 'saleWaiting'),
  };
}

const SOLD = new Set(['INVOICED', 'CONFIRMED']);

describe('sales, holds, cancellations and scans of the same tickets', () => {
  it('sell each ticket once, give back what is canceled, and leave nobody waiting for nothing', async () => {
    const event = await world.newEvent();
    const listings: string[] = [];
    const barcodes: string[] = [];
    const orders: string[] = [];
    const requests: string[] = [];
    const act = async (name: string): Promise<void> => {
      const { calls, sales } = pick(servers);
      const listingId = pick(listings);
      const what = pick(['told', 'told', 'canceled', 'hold', 'invoice', 'retry', 'scan', 'host']);
      if (what === 'told') {
        const marketplaceOrderId = orders.length > 0 && random() < 0.3 ? pick(orders) : name;
        orders.push(marketplaceOrderId);
        const quantity = 1 + (marketplaceOrderId.length % 2);
        await sales.created({ marketplaceOrderId, listingId, quantity });
      } else if (what === 'canceled') await sales.canceled(pick([...orders, `${name}-ahead`]));
      else if (what === 'hold') {
        requests.push(name);
        await calls.place({ holdRequestId: name, listingId });
      } else if (what === 'invoice') await calls.invoice(pick([...requests, 'none']), `oi-${name}`);
      else if (what === 'retry') await sales.retry(listingId);
      else if (what === 'scan') await world.scan(event, pick(barcodes));
      else await sales.confirm((await sales.find(pick([...orders, 'none'])))?.saleId ?? 'none');
    };
    for (let round = 0; round < runs(1, 200); round += 1) {
      for (const size of [2, 3, 4]) {
        const channels = ['axs', 'gametime'] as const;
        const { listingId, tickets } = await world.listSeats(event, size, { channels });
        listings.push(listingId);
        barcodes.push(...tickets.slice(0, 1).map(({ barcode }) => barcode));
      }
      for (let wave = 0; wave < runs(4, 10); wave += 1) {
        world.clock.nowMs += 1;
        const names = Array.from({ length: 10 }, (_, at) => `r${round}-${wave}-${at}`);
        await Promise.allSettled(names.map(act));
      }
      listings.splice(0, Math.max(0, listings.length - 6));
    }
    const { sales, tickets, waiting } = await readAll();
    const byOrder = Map.groupBy(
      tickets.filter(({ nxt }) => nxt === undefined),
      ({ oid }) => oid,
    );
    for (const sale of sales) {
      const own = sale.orderId === undefined ? [] : (byOrder.get(sale.orderId) ?? []);
      const id = sale.marketplaceOrderId;
      if (SOLD.has(sale.status)) expect([id, own.length]).toEqual([id, sale.quantity]);
      else if (sale.status === 'CANCELED') {
        expect([id, own.every(({ adm }) => adm > 0)]).toEqual([id, true]);
        expect([id, sale.attention]).toEqual([id, own.length > 0 ? 'ADMITTED' : undefined]);
      } else expect([id, sale.status, sale.orderId]).toEqual([id, 'UNAVAILABLE', undefined]);
    }
    const ids = tickets.filter(({ nxt }) => nxt === undefined).map(({ tid }) => tid);
    expect(new Set(ids).size).toBe(ids.length);
    expect(waiting).toHaveLength(sales.filter(({ status }) => status === 'UNAVAILABLE').length);
    // The race has seen what it is about; a short one needn't meet everything.
    expect(new Set(sales.map(({ status }) => status)).size).toBeGreaterThan(runs(0, 2));
  }, 3_600_000);
});
