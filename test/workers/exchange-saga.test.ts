// An exchange that refunds two payments on its whole way, each of its processes killed or told nothing at a call to what
// is outside it: the table, a queue, the provider, the mail service. After what AWS repeats there is one exchange, each
// payment gave its money back once, and a mail came twice only where its sender died.
import type { DynamoDBRecord } from 'aws-lambda';
import { expect, inject, it } from 'vitest';
import { runs } from '../support/campaign.ts';
import { eur, SUCCESS } from '../support/exchange-setup.ts';
import { createRandom } from '../support/faulty-client.ts';
import { type Death, DEATH_MODES, live } from '../support/lives.ts';
import type { OrderToCopy } from '../support/order-copies.ts';
import { createSagaWorld } from '../support/saga-world.ts';

const saga = await createSagaWorld(inject('isCampaign'));
const { world, outside } = saga;
const nowMs = world.clock.nowMs;
/** Later than any lease: of a request's Idempotency-Key, and of a mail's claim. */
const laterMs = nowMs + 10 * 60_000;
/** Side by side; more only wait for the table. */
const AT_ONCE = 20;

const PROCESSES = ['exchange', 'dispatch', 'refund', 'mail'] as const;
type Each<T> = Readonly<Record<(typeof PROCESSES)[number], T>>;

interface Seed {
  readonly seed: number;
  readonly order: OrderToCopy;
  readonly key?: string;
  readonly deaths: Partial<Each<Death>>;
}

/** A host's request, and the same again when its answer didn't come. */
async function exchange({ order, key, deaths: { exchange: death } }: Seed): Promise<number> {
  const { calls } = await live({ nowMs, ...(death && { death }) }, () => saga.exchange(order, key));
  const again = await live({ nowMs: laterMs }, () => saga.exchange(order, key));
  expect(again.value?.body).toEqual(SUCCESS);
  return calls;
}

/** A stream or a queue brings again what wasn't done. */
async function deliver(death: Death | undefined, work: () => Promise<boolean>): Promise<number> {
  const { calls, value } = await live({ nowMs, ...(death && { death }) }, work);
  if (value !== true) expect((await live({ nowMs: laterMs }, work)).value).toBe(true);
  return calls;
}

/** What follows from the exchange; answers the calls of each process. */
async function follow({ order, deaths }: Seed, records: DynamoDBRecord[]) {
  const { orderId } = order;
  const dispatch = await deliver(deaths.dispatch, async () => saga.dispatch(records));
  const legs = outside.taken('refunds', orderId);
  const refund = await deliver(deaths.refund, async () => saga.refund(legs));
  // Also what was done comes again, and in another order.
  await deliver(undefined, async () => saga.refund(legs.toReversed()));
  const mails = outside.taken('email', orderId);
  return { dispatch, refund, mail: await deliver(deaths.mail, async () => saga.mail(mails)) };
}

interface Transaction {
  readonly kind: string;
  readonly amount: { readonly amountMinor: number };
  readonly cardFee: { readonly amountMinor: number };
  readonly status: string;
}

/** 23.48 came in, 10.97 and 5.46 went back: 6.68 for the ticket and 0.37 for the card stay. */
async function expectOnce({ order, deaths }: Seed): Promise<void> {
  const { orderId, payments } = order;
  expect(payments.map(outside.givenBack)).toEqual([546, 1097]);
  const now = await world.read(orderId);
  const entries = now.transactions.map(({ kind, amount, cardFee, status }: Transaction) => [
    kind,
    amount.amountMinor,
    cardFee.amountMinor,
    status,
  ]);
  expect(entries).toEqual([
    ['PAYMENT', 1251, 66, 'DONE'],
    ['PAYMENT', 1097, 62, 'DONE'],
    ['REFUND', 1097, 62, 'DONE'],
    ['REFUND', 546, 29, 'DONE'],
  ]);
  const sums = { total: eur(668), paid: eur(668), balance: eur(0), cardFees: eur(37) };
  expect(now).toMatchObject({ status: 'PAID', ...sums });
  const mails = new Map(
    outside.taken('email', orderId).map(({ outboxId, message: { type } }) => [outboxId, type]),
  );
  expect([...mails.values()].toSorted()).toEqual(['mail.order', 'mail.refund']);
  const sent = [...mails.keys()].map(outside.sent);
  expect(Math.min(...sent)).toBe(1);
  expect(sent.reduce((a, b) => a + b)).toBeLessThanOrEqual(deaths.mail === undefined ? 2 : 3);
}

async function run(seeds: readonly Omit<Seed, 'order'>[]): Promise<readonly Each<number>[]> {
  const copies = await saga.copy(seeds.length);
  const all = copies.map((order, at): Seed => ({ deaths: {}, seed: 0, ...seeds[at], order }));
  const exchanges = await Promise.all(all.map(exchange));
  const records = Map.groupBy(await saga.streamed(), ({ dynamodb }) =>
    Number(dynamodb?.NewImage?.['message']?.M?.['orderId']?.N),
  );
  return Promise.all(
    all.map(async (seed, at) => {
      const followed = await follow(seed, records.get(seed.order.orderId) ?? []);
      await expectOnce(seed).catch((cause: unknown) => {
        throw new Error(`seed ${seed.seed} ${JSON.stringify(seed.deaths)}`, { cause });
      });
      outside.forget(seed.order.orderId);
      return { exchange: exchanges[at] ?? 0, ...followed };
    }),
  );
}

const [alive] = await run([{ seed: 0, key: 'seed 0', deaths: {} }]);

function toSeed(seed: number): Omit<Seed, 'order'> {
  const random = createRandom(seed);
  // The first numbers of seeds that lie close together do, too.
  for (let skipped = 0; skipped < 5; skipped += 1) random();
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const deaths = PROCESSES.map((name): [string, Death] => [
    name,
    {
      at: upTo(2 * (alive?.[name] ?? 0) + 1) - (alive?.[name] ?? 0),
      mode: DEATH_MODES[upTo(DEATH_MODES.length)] ?? 'lostReply',
    },
  ]);
  const key = upTo(2) === 0 ? {} : { key: `seed ${seed}` };
  return { seed, ...key, deaths: Object.fromEntries(deaths.filter(([, { at }]) => at > 0)) };
}

/** Ten thousand take 18 minutes of processor time, engine included (measured on two cores). */
const SEEDS = runs(20, 10_000);
const PART = Math.min(SEEDS, 1_000);
const PARTS = Array.from({ length: SEEDS / PART }, (_, part) => [
  part * PART + 1,
  (part + 1) * PART,
]);

it.each(PARTS)(
  'killed anywhere on its way, an exchange happens and gives money back once: seeds %i to %i',
  async (first = 0, last = 0) => {
    for (let seed = first; seed <= last; seed += AT_ONCE) {
      await run(Array.from({ length: AT_ONCE }, (_, at) => toSeed(seed + at)));
    }
    // One place for each, and one for the ticket of which they are copies, which still has its own.
    expect(await saga.soldOf()).toEqual([last + 2, 0, 1, last + 1]);
  },
);
