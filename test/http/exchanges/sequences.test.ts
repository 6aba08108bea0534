// Any sequence of exchanges, settlements and refunds over HTTP: each commit does what its quote said, and the places of
// all types are those of the tickets.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../support/campaign.ts';
import { eur, SUCCESS } from '../../support/exchange-setup.ts';
import { createExchangeWorld, GOLDEN_FEES } from '../../support/exchange-world.ts';
import { toLean } from '../../support/lean-client.ts';
import type { EventToSell } from '../../support/order-world.ts';
import { createTestTable } from '../../support/table.ts';

const world = await createExchangeWorld(toLean(await createTestTable()));
const { organizers, key } = world;
await world.fees(GOLDEN_FEES);

/** Prices and capacities. */
const TYPES = [
  [1000, undefined],
  [0, undefined],
  [500, 1],
  [2000, 2],
] as const;

const aStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      as: fc.constant('exchange' as const),
      ticket: fc.nat(2),
      to: fc.nat(TYPES.length - 1),
      /** Of what is due afterwards. */
      pays: fc.constantFrom(undefined, undefined, 'CASH', 'CARD'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      as: fc.constant('settle' as const),
      minor: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      as: fc.constant('refund' as const),
      minor: fc.integer({ min: 1, max: 500 }),
    }),
  },
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

interface Stage {
  readonly event: EventToSell;
  readonly types: readonly number[];
  readonly orderId: number;
  readonly tickets: readonly number[];
}

async function toStage(): Promise<Stage> {
  const event = await world.newEvent({}, { price: eur(1000) });
  const types = [event.typeId];
  for (const [amountMinor, capacity] of TYPES.slice(1)) {
    const limit = capacity === undefined ? {} : { capacity };
    types.push(await world.newType(event.eventId, { price: eur(amountMinor), ...limit }));
  }
  const { body } = await world.sell(event, {
    items: [{ ticketTypeId: event.typeId, quantity: 3 }],
  });
  const tickets = body.tickets.map((one: { eventTicketId: number }) => one.eventTicketId);
  return { event, types, orderId: body.orderId, tickets };
}

let exchanged = 0;
async function exchange(
  { event, types, orderId, tickets }: Stage,
  { ticket, to, pays }: Extract<Step, { as: 'exchange' }>,
): Promise<void> {
  const bare = { event, orderId, eventTicketId: tickets[ticket] ?? 0, to: types[to] ?? 0 };
  const due = (await world.quote(bare)).body[pays === 'CARD' ? 'dueByCard' : 'due'];
  const isPaid = pays !== undefined && due > 0;
  const wish = isPaid ? { ...bare, payment: { paymentType: pays, amount: due } } : bare;
  const before = await world.read(orderId);
  const quoted = await world.quote(wish);
  const done = await world.exchange({ ...wish, quoteId: quoted.body.quoteId });
  const after = await world.read(orderId);
  if (done.status !== 200) {
    // The quote knows all but whether there will be a place.
    expect(done.body.code).toBe(quoted.status === 200 ? 'sold_out' : quoted.body.code);
    expect(after).toEqual(before);
    return;
  }
  exchanged += 1;
  expect(done.body).toEqual(SUCCESS);
  expect(toSums(after)).toEqual(quoted.body.order.after);
  expect(toSums(before)).toEqual(quoted.body.order.before);
  expect(after.transactions.slice(before.transactions.length).map(toTransaction)).toEqual(
    quoted.body.transactions.map(({ kind, amount, cardFee }: Quoted) => ({
      kind,
      amount,
      cardFee,
    })),
  );
}

interface Money {
  readonly amountMinor: number;
}
interface Quoted {
  readonly kind: string;
  readonly amount: number;
  readonly cardFee: number;
}
const toDecimal = ({ amountMinor }: Money): number => amountMinor / 100;
const toTransaction = (one: { kind: string; amount: Money; cardFee: Money }): Quoted => ({
  kind: one.kind,
  amount: toDecimal(one.amount),
  cardFee: toDecimal(one.cardFee),
});
const toSums = (
  order: Record<'total' | 'paid' | 'balance' | 'cardFees', Money> & { status: string },
) => ({
  status: order.status,
  total: toDecimal(order.total),
  paid: toDecimal(order.paid),
  balance: toDecimal(order.balance),
  cardFees: toDecimal(order.cardFees),
});

async function take(stage: Stage, step: Step): Promise<void> {
  const { event, orderId } = stage;
  if (step.as === 'exchange') return exchange(stage, step);
  if (step.as === 'refund') {
    await world.post(`/v1/orders/${orderId}/refund`, { amount: eur(step.minor) });
    return undefined;
  }
  const { balance } = await world.read(orderId);
  const amount = (Math.min(step.minor, balance.amountMinor) / 100).toFixed(2);
  await world.settle(event, orderId, { action: 'MARK_AS_PAID', amount });
  return undefined;
}

/** As many places of each type are taken as there are tickets of it, and never more than there are. */
async function expectPlaces({ event, types, orderId }: Stage): Promise<void> {
  const { tickets } = await world.read(orderId);
  const list = await organizers(`GET /v1/events/${event.eventId}/ticket-types`, { key });
  for (const [at, ticketTypeId] of types.entries()) {
    const own = tickets.filter(
      (one: { ticketTypeId: number }) => one.ticketTypeId === ticketTypeId,
    );
    const type = list.body.items.find(
      (one: { ticketTypeId: number }) => one.ticketTypeId === ticketTypeId,
    );
    expect(type.sold).toBe(own.length);
    expect(own.length).toBeLessThanOrEqual(TYPES[at]?.[1] ?? 3);
  }
  expect((await organizers(`GET /v1/events/${event.eventId}`, { key })).body.sold).toBe(3);
}

it('a commit does what its quote said, and places are conserved', async () => {
  const steps = fc.array(aStep, { minLength: 3, maxLength: 8 });
  const property = fc.asyncProperty(steps, async (taken) => {
    const stage = await toStage();
    for (const step of taken) {
      await take(stage, step);
      await expectPlaces(stage);
    }
  });
  await fc.assert(property, { numRuns: runs(4, 300), endOnFailure: true });
  expect(exchanged).toBeGreaterThan(runs(4, 300));
});
