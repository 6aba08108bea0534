// A swap against everything else that may happen to the same ticket in the same moment, and against death.
import { describe, expect, it } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { loadOrder } from '../../lib/table/order-reader.ts';
import { createSwapStore } from '../../lib/table/swap-store.ts';
import type { Reply } from '../support/api.ts';
import { runs } from '../support/campaign.ts';
import { toExchangePath } from '../support/exchange-world.ts';
import { createFaultyClient } from '../support/faulty-client.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { BUYER, createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizationId, key, swapKey } = world;
const event = await world.newEvent({ reentry: 'never' });

interface Sold {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}

/** Tickets of one order are raced one after another (selling takes longer than racing), those of several at once. */
const AT_ONCE = 8;
const ORDER_TICKETS = 20;

/** Groups of tickets of different orders. */
async function* sellGroups(count: number): AsyncGenerator<readonly Sold[]> {
  for (let left = count; left > 0; left -= AT_ONCE * ORDER_TICKETS) {
    const each = Math.min(ORDER_TICKETS, Math.ceil(left / AT_ONCE));
    const orders: (readonly Sold[])[] = [];
    while (orders.length < Math.min(AT_ONCE, left)) {
      const items = [{ ticketTypeId: event.typeId, quantity: each }];
      const { body } = await world.sell(event, { items, payment: { paymentType: 'CASH' } });
      const { orderId } = body;
      orders.push(body.tickets.map((ticket: Sold) => ({ ...ticket, orderId })));
    }
    for (let at = 0; at < each; at += 1) yield orders.flatMap((order) => order[at] ?? []);
  }
}

async function* sellMany(count: number): AsyncGenerator<Sold> {
  for (let left = count; left > 0; left -= 20) {
    const quantity = Math.min(left, 20);
    const items = [{ ticketTypeId: event.typeId, quantity }];
    const sold = await world.sell(event, { items, payment: { paymentType: 'CASH' } });
    for (const ticket of sold.body.tickets) yield { ...ticket, orderId: sold.body.orderId };
  }
}

const swapAs = async (email: string, { barcode }: Sold, api = world.ticketswap) =>
  api('POST /ticketswap/swap', {
    key: swapKey,
    body: { ticket: { barcode }, customer: { ...BUYER, email } },
  });
/** What races meets conflicts, throttling and lost replies; what looks at the outcome doesn't. */
const { client: faulty, counts: faults } = createFaultyClient(
  { conflict: 0.01, throttle: 0.01, lostReply: 0.01 },
  20_261_124,
);
const racing = world.over(faulty);
const post = async (path: `/${string}`, body: unknown = {}) =>
  racing.organizers(`POST ${path}`, { key, body });

const otherTypeId = await world.newType(event.eventId, { name: 'Balcony' });

const OTHERS: Readonly<Record<string, (sold: Sold) => Promise<unknown>>> = {
  scan: async ({ barcode, eventTicketId }) =>
    (
      await racing.scans('POST /v1/validate', {
        key: event.device,
        body: { scanId: `race-${eventTicketId}`, eventId: event.eventId, barcode },
      })
    ).body,
  block: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/block`),
  reissue: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/reissue`),
  lock: async ({ eventTicketId }) => world.lock(eventTicketId),
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
  const line = order?.lines.find((each) => each.eventTicketId === old.eventTicketId);
  return { old, made, line: present(line, 'the ticket was sold'), newOrder };
}

