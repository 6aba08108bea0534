// What a marketplace is told of its sales: the truth of the moment, each decision once, in order, until it is taken; and
// what becomes of a refusal.
import { afterAll, describe, expect, it } from 'vitest';
import { toRetryWait } from '../../lib/domain/marketplaces/retry-plan.ts';
import type { MarketplaceStand } from '../../lib/domain/marketplaces/notice.ts';
import { createTimelineStore } from '../../lib/table/timeline-store.ts';
import { toDeaths } from '../support/campaign.ts';
import { createFailingClient } from '../support/failing-client.ts';
import { createSaleNewsWorld } from '../support/sale-news-world.ts';

const world = await createSaleNewsWorld();
const { receiver, clock, lanes, work, drain, queued, givenUp, looks, theirs, newSale } = world;
const timeline = createTimelineStore(world);
afterAll(async () => receiver.close());

describe('a sale that was decided', () => {
  it('is confirmed, signed and numbered, and then CONFIRMED', async () => {
    const sale = await newSale();
    await sale.invoice();
    await sale.decide();
    expect(sale.told()).toEqual([
      {
        path: expect.any(String),
        id: `msg_axs_${(await sale.read()).saleId}_1`,
        isSigned: true,
        type: 'sale.confirmed',
        data: {
          saleId: (await sale.read()).saleId,
          marketplaceOrderId: sale.ids.marketplaceOrderId,
          listingId: (await sale.read()).listingId,
          quantity: 2,
          orderId: 7,
          sequence: 1,
        },
      },
    ]);
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
  });

  it('is rejected with its reason', async () => {
    const sale = await newSale();
    await sale.reject();
    await sale.decide();
    expect(sale.told()).toMatchObject([
      { type: 'sale.rejected', isSigned: true, data: { reason: 'not_available', sequence: 1 } },
    ]);
    expect(await sale.read()).toMatchObject({ status: 'REJECTED' });
  });

  it.each(['UNAVAILABLE', 'WAIVE_REQUESTED', 'WAIVED'] as const)(
    'is told to nobody while it is %s',
    async (status) => {
      const sale = await newSale({ status });
      await sale.decide();
      expect(sale.told()).toEqual([]);
      expect(await lanes.load(sale.lane)).toMatchObject({ asked: 1, done: 1, lastSent: 0 });
    },
  );

  it('is told nothing that its marketplace has canceled by then', async () => {
    const sale = await newSale();
    await sale.invoice();
    await sale.cancel();
    await sale.decide();
    expect(sale.told()).toEqual([]);
    expect(await sale.read()).toMatchObject({ status: 'CANCELED' });
  });

  it('is told once, however often its message comes', async () => {
    const sale = await newSale();
    await sale.reject();
    await sale.decide();
    await sale.decide();
    await work([sale.decided, sale.decided]);
    await drain();
    expect(sale.told()).toHaveLength(1);
    expect(await lanes.load(sale.lane)).toMatchObject({ asked: 4, done: 4 });
  });

  it('is told anew, under the next number, when it is decided to be told again', async () => {
    const sale = await newSale();
    await sale.invoice();
    await sale.decide();
    await sale.tellAgain();
    await sale.decide();
    expect(sale.told().map(({ data }) => data.sequence)).toEqual([1, 2]);
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED', decision: 2 });
  });

  it('counts as taken where the channel is off or has no address', async () => {
    const sale = await newSale();
    await sale.setChannel('axs', { enabled: false });
    await sale.invoice();
    await sale.decide();
    expect(sale.told()).toEqual([]);
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
  });
});

