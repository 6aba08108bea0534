// What has to be true of sales whatever dies, repeats or comes in which order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFailingClient, type DeathMode } from '../../support/failing-client.ts';
import { createSaleCalls, createSaleWorld } from '../../support/sale-world.ts';
import { runs, toDeaths } from '../../support/campaign.ts';

const world = await createSaleWorld();
const { calls, sales, clock } = world;
const event = await world.newEvent();
const list = async (count: number) =>
  world.listSeats(event, count, { channels: ['axs', 'gametime'] });
const left = async (listingId: string) => {
  const asked = await calls.ask(listingId);
  return asked.ok ? asked.value.availableQuantity : -1;
};

let made = 0;
const newId = (): string => `law-${(made += 1)}`;

const ACTS = ['created', 'canceled', 'confirmed', 'retried', 'rejected'] as const;
type Act = (typeof ACTS)[number];

/** Ready for the act, by a client that works. */
async function prepare(act: Act) {
  const { listingId } = await list(3);
  const marketplaceOrderId = newId();
  const told = { marketplaceOrderId, listingId, quantity: 2, confirmByMs: clock.nowMs + 1_000 };
  if (act === 'canceled') await sales.created(told);
  if (act === 'confirmed' || act === 'retried' || act === 'rejected') {
    await calls.place({ holdRequestId: marketplaceOrderId, listingId, quantity: 2 });
    await sales.created(told);
    await calls.release(marketplaceOrderId);
  }
  if (act === 'rejected') clock.nowMs += 1_000;
  const { saleId = '' } = (await sales.find(marketplaceOrderId)) ?? {};
  return { act, listingId, marketplaceOrderId, told, saleId };
}

async function run(by: typeof sales, ready: Awaited<ReturnType<typeof prepare>>): Promise<void> {
  const { act, listingId, marketplaceOrderId, told, saleId } = ready;
  if (act === 'created') return by.created(told);
  if (act === 'canceled') return by.canceled(marketplaceOrderId);
  if (act === 'retried') return by.retry(listingId);
  if (act === 'rejected') return void (await by.rejectDue());
  await by.confirm(saleId);
}

const ENDS = {
  created: { status: 'INVOICED', decision: 1, left: 1 },
  canceled: { status: 'CANCELED', decision: 1, left: 3 },
  confirmed: { status: 'INVOICED', decision: 1, left: 1 },
  retried: { status: 'INVOICED', decision: 1, left: 1 },
  rejected: { status: 'AUTO_REJECTED', decision: 1, left: 3 },
} as const;

describe.each(ACTS)('a sale that is %s', (act) => {
  it.each<DeathMode>(['notSent', 'answerLost'])(
    'ends the same after a death at any call (%s) and a repeat',
    async (mode) => {
      const counting = createFailingClient(0, mode);
      await run(
        createSaleCalls(world, counting.client, () => clock.nowMs),
        await prepare(act),
      );
      for (const at of toDeaths(counting.countCalls(), 3)) {
        const ready = await prepare(act);
        const failing = createFailingClient(at, mode);
        const dying = createSaleCalls(world, failing.client, () => clock.nowMs);
        await run(dying, ready).catch(() => undefined);
        await failing.settle();
        await run(sales, ready);
        const sale = await sales.find(ready.marketplaceOrderId);
        const end = ENDS[act];
        expect([at, sale?.status, sale?.decision]).toEqual([at, end.status, end.decision]);
        expect([at, await left(ready.listingId)]).toEqual([at, end.left]);
      }
    },
    600_000,
  );
});

describe('messages about sales', () => {
  it('come to the same end in any order, repeated and at once', async () => {
    const $extra = fc.constantFrom('created', 'canceled', 'released', 'retried');
    const $acts = fc
      .tuple(fc.array($extra, { maxLength: 4 }), fc.boolean())
      .chain(([extra, isCanceled]) => {
        const more = extra.filter((what) => isCanceled || what !== 'canceled');
        const needed = ['created', 'released', ...(isCanceled ? ['canceled'] : [])];
        const all = [...more, ...needed];
        return fc.shuffledSubarray(all, { minLength: all.length });
      });
    await fc.assert(
      fc.asyncProperty($acts, fc.boolean(), async (all, isAtOnce) => {
        const isCanceled = all.includes('canceled');
        const { listingId } = await list(2);
        const marketplaceOrderId = newId();
        const told = { marketplaceOrderId, listingId, quantity: 2 };
        await calls.place({ holdRequestId: marketplaceOrderId, listingId });
        const act = async (what: string): Promise<unknown> => {
          if (what === 'created') return sales.created(told);
          if (what === 'canceled') return sales.canceled(marketplaceOrderId);
          if (what === 'released') return calls.release(marketplaceOrderId);
          return sales.retry(listingId);
        };
        if (isAtOnce) await Promise.all(all.map(act));
        else for (const what of all) await act(what);
        await sales.retry(listingId);
        const sale = await sales.find(marketplaceOrderId);
        expect(sale?.status).toBe(isCanceled ? 'CANCELED' : 'INVOICED');
        expect(await left(listingId)).toBe(isCanceled ? 2 : 0);
      }),
      { numRuns: runs(12, 500) },
    );
  }, 600_000);
});
