// Money that a provider took is booked whatever became of the order meanwhile; what is beyond what is due goes back to
// the payment that brought it. The provider's id of the payment makes a repeat harmless.
import { type CardUse, fromCardTotal, toCardFee, toFees } from '../../domain/orders/fees.ts';
import type { LedgerEntry, Order, Provider } from '../../domain/orders/order.ts';
import { fillDues, toDues, toExcessRefund, toPaymentEntry } from '../../domain/orders/payments.ts';
import { sum } from '../../domain/money.ts';
import { type Result, ok } from '../../domain/result.ts';
import { toNewId } from '../ids.ts';
import { changeOrder, type OrderIds, toPaymentWrites } from './change-order.ts';
import { toRefundMessages } from './refund-order.ts';
import { type SettleDeps, toPaymentMessages } from './settle-order.ts';

export interface ProviderPayment extends OrderIds {
  readonly provider: Exclude<Provider, 'manual'>;
  readonly providerPaymentId: string;
  readonly paymentType: string;
  /** All that was charged, in the order's currency. */
  readonly amountMinor: number;
  readonly card: CardUse;
  readonly nowMs: number;
}

/** Refuses `not_found` for an order that doesn't exist, and `unavailable`. */
export const recordPayment = (
  deps: SettleDeps,
  payment: ProviderPayment,
): Promise<Result<Order>> => {
  const request = { ...payment, by: 'system', ifMatch: undefined, requestKey: undefined };
  return changeOrder(deps, request, async (order) => {
    if (order.ledger.some((entry) => isSame(entry, payment))) return ok(undefined);
    const organization = await deps.organizations.find(payment.organizationId);
    const entries = toEntries(order, payment, toFees(organization?.fees, order.currency));
    const after = { ...order, ledger: [...order.ledger, ...entries] };
    return ok({
      after,
      tickets: toPaymentWrites(after, await deps.orders.loadTickets(order)),
      places: new Map(),
      messages: [...toPaymentMessages(order), ...toRefundMessages(order, entries)],
    });
  });
};

const isSame = (entry: LedgerEntry, payment: ProviderPayment): boolean =>
  entry.kind === 'PAYMENT' &&
  entry.provider === payment.provider &&
  entry.providerPaymentId === payment.providerPaymentId;

function toEntries(
  order: Order,
  payment: ProviderPayment,
  fees: ReturnType<typeof toFees>,
): readonly LedgerEntry[] {
  const { amountMinor, card, nowMs, provider, providerPaymentId, paymentType } = payment;
  const dues = order.canceled ? new Map<number, number>() : toDues(order);
  const dueMinor = sum(dues.values());
  const allMinor = dueMinor + toCardFee(dueMinor, fees, card);
  const isAll = amountMinor >= allMinor;
  const subtotalMinor = isAll ? dueMinor : fromCardTotal(amountMinor, fees, card);
  const { parts } = fillDues(dues, subtotalMinor);
  // A fee belongs to tickets: money that is for none of them is all excess.
  const feeMinor = isAll ? allMinor - dueMinor : amountMinor - subtotalMinor;
  const cardFeeMinor = subtotalMinor === 0 ? 0 : feeMinor;
  const excessMinor = amountMinor - subtotalMinor - cardFeeMinor;
  const transactionId = toNewId('transaction', nowMs);
  const facts = { transactionId, paymentType, atMs: nowMs, provider, providerPaymentId };
  const entry = toPaymentEntry(facts, parts, { cardFeeMinor, excessMinor });
  if (excessMinor === 0) return [entry];
  const back = { transactionId: toNewId('transaction', nowMs), atMs: nowMs };
  return [entry, toExcessRefund(entry, back)];
}