describe('a marketplace that does not take it', () => {
  it('hears the truth of each attempt: what was canceled meanwhile is told no more', async () => {
    const sale = await newSale();
    await sale.invoice();
    receiver.answerNext(500);
    await sale.decide();
    await sale.cancel();
    await sale.retry();
    expect(sale.told()).toHaveLength(1);
    expect(await lanes.load(sale.lane)).toMatchObject({ asked: 1, done: 1 });
    expect((await lanes.listDue(Number.MAX_SAFE_INTEGER, 1_000)).map(({ subject }) => subject.id))
      // Nothing more is planned.
      .not.toContain(sale.ids.marketplaceOrderId);
  });

  it('hears the same message again while its reply is lost, and one sale is confirmed', async () => {
    const sale = await newSale();
    await sale.invoice();
    receiver.answerNext('hang up', 503);
    await sale.decide();
    expect(await sale.read()).toMatchObject({ status: 'INVOICED' });
    await sale.retry();
    await sale.retry();
    expect(sale.told()).toHaveLength(3);
    expect(new Set(sale.told().map(({ id }) => id)).size).toBe(1);
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
  });

  it('is given up after ten attempts: CONFIRM_FAILED, and a dead letter that tells it after all', async () => {
    const sale = await newSale();
    await sale.invoice();
    givenUp.length = 0;
    receiver.answerNext(...Array.from({ length: 10 }, () => 500));
    await sale.decide();
    for (let failures = 1; failures < 10; failures += 1) {
      clock.nowMs += toRetryWait(failures) ?? 0;
      await sale.retry();
    }
    expect(await sale.read()).toMatchObject({ status: 'CONFIRM_FAILED' });
    expect(givenUp).toEqual([{ type: 'outbound.deliver', ...sale.lane }]);
    await work(givenUp.splice(0));
    expect(sale.told()).toHaveLength(11);
    expect(new Set(sale.told().map(({ id }) => id)).size).toBe(1);
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
  });

  it('keeps its evidence: what was sent and what was answered, attempt by attempt', async () => {
    const sale = await newSale();
    await sale.invoice();
    receiver.answerNext(500);
    await sale.decide();
    clock.nowMs += 5_000;
    await sale.retry();
    const sent = (await timeline.list(sale.ids)).filter(({ kind }) => kind !== 'DECIDED');
    expect(sent).toMatchObject([
      {
        kind: 'SENT',
        what: 'sale.confirmed',
        payloadDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      { kind: 'ANSWERED', detail: 'failed' },
      { kind: 'SENT', what: 'sale.confirmed' },
      { kind: 'ANSWERED', detail: 'taken' },
    ]);
  });
});

describe('a marketplace that refuses', () => {
  const refuse = async (
    stand: MarketplaceStand | 'unknown' | 'unable' | 'silent',
    decision: 'invoice' | 'reject' = 'invoice',
  ) => {
    const sale = await newSale();
    await sale[decision]();
    givenUp.length = 0;
    looks.length = 0;
    theirs.tell = async () => ({ as: 'refused' });
    theirs.read = async () => {
      if (stand === 'silent') throw new Error('no answer');
      if (stand === 'unknown' || stand === 'unable') return stand;
      const { marketplaceOrderId } = sale.ids;
      return { stand, sale: { marketplaceOrderId, listingId: 'lst', quantity: 2 } };
    };
    await sale.decide();
    theirs.tell = async () => undefined;
    return sale;
  };

  it('what it has done already: that is as good as taken', async () => {
    const sale = await refuse('CONFIRMED');
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
    expect([givenUp, looks]).toEqual([[], []]);
  });

  it.each(['REJECTED', 'CANCELED'] as const)(
    'because it is %s there: the sale is looked at, and nothing is left to tell',
    async (stand) => {
      const sale = await refuse(stand);
      expect(looks).toEqual([{ type: 'sale.look', ...sale.ids, askedAtMs: clock.nowMs }]);
      expect(givenUp).toEqual([]);
      expect(await lanes.load(sale.lane)).toMatchObject({ asked: 1, done: 1 });
    },
  );

  it.each(['OPEN', 'UNDER_REVIEW', 'unknown', 'unable'] as const)(
    'for good (%s): CONFIRM_FAILED at once, and an operator hears it',
    async (stand) => {
      const sale = await refuse(stand);
      expect(await sale.read()).toMatchObject({ status: 'CONFIRM_FAILED' });
      expect(givenUp).toEqual([{ type: 'outbound.deliver', ...sale.lane }]);
      await work(givenUp.splice(0));
      expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
    },
  );

  it('a rejection of what it does not know: it needs none', async () => {
    const sale = await refuse('unknown', 'reject');
    expect(await sale.read()).toMatchObject({ status: 'REJECTED' });
    expect([givenUp, looks]).toEqual([[], []]);
  });

  it('and then does not say what it thinks: it is tried again by the plan', async () => {
    const sale = await refuse('silent');
    expect(await sale.read()).toMatchObject({ status: 'INVOICED' });
    expect(await lanes.load(sale.lane)).toMatchObject({ failures: 1 });
    await sale.retry();
    expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
  });
});

it.each(['notSent', 'answerLost'] as const)(
  'a worker killed at a call to the table (%s) leaves no sale untold, and none told twice in effect',
  async (mode) => {
    let calls = Infinity;
    const killed = async (at: number): Promise<void> => {
      const sale = await newSale();
      await sale.invoice();
      const dying = createFailingClient(at, mode);
      const isLost = (await work([sale.decided], dying.client)) > 0;
      const deliveries = queued.splice(0);
      await work(deliveries, dying.client);
      await dying.settle();
      dying.client.destroy();
      calls = dying.countCalls();
      clock.nowMs += 3 * 60_000;
      if (isLost) await work([sale.decided]);
      await drain();
      await sale.retry();
      expect(new Set(sale.told().map(({ id }) => id)).size).toBe(1);
      expect(await sale.read()).toMatchObject({ status: 'CONFIRMED' });
      const lane = await lanes.load(sale.lane);
      expect(lane?.done).toBe(lane?.asked);
    };
    await killed(0);
    expect(calls).toBeGreaterThan(8);
    for (const at of toDeaths(calls, 5)) await killed(at);
  },
);