/** Old retired ⇔ new valid, with everything that belongs to it. */
async function expectWhole(sold: Sold, answers: readonly Reply[]): Promise<void> {
  const { old, made, line, newOrder } = await readChain(sold);
  const won = answers.filter(({ status }) => status === 201);
  expect(line.end === 'SWAPPED').toBe(made !== undefined);
  expect(old.standing === 'SWAPPED').toBe(made !== undefined);
  if (made === undefined) {
    expect(won).toEqual([]);
    return;
  }
  expect(made).toMatchObject({
    origin: 'SWAP',
    predecessorId: sold.eventTicketId,
    // Whatever an exchange made of it a moment before.
    ticketTypeId: old.ticketTypeId,
  });
  expect(old.admissions).toBe(0);
  expect(newOrder).toMatchObject({
    lines: [{ eventTicketId: made.eventTicketId, barcode: made.barcode }],
    ledger: [{ kind: 'PAYMENT', paymentType: 'TicketSwap', external: true }],
  });
  for (const { body } of won) {
    expect(body).toMatchObject({ id: made.eventTicketId, barcode: made.barcode });
  }
}

/** However it went: over all barcodes that ever were, one person gets in at most. */
async function countAdmissions(sold: Sold, scanned: unknown): Promise<number> {
  const { old, made } = await readChain(sold);
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

async function race(sold: Sold, name: string): Promise<void> {
  const [ada, eve, other] = await Promise.all([
    swapAs('ada@example.com', sold, racing.ticketswap),
    swapAs('eve@example.com', sold, racing.ticketswap),
    OTHERS[name]?.(sold),
  ]);
  if (name !== 'scan') {
    expect([...DECIDED, ...UNDECIDED]).toContain((other as Reply).status);
  }
  await expectWhole(sold, [ada, eve]);
  const won = [ada, eve].filter(({ status }) => status === 201);
  expect(won.length).toBeLessThanOrEqual(1);
  // Every tenth time, because it costs as much as the race.
  if (won[0] !== undefined && (runs(0, 1) === 0 || sold.eventTicketId % 10 === 0)) {
    const emails = ['ada@example.com', 'eve@example.com'];
    const repeats = await Promise.all(emails.map(async (email) => swapAs(email, sold)));
    expect(repeats.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400]);
    expect(repeats.find(({ status }) => status === 201)?.body).toEqual(won[0].body);
  }
  expect(await countAdmissions(sold, name === 'scan' ? other : undefined)).toBeLessThanOrEqual(1);
}

describe('a swap against others at the same moment, with faults', () => {
  it.each(Object.keys(OTHERS))('and a %s: one wins, nothing is half done', async (name) => {
    const startedAt = performance.now();
    let rounds = 0;
    for await (const group of sellGroups(runs(4, 1_440))) {
      world.clock.nowMs += 1;
      await Promise.all(group.map(async (sold) => race(sold, name)));
      rounds += group.length;
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    if (rounds > 100) console.log(`${name}: ${rounds} rounds in ${seconds} s`, faults);
    expect(faults.conflicts + faults.throttles + faults.lostReplies).toBeGreaterThan(0);
  });
});

describe('a swap that dies', () => {
  it.each<DeathMode>(['notSent', 'answerLost'])(
    'at any call (%s) is done whole or not at all, and the repeat ends it',
    async (mode) => {
      const calls = await countCalls();
      expect(calls).toBeGreaterThan(3);
      let at = 0;
      for await (const sold of sellMany(runs(calls, 500))) {
        at = (at % calls) + 1;
        world.clock.nowMs += 1;
        const died = createFailingClient(at, mode);
        const api = world.ticketswapOver(died.client);
        const [first, scanned] = await Promise.all([
          swapAs('ada@example.com', sold, api).catch((error: unknown) => error as Reply),
          at % 3 === 0 ? world.scan(event, sold.barcode) : undefined,
        ]);
        await expectWhole(sold, [first]);
        const again = await swapAs('ada@example.com', sold);
        await expectWhole(sold, [again]);
        expect(again.status).toBe(scanned?.outcome === 'ADMITTED' ? 400 : 201);
        expect(await countAdmissions(sold, scanned)).toBe(1);
      }
    },
  );

  async function countCalls(): Promise<number> {
    const counting = createFailingClient(Infinity, 'notSent');
    for await (const sold of sellMany(1)) {
      await swapAs('ada@example.com', sold, world.ticketswapOver(counting.client));
    }
    return counting.countCalls();
  }
});
