// The news of swaps on its way: late, twice, in any order, and with a death at every call.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../../lib/domain/assert.ts';
import { runs, toDeaths } from '../../support/campaign.ts';
import { createFailingClient, type DeathMode } from '../../support/failing-client.ts';
import { createLeanClient } from '../../support/lean-client.ts';
import { createFaultyClient } from '../../support/faulty-client.ts';
import { createLinkWorld, type LinkMessage, type SoldTicket } from '../../support/link-world.ts';

const world = await createLinkWorld();
const [seller, door] = [await world.newOwner(), await world.newOwner()];

/** Tickets of one hall, imported by another one; each test takes its own. */
const from = await world.newHall(seller);
const stock: SoldTicket[] = [];
for (let orders = runs(1, 4); orders > 0; orders -= 1) stock.push(...(await world.sell(from, 40)));
const at = await world.importInto(door, from);
const next = (): string => present(stock.pop(), 'enough were sold').barcode;

/** All barcodes of a ticket that is resold one time after another; the news of it stays on its way. */
async function resold(barcode: string, times: number): Promise<readonly string[]> {
  const barcodes = [barcode];
  for (let time = 0; time < times; time += 1) {
    const email = `buyer${time}@swap.example`;
    const reply = await world.swap(seller, present(barcodes.at(-1), 'begun with one'), { email });
    expect(reply.status).toBe(201);
    barcodes.push(reply.body.barcode);
  }
  return barcodes;
}

/** What the other door says of each barcode, the newest one last. */
const judge = async (barcodes: readonly string[]) =>
  Promise.all(
    barcodes.map(async (barcode) => {
      const { outcome, reason } = await world.scan(at, barcode, { mode: 'check' });
      return reason ?? outcome;
    }),
  );
/** The newest alone admits, and every other one was resold. */
const toNewest = (barcodes: readonly string[]) => [
  ...barcodes.slice(1).map(() => 'SWAPPED'),
  'VALID',
];

describe('messages of a chain of swaps', () => {
  it('in any order, twice, and at once end in the newest barcode', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }).chain((times) =>
          fc.record({
            times: fc.constant(times),
            order: fc.array(fc.nat({ max: times - 1 }), { maxLength: 6 }),
            parallel: fc.integer({ min: 1, max: 3 }),
          }),
        ),
        async ({ times, order, parallel }) => {
          const barcodes = await resold(next(), times);
          const own = await world.takeMessages();
          // Some again and in another order; each at least once.
          const messages = [...order.flatMap((index) => own[index] ?? []), ...own];
          for (let sent = 0; sent < messages.length; sent += parallel) {
            const batch = messages.slice(sent, sent + parallel);
            await Promise.all(batch.map(async (message) => world.workLinks()(message)));
          }
          await world.workLinks()(...messages);
          expect(await judge(barcodes)).toEqual(toNewest(barcodes));
        },
      ),
      { numRuns: runs(4, 40) },
    );
  });

  it('that come while the next swaps are made', async () => {
    const barcodes = [next()];
    const handle = async (messages: readonly LinkMessage[]) => world.workLinks()(...messages);
    const working: Promise<number>[] = [];
    for (let time = 0; time < 4; time += 1) {
      const last = present(barcodes.at(-1), 'begun with one');
      const reply = await world.swap(seller, last, { email: `b${time}@swap.example` });
      barcodes.push(reply.body.barcode);
      working.push(handle(await world.takeMessages()));
    }
    await Promise.all(working);
    await world.settle();
    expect(await judge(barcodes)).toEqual(toNewest(barcodes));
  });
});

describe('a worker that dies', () => {
  it.each<DeathMode>(['notSent', 'answerLost'])(
    'at any call (%s) leaves one barcode that admits, and the message again ends it',
    async (mode) => {
      const counting = createFailingClient(Infinity, 'notSent', createLeanClient());
      const first = await resold(next(), 1);
      await world.workLinks(counting.client)(...(await world.takeMessages()));
      expect(await judge(first)).toEqual(toNewest(first));
      for (const death of toDeaths(counting.countCalls(), 4)) {
        const barcodes = await resold(next(), 1);
        const messages = await world.takeMessages();
        const dying = createFailingClient(death, mode, createLeanClient());
        await silently(async () => world.workLinks(dying.client)(...messages));
        const outcomes = await judge(barcodes);
        expect(outcomes.filter((outcome) => outcome === 'VALID')).toHaveLength(1);
        expect(await world.workLinks()(...messages)).toBe(0);
        expect(await judge(barcodes)).toEqual(toNewest(barcodes));
      }
    },
  );

  it('or meets conflicts, throttling and lost replies ends in the newest barcode', async () => {
    const faults = { conflict: 0.1, throttle: 0.1, lostReply: 0.1 };
    const { client } = createFaultyClient(faults, 7);
    for (let round = 0; round < runs(1, 20); round += 1) {
      const barcodes = await resold(next(), 2);
      const messages = await world.takeMessages();
      await silently(async () => {
        for (let tries = 0; tries < 20; tries += 1) {
          if ((await world.workLinks(client)(...messages)) === 0) return;
        }
      });
      expect(await judge(barcodes)).toEqual(toNewest(barcodes));
    }
  });
});

/** Deaths are meant: their errors need not be shown. */
async function silently(work: () => Promise<unknown>): Promise<void> {
  const { error } = console;
  console.error = () => {};
  try {
    await work().catch(() => undefined);
  } finally {
    console.error = error;
  }
}
