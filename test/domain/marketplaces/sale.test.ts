import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOverdue,
  type MarketplaceSale,
  SALE_STATUSES,
  toNoticed,
  toRejected,
  toSettled,
  toStatus,
  toToldAgain,
  toToldType,
} from '../../../lib/domain/marketplaces/sale.ts';

const aSale = (overrides: Partial<MarketplaceSale> = {}): MarketplaceSale => ({
  organizationId: 'org_1',
  marketplace: 'axs',
  marketplaceOrderId: 'order-1',
  saleId: 'sal_1',
  listingId: 'lst_1',
  quantity: 2,
  status: 'UNAVAILABLE',
  confirmByMs: 1_000,
  decision: 0,
  createdAtMs: 0,
  changedAtMs: 0,
  version: 1,
  ...overrides,
});

type Step = (sale: MarketplaceSale, nowMs: number) => MarketplaceSale | undefined;
const $step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...SALE_STATUSES).map(
    (status): Step =>
      (sale, nowMs) =>
        toStatus(sale, status, nowMs, status === 'INVOICED' ? { decision: sale.decision + 1 } : {}),
  ),
  fc.boolean().map(
    (isAuto): Step =>
      (sale, nowMs) =>
        toRejected(sale, { reason: 'not_available', isAuto, nowMs }),
  ),
  fc.record({ back: fc.nat({ max: 2 }), as: fc.constantFrom('taken', 'failed') }).map(
    ({ back, as }): Step =>
      (sale, nowMs) =>
        toSettled(sale, { decision: sale.decision - back, as, nowMs }),
  ),
  fc.constant<Step>((sale, nowMs) => toToldAgain(sale, nowMs)),
  fc.constant<Step>((sale, nowMs) => toNoticed(sale, 'CONFIRMED_THERE', nowMs)),
);

const HAS_TICKETS = new Set(['INVOICED', 'CONFIRMED', 'CONFIRM_FAILED']);
const IS_REJECTED = new Set(['REJECTED', 'AUTO_REJECTED', 'REJECT_FAILED']);

/** Every state of a life, the first one too. */
function live(steps: readonly Step[]): readonly MarketplaceSale[] {
  const states = [aSale()];
  for (const [at, step] of steps.entries()) {
    const now = states.at(-1) ?? aSale();
    const next = step(now, at + 1);
    if (next !== undefined) states.push(next);
  }
  return states;
}

describe('the life of a sale', () => {
  it('counts each change, and never takes a decision back', () => {
    fc.assert(
      fc.property(fc.array($step, { maxLength: 12 }), (steps) => {
        const states = live(steps);
        for (const [at, state] of states.entries()) {
          const before = states[at - 1];
          if (before === undefined) continue;
          expect(state.version).toBe(before.version + 1);
          expect(state.decision).toBeGreaterThanOrEqual(before.decision);
          const isNext = toStatus(before, state.status, 0) !== undefined;
          expect(state.status === before.status || isNext).toBe(true);
          expect(state.saleId).toBe(before.saleId);
        }
      }),
    );
  });

  it('is confirmed or rejected, not one after the other, and ends with its cancellation', () => {
    fc.assert(
      fc.property(fc.array($step, { maxLength: 12 }), (steps) => {
        const statuses = live(steps).map(({ status }) => status);
        const isSold = statuses.some((status) => HAS_TICKETS.has(status));
        const isRejected = statuses.some((status) => IS_REJECTED.has(status));
        expect(isSold && isRejected).toBe(false);
        const canceled = statuses.indexOf('CANCELED');
        if (canceled >= 0) expect(new Set(statuses.slice(canceled)).size).toBe(1);
      }),
    );
  });

  it('waits only while it is unavailable', () => {
    fc.assert(
      fc.property(fc.array($step, { maxLength: 12 }), (steps) => {
        for (const state of live(steps)) {
          expect(isOverdue(state, Number.MAX_SAFE_INTEGER)).toBe(state.status === 'UNAVAILABLE');
        }
      }),
    );
  });

  it('is told to nobody without a decision, nor once it is canceled', () => {
    fc.assert(
      fc.property(fc.array($step, { maxLength: 12 }), (steps) => {
        for (const state of live(steps)) {
          if (toToldType(state) === undefined) continue;
          expect(state.decision).toBeGreaterThan(0);
          expect(['UNAVAILABLE', 'CANCELED']).not.toContain(state.status);
        }
      }),
    );
  });

  it('hears of its newest decision alone, and what was taken stays taken', () => {
    const nowMs = 5;
    const invoiced = aSale({ status: 'INVOICED', decision: 2 });
    expect(toSettled(invoiced, { decision: 1, as: 'failed', nowMs })).toBeUndefined();
    const confirmed = toSettled(invoiced, { decision: 2, as: 'taken', nowMs });
    expect(confirmed?.status).toBe('CONFIRMED');
    const late = confirmed && toSettled(confirmed, { decision: 2, as: 'failed', nowMs });
    expect(late).toBeUndefined();
    const failed = toSettled(invoiced, { decision: 2, as: 'failed', nowMs });
    expect(failed?.status).toBe('CONFIRM_FAILED');
    expect(failed && toSettled(failed, { decision: 2, as: 'taken', nowMs })?.status).toBe(
      'CONFIRMED',
    );
  });

  it('is rejected again by whom it was rejected first', () => {
    const nowMs = 5;
    for (const isAuto of [true, false]) {
      const rejected = toRejected(aSale(), { reason: 'not_available', isAuto, nowMs });
      const failed = rejected && toSettled(rejected, { decision: 1, as: 'failed', nowMs });
      expect(failed?.status).toBe('REJECT_FAILED');
      const again = failed && toToldAgain(failed, nowMs);
      expect(again).toMatchObject({ status: rejected?.status, decision: 2 });
    }
  });
});
