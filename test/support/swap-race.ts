// A swap of a ticket and what may happen to the same ticket meanwhile: who can be in its way, and what has to be true
// afterwards, whoever was first.
import { expect } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { loadOrder } from '../../lib/table/order-reader.ts';
import { createSwapStore } from '../../lib/table/swap-store.ts';
import type { Api, Reply } from './api.ts';
import { toExchangePath } from './exchange-world.ts';
import { BUYER, createSwapWorld, type SwapWorld } from './swap-world.ts';

export interface Sold {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}
export type SwapRace = Awaited<ReturnType<typeof createSwapRace>>;

export async function createSwapRace() {
  const world = await createSwapWorld();
  const event = await world.newEvent({ reentry: 'never' });
  const otherTypeId = await world.newType(event.eventId, { name: 'Balcony' });
  return { world, event, otherTypeId, swaps: createSwapStore(world, () => 'unused') };
}

/** Tickets of one order. */
export async function sell({ world, event }: SwapRace, quantity: number): Promise<readonly Sold[]> {
  const items = [{ ticketTypeId: event.typeId, quantity }];
  const { body } = await world.sell(event, { items, payment: { paymentType: 'CASH' } });
  const { orderId } = body;
  return body.tickets.map((ticket: Sold) => ({ ...ticket, orderId }));
}

export const swapAs = async (
  { world }: SwapRace,
  { barcode }: Sold,
  { email = 'ada@example.com', api = world.ticketswap }: { email?: string; api?: Api } = {},
): Promise<Reply> =>
  api('POST /ticketswap/swap', {
    key: world.swapKey,
    body: { ticket: { barcode }, customer: { ...BUYER, email } },
  });

export type Rival = (sold: Sold) => Promise<Reply>;

/** All that may happen to a ticket, over these APIs. */
export function toRivals(
  { world: { key, swapKey }, event, otherTypeId }: SwapRace,
  { organizers, scans, ticketswap }: ReturnType<SwapWorld['over']>,
) {
  const post = async (path: `/${string}`, body: unknown = {}) =>
    organizers(`POST ${path}`, { key, body });
  return {
    scan: async ({ barcode, eventTicketId }) =>
      scans('POST /v1/validate', {
        key: event.device,
        body: { scanId: `race-${eventTicketId}`, eventId: event.eventId, barcode },
      }),
    block: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/block`),
    reissue: async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/reissue`),
    lock: async ({ eventTicketId }) =>
      ticketswap(`POST /ticketswap/lock/${eventTicketId}`, { key: swapKey }),
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
  } satisfies Record<RivalName, Rival>;
}
export const RIVALS = ['scan', 'block', 'reissue', 'lock', 'exchange', 'refund', 'cancel'] as const;
export type RivalName = (typeof RIVALS)[number];
/** A lock and an exchange leave the ticket one that can be resold. */
const GO_TOGETHER: readonly RivalName[] = ['lock', 'exchange'];

/** What of this ticket is in the table: found by its barcodes, not by what anybody answered. */
async function readChain({ world, swaps }: SwapRace, { barcode, orderId }: Sold) {
  const { organizationId } = world;
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
export async function expectWhole(
  race: SwapRace,
  sold: Sold,
  answers: readonly Reply[],
): Promise<Chain> {
  const chain = await readChain(race, sold);
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

/** Whether the table says that this was done to the ticket. */
function isDone(
  { otherTypeId }: SwapRace,
  name: RivalName,
  { sold, chain: { old, line, isRefunded } }: { readonly sold: Sold; readonly chain: Chain },
): boolean {
  return {
    scan: old.admissions > 0,
    block: old.standing === 'BLOCKED',
    reissue: old.barcode !== sold.barcode,
    lock: old.lockedBy !== undefined,
    exchange: old.ticketTypeId === otherTypeId,
    refund: isRefunded,
    cancel: line.end === 'CANCELED',
  }[name];
}

/** The same, by what is in the table now. */
export const hasHappened = async (race: SwapRace, name: RivalName, sold: Sold): Promise<boolean> =>
  isDone(race, name, { sold, chain: await readChain(race, sold) });

/** Of the swap and its rival: who had its way, by what is in the table. A lock goes with the ticket that it is on. */
export function expectOneWinner(
  race: SwapRace,
  name: RivalName,
  {
    sold,
    chain,
    other,
    isDecided,
  }: {
    readonly sold: Sold;
    readonly chain: Chain;
    readonly other: Reply;
    /** Everybody was told what became of the request. */
    readonly isDecided: boolean;
  },
): 'swap' | 'other' | 'both' | 'none' {
  const isOthers = name === 'lock' ? other.status === 201 : isDone(race, name, { sold, chain });
  const isSwapped = chain.made !== undefined;
  if (isDecided) expect(isSwapped || isOthers).toBe(true);
  if (!GO_TOGETHER.includes(name)) expect(isSwapped && isOthers).toBe(false);
  else if (isDecided) expect(isSwapped).toBe(true);
  if (isSwapped) return isOthers ? 'both' : 'swap';
  return isOthers ? 'other' : 'none';
}

/** However it went: over all barcodes that ever were, so many people get in. */
export async function countAdmissions(
  { world, event }: SwapRace,
  {
    sold,
    chain,
    scanned,
  }: { readonly sold: Sold; readonly chain: Chain; readonly scanned: unknown },
): Promise<number> {
  const { old, made } = chain;
  const barcodes = new Set([sold.barcode, old.barcode, ...(made ? [made.barcode] : [])]);
  const isIn = (scanned as { outcome?: string } | undefined)?.outcome === 'ADMITTED';
  let count = Number(isIn);
  for (const barcode of barcodes) {
    count += Number((await world.scan(event, barcode)).outcome === 'ADMITTED');
  }
  // An entry whose answer was lost stands on the ticket.
  return isIn ? count : count + old.admissions;
}
