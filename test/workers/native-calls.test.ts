// Marketplaces told in their own words, by their own credentials, each answered by a server that keeps a book: what
// counts is what it believes in the end.
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createSaleReader } from '../../lib/app/native/read-sale.ts';
import { toCircuitState } from '../../lib/domain/marketplaces/circuit.ts';
import type { ToldSale } from '../../lib/domain/marketplaces/notice.ts';
import { findSaleFormat } from '../../lib/marketplaces/sale-formats.ts';
import {
  createNativeWorld,
  type NativeMarketplace,
  STARTS,
} from '../support/marketplaces/native-world.ts';

const world = await createNativeWorld();
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});
const clock = (): number => world.clock.nowMs;
let orders = 70_000;

async function setUp<M extends NativeMarketplace>(marketplace: M) {
  const standIn = (await STARTS[marketplace](clock)) as Awaited<ReturnType<(typeof STARTS)[M]>>;
  closing.push(standIn.close);
  const channel = await world.newChannel(marketplace, standIn.outbound);
  const { teller } = world.newProcess();
  const sell = () =>
    standIn.book.sell({ orderId: String((orders += 1)), listingId: 'lst_1', quantity: 2 });
  const confirm = async (orderId: string, by = teller) =>
    by.tell(channel, {
      type: 'sale.confirmed',
      sale: { marketplaceOrderId: orderId, seats: ['5', '6'] },
    });
  const reject = async (orderId: string) =>
    teller.tell(channel, {
      type: 'sale.rejected',
      sale: { marketplaceOrderId: orderId, seats: [] },
      reason: 'wrong_price',
    });
  const { callMarketplace } = world.newProcess();
  const reader = createSaleReader({
    channels: { find: async () => channel },
    listings: { find: async () => undefined },
    findSaleFormat,
    callMarketplace,
  });
  const read = async (marketplaceOrderId: string) =>
    reader.read({ ...channel, marketplaceOrderId });
  const tellListing = async (quantity: number, listingId = 'lst_1') =>
    teller.tell(channel, { type: 'listing.updated', listingId, quantity });
  const circuit = async () => {
    const found = (await world.calls.findCircuit(channel)) ?? { failures: 0 };
    return toCircuitState(found, clock());
  };
  return { standIn, channel, teller, sell, confirm, reject, tellListing, circuit, read };
}

const NAMES = Object.keys(STARTS) as NativeMarketplace[];

