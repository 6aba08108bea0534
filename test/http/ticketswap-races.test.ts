// A swap against everything else that may happen to the same ticket in the same moment, and against death.
import { describe, expect, it } from 'vitest';
import type { Reply } from '../support/api.ts';
import { runs } from '../support/campaign.ts';
import { toExchangePath } from '../support/exchange-world.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { BUYER, createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const { organizers, key, swapKey } = world;
const event = await world.newEvent({ reentry: 'never' });

interface Sold {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}

/** Tickets of one order are raced one after another: selling takes longer than racing. */
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
const post = async (path: `/${string}`, body: unknown = {}) =>
  organizers(`POST ${path}`, { key, body });

const otherTypeId = await world.newType(event.eventId, { name: 'Balcony' });

const OTHERS: Readonly<Record<string, (sold: Sold) => Promise<unknown>>> = {
  scan: async ({ barcode }) => world.scan(event, barcode),
  block: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/block`),
  reissue: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/reissue`),
  lock: async ({ eventTicketId }) => world.lock(eventTicketId),
  exchange: async ({ eventTicketId, orderId }) =>
    organizers(`PUT ${toExchangePath(event, orderId)}`, {
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

/** What of this ticket is in the table: found by its ids, not by what anybody answered. */
async function readChain({ eventTicketId, orderId }: Sold) {
  const old = await organizers(`GET /v1/tickets/${eventTicketId}`, { key });
  const order = await world.read(orderId);
  const { successorId } = old.body;
  const made =
    successorId === undefined
      ? undefined
      : (await organizers(`GET /v1/tickets/${successorId}`, { key })).body;
  return { old: old.body, order, made };
}

/** Old retired ⇔ new valid, with everything that belongs to it. */
async function expectWhole(sold: Sold, answers: readonly Reply[]): Promise<void> {
  const { old, order, made } = await readChain(sold);
  const shown = order.tickets.find(
    ({ eventTicketId }: Sold) => eventTicketId === sold.eventTicketId,
  );
  const won = answers.filter(({ status }) => status === 201);
  if (made === undefined) {
    expect(old.status).not.toBe('SWAPPED');
    expect(won).toEqual([]);
  } else {
    expect(old.status).toBe('SWAPPED');
    expect(shown?.status ?? 'SWAPPED').toBe('SWAPPED');
    expect(made).toMatchObject({
      origin: 'SWAP',
      predecessorId: sold.eventTicketId,
      // Whatever an exchange made of it a moment before.
      ticketTypeId: old.ticketTypeId,
    });
    expect(old.admissions).toBe(0);
    const newOrder = await world.read(made.orderId);
    expect(newOrder).toMatchObject({
      status: 'PAID',
      transactions: [{ paymentType: 'TicketSwap' }],
    });
    for (const { body } of won)
      expect(body).toMatchObject({ id: made.eventTicketId, barcode: made.barcode });
  }
}

/** However it went: over all barcodes that ever were, one person gets in at most. */
async function countAdmissions(sold: Sold, scanned: unknown): Promise<number> {
  const { old, made } = await readChain(sold);
  const barcodes = new Set([sold.barcode, old.barcode, ...(made ? [made.barcode] : [])]);
  const outcomes: unknown[] = [(scanned as { outcome?: string } | undefined)?.outcome];
  for (const barcode of barcodes) outcomes.push((await world.scan(event, barcode)).outcome);
  return outcomes.filter((outcome) => outcome === 'ADMITTED').length;
}

describe('a swap against others at the same moment', () => {
  it.each(Object.keys(OTHERS))('and a %s: one wins, nothing is half done', async (name) => {
    for await (const sold of sellMany(runs(3, 1_500))) {
      world.clock.nowMs += 1;
      const [ada, eve, other] = await Promise.all([
        swapAs('ada@example.com', sold),
        swapAs('eve@example.com', sold),
        OTHERS[name]?.(sold),
      ]);
      if (name !== 'scan') expect([200, 201, 409]).toContain((other as Reply).status);
      await expectWhole(sold, [ada, eve]);
      expect([ada, eve].filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
      const winner = [ada, eve].find(({ status }) => status === 201);
      if (winner !== undefined) {
        const emails = ['ada@example.com', 'eve@example.com'];
        const repeats = await Promise.all(emails.map(async (email) => swapAs(email, sold)));
        expect(repeats.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400]);
        expect(repeats.find(({ status }) => status === 201)?.body).toEqual(winner.body);
      }
      expect(await countAdmissions(sold, name === 'scan' ? other : undefined)).toBeLessThanOrEqual(
        1,
      );
    }
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
