// Taking money: which tickets a payment is for, and the entries that say so. Tickets are filled in the order of their
// ids, as far as each has something due.
import { assert } from '../assert.ts';
import { multiplyDivide, splitByWeight, sum } from '../money.ts';
import { type CardUse, type Fees, fromCardTotal, toCardFee } from './fees.ts';
import type { Allocation, LedgerEntry, Order } from './order.ts';
import { toFirstStatus } from './refunds.ts';
import { toOrderMoney } from './totals.ts';

/** What is due by ticket, in ticket-id order; of one ticket alone if it is named. */
export function toDues(order: Order, eventTicketId?: number): ReadonlyMap<number, number> {
  const { lines } = toOrderMoney(order);
  return new Map(
    [...lines]
      .filter(([id]) => eventTicketId === undefined || id === eventTicketId)
      .map(([id, { dueMinor }]) => [id, dueMinor] as const)
      .filter(([, dueMinor]) => dueMinor > 0)
      .toSorted(([a], [b]) => a - b),
  );
}

/** Fills what is due with an amount; `restMinor` is what fits nowhere. */
export function fillDues(
  dues: ReadonlyMap<number, number>,
  amountMinor: number,
): { readonly parts: ReadonlyMap<number, number>; readonly restMinor: number } {
  const parts = new Map<number, number>();
  let restMinor = amountMinor;
  for (const [eventTicketId, dueMinor] of dues) {
    const part = Math.min(dueMinor, restMinor);
    if (part === 0) continue;
    parts.set(eventTicketId, part);
    restMinor -= part;
  }
  return { parts, restMinor };
}

export type PaymentFacts = Pick<LedgerEntry, 'transactionId' | 'paymentType' | 'atMs'> &
  Partial<
    Pick<
      LedgerEntry,
      | 'provider'
      | 'providerPaymentId'
      | 'external'
      | 'note'
      | 'reference'
      | 'paidOn'
      | 'documentLink'
      | 'createdBy'
      | 'requestKey'
    >
  >;

/** With this payment type an amount is the total, card fee included (product.md section 7). */
const CARD_PAYMENT_TYPE = 'CARD';
export const isCardPayment = (paymentType: string): boolean =>
  paymentType.toUpperCase() === CARD_PAYMENT_TYPE;

/** Money that a provider charged. */
export interface Charged {
  readonly amountMinor: number;
  /** What was asked for without the card's fee, if that was charged; else it is computed with the fees of now. */
  readonly subtotalMinor?: number;
  readonly card: CardUse;
}

/** What of it is for tickets, and their card fee: money that is for none of them has none. The rest is excess. */
export function toTaken(
  { amountMinor, card, subtotalMinor }: Charged,
  dueMinor: number,
  fees: Fees,
) {
  if (subtotalMinor !== undefined) {
    const takenMinor = Math.min(subtotalMinor, dueMinor);
    const feeMinor = multiplyDivide(amountMinor - subtotalMinor, takenMinor, subtotalMinor);
    return { subtotalMinor: takenMinor, cardFeeMinor: feeMinor };
  }
  const allMinor = dueMinor + toCardFee(dueMinor, fees, card);
  if (amountMinor >= allMinor)
    return { subtotalMinor: dueMinor, cardFeeMinor: allMinor - dueMinor };
  const takenMinor = fromCardTotal(amountMinor, fees, card);
  return {
    subtotalMinor: takenMinor,
    cardFeeMinor: takenMinor === 0 ? 0 : amountMinor - takenMinor,
  };
}

/** A payment of these subtotals; its card fee is allocated in proportion, ties to the lower ticket id. */
export function toPaymentEntry(
  facts: PaymentFacts,
  parts: ReadonlyMap<number, number>,
  more: { readonly cardFeeMinor: number; readonly excessMinor?: number },
): LedgerEntry {
  const allocations = toAllocations(parts, more.cardFeeMinor);
  const excessMinor = more.excessMinor ?? 0;
  return {
    ...facts,
    kind: 'PAYMENT',
    amountMinor: sum(parts.values()) + more.cardFeeMinor + excessMinor,
    cardFeeMinor: more.cardFeeMinor,
    ...(excessMinor === 0 ? {} : { excessMinor }),
    allocations,
    status: 'DONE',
  };
}

/** Marks these subtotals as paid without money. */
export const toWaiverEntry = (
  facts: PaymentFacts,
  parts: ReadonlyMap<number, number>,
): LedgerEntry => ({
  ...facts,
  kind: 'WAIVER',
  amountMinor: sum(parts.values()),
  cardFeeMinor: 0,
  allocations: toAllocations(parts, 0),
  status: 'DONE',
});

/** Gives the part of a payment back that was paid beyond what was due, to that very payment. */
export function toExcessRefund(
  payment: LedgerEntry,
  facts: Pick<LedgerEntry, 'transactionId' | 'atMs'>,
): LedgerEntry {
  const { excessMinor = 0, provider } = payment;
  assert(excessMinor > 0, 'only a payment with an excess gives one back');
  return {
    ...facts,
    kind: 'REFUND',
    paymentType: payment.paymentType,
    amountMinor: excessMinor,
    cardFeeMinor: 0,
    excessMinor,
    allocations: [],
    status: toFirstStatus(payment),
    of: payment.transactionId,
    cause: 'excess',
    ...(provider === undefined ? {} : { provider }),
  };
}

function toAllocations(parts: ReadonlyMap<number, number>, cardFeeMinor: number): Allocation[] {
  const ordered = [...parts].toSorted(([a], [b]) => a - b);
  const cardFees = splitByWeight(
    cardFeeMinor,
    ordered.map(([, minor]) => minor),
  );
  return ordered.map(([eventTicketId, subtotalMinor], at) => ({
    eventTicketId,
    subtotalMinor,
    cardFeeMinor: cardFees[at] ?? 0,
  }));
}
