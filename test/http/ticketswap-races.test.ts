// A swap against everything else that may happen to the same ticket in the same moment, and against death.
import { describe, expect, it } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { loadOrder } from '../../lib/table/order-reader.ts';
import { createSwapStore } from '../../lib/table/swap-store.ts';
import type { Reply } from '../support/api.ts';
import { runs, toDeaths } from '../support/campaign.ts';
import { toExchangePath } from '../support/exchange-world.ts';
import { createLeanFaultyClient } from '../support/faulty-client.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { createLeanClient } from '../support/lean-client.ts';
import { readOnce } from '../support/read-once.ts';
import { BUYER, createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizationId, key, swapKey } = world;
const event = await world.newEvent({ reentry: 'never' });

interface Sold {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}

/** Rounds at once: of tickets of different orders, so that one round doesn't meet another one's change of its order. */
const AT_ONCE = 16;
const ORDER_TICKETS = 20;

/** Groups of tickets of different orders; all of one sale are prepared at once. */
async function* sellGroups(count: number): AsyncGenerator<readonly Sold[]> {
  for (let left = count; left > 0; left -= AT_ONCE * ORDER_TICKETS) {
    const each = Math.min(ORDER_TICKETS, Math.ceil(left / AT_ONCE));
    const orders = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, left) }, async () => sell(each)),
    );
    for (let at = 0; at < each; at += 1) yield orders.flatMap((order) => order[at] ?? []);
  }
}

async function sell(quantity: number): Promise<readonly Sold[]> {
  const items = [{ ticketTypeId: event.typeId, quantity }];
  const { body } = await world.sell(event, { items, payment: { paymentType: 'CASH' } });
  const { orderId } = body;
  return body.tickets.map((ticket: Sold) => ({ ...ticket, orderId }));
}

async function* sellMany(count: number): AsyncGenerator<Sold> {
  for (let left = count; left > 0; left -= ORDER_TICKETS) {
    yield* await sell(Math.min(left, ORDER_TICKETS));
  }
}

const swapAs = async (email: string, { barcode }: Sold, api = world.ticketswap) =>
  api('POST /ticketswap/swap', {
    key: swapKey,
    body: { ticket: { barcode }, customer: { ...BUYER, email } },
  });
/** What races meets conflicts, throttling and lost replies; what looks at the outcome doesn't. */
const { client: faulty, counts: faults } = createLeanFaultyClient(
  { conflict: 0.01, throttle: 0.01, lostReply: 0.01 },
  20_261_124,
);
const racing = world.over(faulty);
const post = async (path: `/${string}`, body: unknown = {}) =>
  racing.organizers(`POST ${path}`, { key, body });

const otherTypeId = await world.newType(event.eventId, { name: 'Balcony' });

// Keys, organization, event and types stay what they are from here on.
for (const client of [world.bare, faulty]) readOnce(client, /^(KEY|ORG|URL|EVT|TYP)#/);

const OTHERS: Readonly<Record<string, (sold: Sold) => Promise<Reply>>> = {
  scan: async ({ barcode, eventTicketId }) =>
    racing.scans('POST /v1/validate', {
      key: event.device,
      body: { scanId: `race-${eventTicketId}`, eventId: event.eventId, barcode },
    }),
  block: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/block`),
  reissue: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/reissue`),
  lock: async ({ eventTicketId }) =>
    racing.ticketswap(`POST /ticketswap/lock/${eventTicketId}`, { key: swapKey }),
  exchange: async ({ eventTicketId, orderId }) =>
    racing.organizers(`PUT ${toExchangePath(event, orderId)}`, {
      key,
      body: { eventTicketId, newTicketTypeId: otherTypeId },
    }),
  refund: async ({ eventTicketId, orderId }) =>
    post(`/v1/orders/${orderId}/refund`, { eventTicketIds: [eventTicketId] }),
  cancel: async ({ eventTicketId, orderId }) =>
    post(`/v1/orders/${orderId}/refund`, {
      eventTicketIds: [eventTicketId],
      cancelTickets: true,
    }),
};

const swaps = createSwapStore(world, () => 'unused');

