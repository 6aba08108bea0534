// What has to be true after buyers have fought.
import { expect } from 'vitest';
import type { Hold } from '../../lib/domain/marketplaces/hold.ts';
import type { createRace, scanRace, Told } from './hold-race.ts';

type Scan = Awaited<ReturnType<typeof scanRace>>;
type Race = Awaited<ReturnType<typeof createRace>>;

export function expectSoldOnce({ holds, tickets, sales }: Scan): void {
  const owners = holds.filter(({ status }) => status === 'INVOICED');
  const sold = owners.flatMap((hold) =>
    hold.tickets.map(({ eventTicketId }) => [eventTicketId, hold.sale?.orderId] as const),
  );
  expect(new Map(sold).size).toBe(sold.length);
  expect(sales).toHaveLength(owners.length);
  const orders = new Map(tickets.map(({ tid, oid }) => [tid, oid]));
  for (const [ticketId, orderId] of sold) expect(orders.get(ticketId)).toBe(orderId);
  // Nobody else's ticket left its order.
  const moved = tickets.filter(({ tid, oid }) => tid !== oid);
  expect(moved).toHaveLength(sold.length);
}

/**
 * Of two holds of a ticket one began when the other's time was over, by its own clock. Of a released one nobody knows
 * any more when it ended.
 */
export function expectHeldOnce({ holds }: Scan): void {
  const ofTicket = Map.groupBy(
    holds
      .filter(({ status }) => status !== 'RELEASED')
      .flatMap((hold) => hold.tickets.map(({ eventTicketId }) => ({ hold, eventTicketId }))),
    ({ eventTicketId }) => eventTicketId,
  );
  for (const held of ofTicket.values()) {
    const inTurn = held.map(({ hold }) => hold).toSorted((a, b) => a.expiresAtMs - b.expiresAtMs);
    for (const [at, { holdRequestId, createdAtMs }] of inTurn.entries()) {
      const before = inTurn[at - 1];
      const isAfter = before === undefined || before.expiresAtMs <= createdAtMs;
      expect([before?.holdRequestId, holdRequestId, isAfter]).toEqual([
        before?.holdRequestId,
        holdRequestId,
        true,
      ]);
    }
  }
}

const FINAL = { invoice: 'INVOICED' } as const;

/** No answer was taken back by what came after it. */
export function expectTrueAnswers({ told }: Race, { holds }: Scan): void {
  const ends = new Map(holds.map((hold) => [`${hold.marketplace}/${hold.holdRequestId}`, hold]));
  const byHold = Map.groupBy(told, (each) => `${each.marketplace}/${each.requestId}`);
  for (const [id, answers] of byHold) {
    const end = ends.get(id);
    let resolved: string | undefined;
    for (const each of answers) {
      if (each.what === 'release' && each.answer.ok && end !== undefined) {
        expect(['RELEASED', 'EXPIRED']).toContain(end.status);
      }
      const status = toStatus(each);
      if (status === undefined) continue;
      if (end === undefined) expect([id, status]).toEqual([id, 'RELEASED']);
      else if (status !== 'HELD') {
        expect([id, end.status]).toEqual([id, status]);
        expect([id, resolved ?? status]).toEqual([id, status]);
        resolved = status;
      }
    }
    const orders = answers.flatMap(({ what, answer }) =>
      what === 'invoice' && answer.ok ? [JSON.stringify(answer.value)] : [],
    );
    expect(new Set(orders).size).toBeLessThan(2);
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  hold_expired: 'EXPIRED',
  hold_released: 'RELEASED',
  already_invoiced: 'INVOICED',
};

/** What the answer says that the hold is; undefined where it says nothing of it. */
function toStatus({ what, answer }: Told): string | undefined {
  if (!answer.ok) return REFUSED[answer.refusal.code];
  if (what === 'invoice') return FINAL.invoice;
  // The release of a hold that was over changes nothing.
  if (what === 'release') return undefined;
  return (answer.value as Hold).status;
}