describe.each(NAMES)('%s', (marketplace) => {
  it('is told that a sale is confirmed, and that one is rejected', async () => {
    const { standIn, sell, confirm, reject } = await setUp(marketplace);
    const [kept, lost] = [sell(), sell()];
    expect(await confirm(kept.orderId)).toEqual({ as: 'taken' });
    expect(await reject(lost.orderId)).toEqual({ as: 'taken' });
    expect([kept.stand, lost.stand]).toEqual(['CONFIRMED', 'REJECTED']);
    if (marketplace === 'ticket-evolution') expect(lost.reason).toBe('Tickets Priced Incorrectly');
    // StubHub isn't told seats by this call.
    if (marketplace !== 'stubhub') expect(kept.seats).toEqual(['5', '6']);
    expect(standIn.received.every(({ headers }) => headers['user-agent'] !== undefined)).toBe(true);
  });

  it('takes a sale once, though the reply to it was lost', async () => {
    const { standIn, sell, confirm, reject, read } = await setUp(marketplace);
    const [kept, lost] = [sell(), sell()];
    // The first call of all may buy a token.
    await confirm(sell().orderId);
    standIn.failNext('lose the reply');
    expect(await confirm(kept.orderId)).toEqual({ as: 'failed' });
    expect(await confirm(kept.orderId)).toEqual({ as: 'refused' });
    standIn.failNext('lose the reply');
    expect(await reject(lost.orderId)).toEqual({ as: 'failed' });
    expect(await reject(lost.orderId)).toEqual({ as: 'refused' });
    expect([kept.done, lost.done]).toEqual([['confirm'], ['reject']]);
    // What a refusal is, is read.
    expect(await read(kept.orderId)).toMatchObject({ stand: 'CONFIRMED' });
    const { stand } = (await read(lost.orderId)) as ToldSale;
    expect(['REJECTED', 'CANCELED']).toContain(stand);
  });

  it('is asked again after it hung up, was slow, out of order or at its limit', async () => {
    const { standIn, sell, confirm } = await setUp(marketplace);
    await confirm(sell().orderId);
    const sale = sell();
    standIn.failNext('hang up', 503, { status: 429, headers: { 'retry-after': '7' } });
    expect(await confirm(sale.orderId)).toEqual({ as: 'failed' });
    expect(await confirm(sale.orderId)).toEqual({ as: 'failed' });
    expect(await confirm(sale.orderId)).toEqual({ as: 'failed', retryAfterMs: 7_000 });
    expect(sale.stand).toBe('OPEN');
    standIn.failNext('answer late');
    expect(await confirm(sale.orderId)).toEqual({ as: 'failed' });
    await confirm(sale.orderId);
    expect(sale.done).toEqual(['confirm']);
  });

  it('refuses for good what it gave to somebody else, or never sold', async () => {
    const { sell, confirm, reject, read } = await setUp(marketplace);
    const gone = Object.assign(sell(), { stand: 'CANCELED' });
    expect(await confirm(gone.orderId)).toEqual({ as: 'refused' });
    expect(await confirm('69999')).toEqual({ as: 'refused' });
    expect(await reject('69999')).toEqual({ as: 'refused' });
    expect(await read('69999')).toBe('unknown');
  });

  it('believes no wrong credentials, and they are tried no more after five times', async () => {
    const { standIn, channel, sell } = await setUp(marketplace);
    const { credentials } = standIn.outbound;
    const wrong = Object.fromEntries(
      Object.entries(credentials).map(([name, value]) => [
        name,
        name === 'tokenUrl' || name === 'reviewerId' ? value : `${value}!`,
      ]),
    );
    const outbound = { ...standIn.outbound, credentials: wrong, secret: '' };
    const { teller } = world.newProcess();
    const sale = sell();
    const news = {
      type: 'sale.confirmed',
      sale: { marketplaceOrderId: sale.orderId, seats: [] },
    } as const;
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await teller.tell({ ...channel, outbound }, news)).toEqual({ as: 'failed' });
    }
    const before = standIn.received.length;
    expect(await teller.tell({ ...channel, outbound }, news)).toMatchObject({ as: 'failed' });
    expect(standIn.received).toHaveLength(before);
    expect(sale.stand).toBe('OPEN');
  });

  it('is told what is left of a listing, and that nothing is', async () => {
    const { standIn, tellListing } = await setUp(marketplace);
    expect(await tellListing(3)).toEqual({ as: 'taken' });
    const knowsSome = !['vivid-seats', 'ticket-evolution'].includes(marketplace);
    expect(standIn.book.listings.get('lst_1')).toBe(knowsSome ? 3 : undefined);
    expect(await tellListing(0)).toEqual({ as: 'taken' });
    const knowsNone = marketplace !== 'ticket-evolution';
    expect(standIn.book.listings.get('lst_1')).toBe(knowsNone ? 0 : undefined);
  });
});