/** What of this ticket is in the table: found by its barcodes, not by what anybody answered. */
async function readChain({ barcode, orderId }: Sold) {
  const find = async (known: string) => present(await swaps.find(organizationId, known), known);
  let old = await find(barcode);
  while (old.replacedBy !== undefined) old = await find(old.replacedBy);
  const { successor } = old;
  const made = successor === undefined ? undefined : await find(successor.barcode);
  const [order, newOrder] = await Promise.all([
    loadOrder(world, organizationId, orderId),
    made?.orderId === undefined ? undefined : loadOrder(world, organizationId, made.orderId),
  ]);
  const { lines, ledger } = present(order, 'the ticket was sold');
  const line = lines.find((each) => each.eventTicketId === old.eventTicketId);
  const isRefunded = ledger.some(
    ({ kind, allocations }) =>
      kind === 'REFUND' &&
      allocations.some(({ eventTicketId }) => eventTicketId === old.eventTicketId),
  );
  return { old, made, line: present(line, 'the ticket was sold'), newOrder, isRefunded };
}
type Chain = Awaited<ReturnType<typeof readChain>>;

/** Old retired ⇔ new valid, with everything that belongs to it. */
async function expectWhole(sold: Sold, answers: readonly Reply[]): Promise<Chain> {
  const chain = await readChain(sold);
  const { old, made, line, newOrder, isRefunded } = chain;
  const won = answers.filter(({ status }) => status === 201);
  expect(line.end === 'SWAPPED').toBe(made !== undefined);
  expect(old.standing === 'SWAPPED').toBe(made !== undefined);
  if (made === undefined) {
    expect(won).toEqual([]);
    return chain;
  }
  expect(made).toMatchObject({
    origin: 'SWAP',
    standing: 'ACTIVE',
    predecessorId: sold.eventTicketId,
    // Whatever an exchange made of it a moment before.
    ticketTypeId: old.ticketTypeId,
  });
  expect(old.admissions).toBe(0);
  expect(isRefunded).toBe(false);
  expect(newOrder).toMatchObject({
    lines: [{ eventTicketId: made.eventTicketId, barcode: made.barcode }],
    ledger: [{ kind: 'PAYMENT', paymentType: 'TicketSwap', external: true }],
  });
  for (const { body } of won) {
    expect(body).toMatchObject({ id: made.eventTicketId, barcode: made.barcode });
  }
  return chain;
}

/** Whether the other one had its way, by what is in the table. A lock goes with the ticket that it is on. */
const HAS_WON: Readonly<Record<string, (chain: Chain, sold: Sold, other: unknown) => boolean>> = {
  scan: ({ old }) => old.admissions > 0,
  block: ({ old }) => old.standing === 'BLOCKED',
  reissue: ({ old }, sold) => old.barcode !== sold.barcode,
  lock: (_chain, _sold, other) => (other as Reply).status === 201,
  exchange: ({ old }) => old.ticketTypeId === otherTypeId,
  refund: ({ isRefunded }) => isRefunded,
  cancel: ({ line }) => line.end === 'CANCELED',
};
/** A lock and an exchange leave the ticket one that can be resold. */
const GO_TOGETHER = ['lock', 'exchange'];

/** However it went: over all barcodes that ever were, one person gets in at most. */
async function countAdmissions(
  sold: Sold,
  { old, made }: Chain,
  scanned: unknown,
): Promise<number> {
  const barcodes = new Set([sold.barcode, old.barcode, ...(made ? [made.barcode] : [])]);
  const isIn = (scanned as { outcome?: string } | undefined)?.outcome === 'ADMITTED';
  let count = Number(isIn);
  for (const barcode of barcodes) {
    count += Number((await world.scan(event, barcode)).outcome === 'ADMITTED');
  }
  // An entry whose answer was lost stands on the ticket.
  return isIn ? count : count + old.admissions;
}

/** A request whose reply was lost too often is answered 500 or 503: what it did is in the table or isn't. */
const DECIDED = [200, 201, 400, 409];
const UNDECIDED = [500, 503];

type Tally = Record<'swap' | 'other' | 'both' | 'none' | 'undecided', number>;

