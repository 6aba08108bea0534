// Giving money back: newest payment first, split over several as needed, never more than each still holds, with the
// card's fee in proportion. External money is the host's to settle; waivers were never money.
import { multiplyDivide, splitByWeight, sum } from '../money.ts';
import { type Holding, toHoldings, toTransactions } from './ledger.ts';
import type { Allocation, LedgerEntry, Order, RefundCause } from './order.ts';

export interface RefundPlan {
  readonly order: Order;
  /** At most so much of each ticket's own subtotals; a ticket that isn't named gives nothing. */
  readonly wanted: ReadonlyMap<number, number>;
  /** At most so much of all of them together. */
  readonly limitMinor?: number;
  readonly cause: Exclude<RefundCause, 'excess'>;
  readonly withCancel?: boolean;
  readonly cardFeeRefundable: boolean;
  readonly atMs: number;
  readonly toTransactionId: () => string;
  readonly requestKey?: string | undefined;
  readonly note?: string | undefined;
}

/** One entry for each payment from which something goes back; together less than wanted where less is held. */
export function planRefund(plan: RefundPlan): readonly LedgerEntry[] {
  const wanted = new Map(plan.wanted);
  let leftMinor = plan.limitMinor ?? Infinity;
  const entries: LedgerEntry[] = [];
  for (const holding of toHoldings(toTransactions(plan.order)).toReversed()) {
    const taken: (readonly [number, number])[] = [];
    for (const [eventTicketId, heldMinor] of byTicketId(holding)) {
      const minor = Math.min(heldMinor, wanted.get(eventTicketId) ?? 0, leftMinor);
      if (minor === 0) continue;
      taken.push([eventTicketId, minor]);
      wanted.set(eventTicketId, (wanted.get(eventTicketId) ?? 0) - minor);
      leftMinor -= minor;
    }
    if (taken.length > 0) entries.push(toEntry(plan, holding, taken));
  }
  return entries;
}

/** What planRefund could give back of these tickets at most. */
export function toRefundable(order: Order, eventTicketIds: ReadonlySet<number>): number {
  const parts = toHoldings(toTransactions(order)).flatMap(({ byTicket }) => [...byTicket]);
  return sum(parts.filter(([id]) => eventTicketIds.has(id)).map(([, heldMinor]) => heldMinor));
}

const byTicketId = ({ byTicket }: Holding) => [...byTicket].toSorted(([a], [b]) => a - b);

function toEntry(
  plan: RefundPlan,
  holding: Holding,
  taken: readonly (readonly [number, number])[],
): LedgerEntry {
  const { payment } = holding;
  const subtotals = taken.map(([, minor]) => minor);
  const subtotalMinor = sum(subtotals);
  const cardFeeMinor = plan.cardFeeRefundable ? toCardFeeBack(holding, subtotalMinor) : 0;
  const cardFees = splitByWeight(cardFeeMinor, subtotals);
  const allocations = taken.map(([eventTicketId, minor], at): Allocation => ({
    eventTicketId,
    subtotalMinor: minor,
    cardFeeMinor: cardFees[at] ?? 0,
  }));
  return {
    transactionId: plan.toTransactionId(),
    kind: payment.external === true ? 'HOST_SETTLES' : 'REFUND',
    paymentType: payment.paymentType,
    amountMinor: subtotalMinor + cardFeeMinor,
    cardFeeMinor,
    allocations,
    atMs: plan.atMs,
    status: toFirstStatus(payment),
    of: payment.transactionId,
    cause: plan.cause,
    ...(plan.withCancel === true ? { withCancel: true } : {}),
    ...(payment.external === true ? { external: true } : {}),
    ...(payment.provider === undefined ? {} : { provider: payment.provider }),
    ...(plan.note === undefined ? {} : { note: plan.note }),
    ...(plan.requestKey === undefined ? {} : { requestKey: plan.requestKey }),
  };
}

/** Of the fee what belongs to all that has gone back by now, less what went back before: exact at the end. */
function toCardFeeBack({ payment, heldMinor, cardFeeMinor }: Holding, backMinor: number): number {
  const paidMinor = sum(payment.allocations.map((part) => part.subtotalMinor));
  const backSoFarMinor = paidMinor - heldMinor + backMinor;
  const feeBackMinor = multiplyDivide(payment.cardFeeMinor, backSoFarMinor, paidMinor);
  return Math.max(0, feeBackMinor - (payment.cardFeeMinor - cardFeeMinor));
}

/** Money that a provider holds goes back by a call to it, later; all other money the host gives back by itself. */
export const toFirstStatus = ({ provider }: Pick<LedgerEntry, 'provider'>): 'DONE' | 'PENDING' =>
  provider === undefined || provider === 'manual' ? 'DONE' : 'PENDING';
