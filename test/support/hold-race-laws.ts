// What has to be true after buyers have fought: in the table, and of all that they were told.
import { expect } from 'vitest';
import type { Hold } from '../../lib/domain/marketplaces/hold.ts';
import type { Race, scanRace, Told } from './hold-race.ts';

type Scan = Awaited<ReturnType<typeof scanRace>>;

export function expectSoldOnce({ holds, tickets, sales: told, orders }: Scan): void {
  // What a marketplace sold too late is kept, and has nothing.
  const sales = told.filter(({ status }) => status !== 'UNAVAILABLE');
  const owners = holds.filter(({ status }) => status === 'INVOICED');
  const sold = owners.flatMap((hold) =>
    hold.tickets.map(({ eventTicketId }) => [eventTicketId, hold.sale?.orderId] as const),
  );
  expect(new Map(sold).size).toBe(sold.length);
  // What came too late lies there, too, and has no tickets.
  const confirmed = sales.filter(({ status }) => status === 'CONFIRMED');
  expect(sales.filter(({ status }) => status === 'UNAVAILABLE')).toHaveLength(
    sales.length - confirmed.length,
  );
  expect(confirmed).toHaveLength(owners.length);
  expect(new Set(confirmed.map(({ saleId }) => saleId))).toEqual(
    new Set(owners.map(({ sale }) => sale?.saleId)),
  );
  // An order that a ticket left is written, too.
  const left = new Set(sold.map(([ticketId]) => ticketId));
  const made = orders.filter(({ orderId }) => !left.has(Number(orderId)));
  expect(made).toHaveLength(owners.length);
  expect(new Set(made.map(({ orderId }) => orderId))).toEqual(
    new Set(owners.map(({ sale }) => sale?.orderId)),
  );
  const orderOf = new Map(tickets.map(({ tid, oid }) => [tid, oid]));
  for (const [ticketId, orderId] of sold) expect(orderOf.get(ticketId)).toBe(orderId);
  // Nobody else's ticket left its order.
  const moved = tickets.filter(({ tid, oid }) => tid !== oid);
  expect(moved).toHaveLength(sold.length);
}

/** What a ticket says is what one hold says, and only holds that aren't resolved are counted. */
export function expectHeldOnce({ holds, tickets, counted }: Scan): void {
  const unresolved = holds.filter(({ status }) => status === 'HELD');
  expect(counted.toSorted()).toEqual(unresolved.map(({ holdId }) => holdId).toSorted());
  const ofTicket = Map.groupBy(
    holds.flatMap((hold) => hold.tickets.map(({ eventTicketId }) => ({ hold, eventTicketId }))),
    ({ eventTicketId }) => eventTicketId,
  );
  for (const { tid, hld } of tickets) {
    if (hld === undefined) continue;
    const owners = ofTicket.get(tid)?.filter(({ hold }) => hold.expiresAtMs === hld) ?? [];
    expect(owners.filter(({ hold }) => ['HELD', 'EXPIRED'].includes(hold.status))).toHaveLength(1);
  }
}

/** No answer was taken back by what came after it. */
export function expectTrueAnswers({ told }: Race, { holds }: Scan): void {
  const ends = new Map(holds.map((hold) => [`${hold.marketplace}/${hold.holdRequestId}`, hold]));
  const byHold = Map.groupBy(told, (each) => `${each.marketplace}/${each.requestId}`);
  for (const [id, calls] of byHold) {
    expectOneEnd(id, calls, ends.get(id));
    expectNothingTakenBack(id, calls);
    expectPromisesKept(id, calls);
  }
  expectNothingPromisedTwice([...byHold.values()]);
}

function expectOneEnd(id: string, calls: readonly Told[], end: Hold | undefined): void {
  for (const call of calls) {
    if (call.what === 'release' && call.answer?.ok === true && end !== undefined) {
      expect(['RELEASED', 'EXPIRED'], id).toContain(end.status);
    }
    const status = toStatus(call);
    if (status === undefined) continue;
    // Without a hold there was a release ahead of it.
    if (end === undefined) expect(status, id).toBe('RELEASED');
    else if (status !== 'HELD') expect(end.status, id).toBe(status);
  }
  const sold = calls.flatMap(({ what, answer }) =>
    what === 'invoice' && answer?.ok === true ? [JSON.stringify(answer.value)] : [],
  );
  expect(new Set(sold).size, id).toBeLessThan(2);
}