async function race(sold: Sold, name: string, tally: Tally): Promise<void> {
  const [ada, eve, other] = await Promise.all([
    swapAs('ada@example.com', sold, racing.ticketswap),
    swapAs('eve@example.com', sold, racing.ticketswap),
    OTHERS[name]?.(sold) as Promise<Reply>,
  ]);
  const statuses = [ada, eve, other].map(({ status }) => status);
  for (const status of statuses) expect([...DECIDED, ...UNDECIDED]).toContain(status);
  const isDecided = statuses.every((status) => DECIDED.includes(status));
  const chain = await expectWhole(sold, [ada, eve]);
  const isSwapped = chain.made !== undefined;
  const isOthers = HAS_WON[name]?.(chain, sold, other) === true;
  tally[toWinner(isSwapped, isOthers)] += 1;
  if (!isDecided) tally.undecided += 1;
  if (isDecided) expect(isSwapped || isOthers).toBe(true);
  if (!GO_TOGETHER.includes(name)) expect(isSwapped && isOthers).toBe(false);
  else if (isDecided) expect(isSwapped).toBe(true);

  const won = [ada, eve].filter(({ status }) => status === 201);
  expect(won.length).toBeLessThanOrEqual(1);
  // Every tenth time, because it costs as much as the race.
  if (won[0] !== undefined && (runs(0, 1) === 0 || sold.eventTicketId % 10 === 0)) {
    const emails = ['ada@example.com', 'eve@example.com'];
    const repeats = await Promise.all(emails.map(async (email) => swapAs(email, sold)));
    expect(repeats.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400]);
    expect(repeats.find(({ status }) => status === 201)?.body).toEqual(won[0].body);
  }
  const scanned = name === 'scan' ? other.body : undefined;
  expect(await countAdmissions(sold, chain, scanned)).toBeLessThanOrEqual(1);
}

function toWinner(isSwapped: boolean, isOthers: boolean): keyof Tally {
  if (isSwapped) return isOthers ? 'both' : 'swap';
  return isOthers ? 'other' : 'none';
}

describe('a swap against others at the same moment, with faults', () => {
  it.each(Object.keys(OTHERS))('and a %s: one wins, nothing is half done', async (name) => {
    const startedAt = performance.now();
    const tally: Tally = { swap: 0, other: 0, both: 0, none: 0, undecided: 0 };
    const before = { ...faults };
    let rounds = 0;
    for await (const group of sellGroups(runs(4, 1_440))) {
      world.clock.nowMs += 1;
      await Promise.all(group.map(async (sold) => race(sold, name, tally)));
      rounds += group.length;
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const met = {
      conflicts: faults.conflicts - before.conflicts,
      throttles: faults.throttles - before.throttles,
      lostReplies: faults.lostReplies - before.lostReplies,
    };
    if (rounds > 100) {
      console.log(JSON.stringify({ rival: name, rounds, seconds, ...tally, ...met }));
    }
    expect(Object.values(faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });
});

describe('a swap that dies', () => {
  it.each<DeathMode>(['notSent', 'answerLost'])(
    'at any call (%s) is done whole or not at all, and the repeat ends it',
    async (mode) => {
      const calls = await countCalls();
      expect(calls).toBeGreaterThan(3);
      const deaths = toDeaths(calls, 7);
      let round = 0;
      for await (const sold of sellMany(runs(deaths.length, 500))) {
        const at = present(deaths[round % deaths.length], 'there is a call to die at');
        round += 1;
        world.clock.nowMs += 1;
        const died = createFailingClient(at, mode, createLeanClient());
        const api = world.ticketswapOver(died.client);
        const [first, scanned] = await Promise.all([
          swapAs('ada@example.com', sold, api).catch((error: unknown) => error as Reply),
          round % 3 === 0 ? world.scan(event, sold.barcode) : undefined,
        ]);
        await expectWhole(sold, [first]);
        const again = await swapAs('ada@example.com', sold);
        const chain = await expectWhole(sold, [again]);
        expect(again.status).toBe(scanned?.outcome === 'ADMITTED' ? 400 : 201);
        expect(await countAdmissions(sold, chain, scanned)).toBe(1);
      }
    },
  );

  async function countCalls(): Promise<number> {
    const counting = createFailingClient(Infinity, 'notSent', createLeanClient());
    for await (const sold of sellMany(1)) {
      await swapAs('ada@example.com', sold, world.ticketswapOver(counting.client));
    }
    return counting.countCalls();
  }
});