describe('a circuit', () => {
  it('opens after five failures, tries once a minute later, and closes when that works', async () => {
    const { standIn, sell, confirm, circuit } = await setUp('gametime');
    const sale = sell();
    standIn.failNext(500, 500, 500, 500);
    for (let tries = 0; tries < 4; tries += 1) await confirm(sale.orderId);
    expect(await circuit()).toBe('closed');
    standIn.failNext('hang up');
    await confirm(sale.orderId);
    expect(await circuit()).toBe('open');
    expect(await confirm(sale.orderId)).toEqual({ as: 'failed', retryAfterMs: 60_000 });
    expect(standIn.received).toHaveLength(5);
    world.clock.nowMs += 60_000;
    expect(await circuit()).toBe('halfOpen');
    standIn.failNext(502);
    // All workers know it together: of many at once one tries.
    const tried = await Promise.all(
      Array.from({ length: 4 }, async () => confirm(sale.orderId, world.newProcess().teller)),
    );
    expect(tried.every((outcome) => outcome?.as === 'failed')).toBe(true);
    expect(standIn.received).toHaveLength(6);
    expect(await circuit()).toBe('open');
    world.clock.nowMs += 60_000;
    expect(await confirm(sale.orderId)).toEqual({ as: 'taken' });
    expect(await circuit()).toBe('closed');
  });

  it('is not opened by limits and refusals', async () => {
    const { standIn, sell, confirm, circuit } = await setUp('gametime');
    const sale = sell();
    for (let tries = 0; tries < 8; tries += 1) {
      standIn.failNext(tries % 2 === 0 ? 429 : 422);
      await confirm(sale.orderId);
    }
    expect(await circuit()).toBe('closed');
    expect(await confirm(sale.orderId)).toEqual({ as: 'taken' });
  });
});

describe('an access token', () => {
  it('is bought once for all processes, and again shortly before its end', async () => {
    const { standIn, sell, confirm } = await setUp('stubhub');
    for (let times = 0; times < 3; times += 1) {
      expect(await confirm(sell().orderId, world.newProcess().teller)).toEqual({ as: 'taken' });
    }
    expect(standIn.bought()).toBe(1);
    world.clock.nowMs += 59 * 60_000;
    expect(await confirm(sell().orderId)).toEqual({ as: 'taken' });
    expect(standIn.bought()).toBe(2);
  });

  it('is bought once more when it is refused, and then no more', async () => {
    const { standIn, sell, confirm } = await setUp('stubhub');
    await confirm(sell().orderId);
    standIn.endTokens();
    expect(await confirm(sell().orderId)).toEqual({ as: 'taken' });
    expect(standIn.bought()).toBe(2);
    standIn.failNext(401, { status: 503 });
    expect(await confirm(sell().orderId)).toEqual({ as: 'failed' });
    expect(standIn.bought()).toBe(2);
  });

  it('lies sealed in the table', async () => {
    const { channel, sell, confirm } = await setUp('stubhub');
    await confirm(sell().orderId);
    const { Items = [] } = await world.client.send(new ScanCommand({ TableName: world.tableName }));
    const own = Items.filter(({ pk }) => String(pk).includes(channel.organizationId));
    expect(own.some(({ kind }) => kind === 'accessToken')).toBe(true);
    expect(JSON.stringify(own)).not.toContain('token-');
  });
});

describe('limits', () => {
  it("are kept by all workers together: Vivid's orders are asked for once in ten seconds", async () => {
    const { standIn, channel } = await setUp('vivid-seats');
    const call = {
      method: 'GET',
      path: '/v1/getOrders',
      query: { status: 'UNCONFIRMED' },
    } as const;
    const poll = async () => world.newProcess().callMarketplace(channel, call);
    const results = await Promise.all([poll(), poll(), poll()]);
    expect(results.filter(({ as }) => as === 'answered')).toHaveLength(1);
    expect(standIn.received).toHaveLength(1);
    world.clock.nowMs += 11_000;
    expect(await poll()).toMatchObject({ as: 'answered', answer: { status: 200 } });
  });

  it('SeatGeek takes no other quantity for five minutes after an order, and is told again', async () => {
    const { standIn, tellListing } = await setUp('seatgeek');
    standIn.coolDown('lst_1');
    expect(await tellListing(2)).toEqual({ as: 'failed' });
    world.clock.nowMs += 5 * 60_000;
    expect(await tellListing(2)).toEqual({ as: 'taken' });
    expect(standIn.book.listings.get('lst_1')).toBe(2);
  });
});