/** Once somebody heard that it is over, nobody who asks later hears that it is held. */
function expectNothingTakenBack(id: string, calls: readonly Told[]): void {
  const isOver = (call: Told): boolean => !['HELD', undefined].includes(toStatus(call));
  const overSince = Math.min(...calls.filter(isOver).map(({ ended }) => ended));
  const late = calls.filter((call) => call.began > overSince && toStatus(call) === 'HELD');
  expect(late, id).toEqual([]);
}

const CHANGES = ['extend', 'release', 'invoice'];
const isChange = ({ what }: Told): boolean => CHANGES.includes(what);

/** Who heard until when it is held, changed nothing since and buys it before that time for every clock, gets it. */
function expectPromisesKept(id: string, calls: readonly Told[]): void {
  for (const sale of calls.filter(
    ({ what, answer }) => what === 'invoice' && answer?.ok === false,
  )) {
    const promise = calls
      .filter((call) => call.ended < sale.began && toStatus(call) === 'HELD')
      .toSorted((a, b) => a.ended - b.ended)
      .at(-1);
    if (promise === undefined || toHold(promise).expiresAtMs <= sale.latestMs) continue;
    const others = calls.filter(
      (call) =>
        call !== promise &&
        call !== sale &&
        isChange(call) &&
        call.ended > promise.began &&
        call.began < sale.ended,
    );
    if (others.length === 0) expect(sale.answer, id).toMatchObject({ ok: true });
  }
}

/** Two who have heard of the same ticket that it is theirs, while neither was over nor had begun to let it go. */
function expectNothingPromisedTwice(holds: readonly (readonly Told[])[]): void {
  const promises = holds.flatMap((calls) => {
    const held = calls.filter((call) => toStatus(call) === 'HELD');
    const [first] = held.toSorted((a, b) => a.ended - b.ended);
    if (first === undefined) return [];
    const endings = calls.filter(({ what }) => what === 'release' || what === 'invoice');
    const { holdId, tickets } = toHold(first);
    return tickets.map(({ eventTicketId }) => ({
      eventTicketId,
      holdId,
      first,
      leftFrom: Math.min(Infinity, ...endings.map(({ began }) => began)),
      untilMs: Math.min(...held.map((call) => toHold(call).expiresAtMs), ...toShortened(calls)),
    }));
  });
  for (const all of Map.groupBy(promises, ({ eventTicketId }) => eventTicketId).values()) {
    for (const one of all) {
      const clash = all.find(
        (other) =>
          other.holdId !== one.holdId &&
          other.first.ended > one.first.ended &&
          other.first.ended < Math.min(one.leftFrom, other.leftFrom) &&
          other.first.latestMs < Math.min(one.untilMs, other.untilMs),
      );
      expect(clash, one.holdId).toBeUndefined();
    }
  }
}

/** An extension that nobody heard of may have ended it sooner. */
const toShortened = (calls: readonly Told[]): readonly number[] =>
  calls.some(({ what, answer }) => what === 'extend' && answer === undefined) ? [0] : [];

const toHold = ({ answer }: Told): Hold => {
  if (answer?.ok !== true) throw new Error('it was not answered with a hold');
  return answer.value as Hold;
};

const REFUSED: Readonly<Record<string, string>> = {
  hold_expired: 'EXPIRED',
  hold_released: 'RELEASED',
  already_invoiced: 'INVOICED',
};

/** What the answer says that the hold is; undefined where it says nothing of it. */
function toStatus({ what, answer }: Told): string | undefined {
  if (answer === undefined) return undefined;
  if (!answer.ok) return REFUSED[answer.refusal.code];
  if (what === 'invoice') return 'INVOICED';
  // The release of a hold that was over changes nothing.
  if (what === 'release') return undefined;
  return (answer.value as Hold).status;
}
