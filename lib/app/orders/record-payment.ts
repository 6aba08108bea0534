// Money that a provider took is booked whatever became of the order meanwhile, and however large it is; what is beyond what is due goes back to
// the payment that brought it. The provider's id of the payment makes a repeat harmless.
import { type Fees, toFees } from '../../domain/orders/fees.ts';
import type { LedgerEntry, Order, Provider } from '../../domain/orders/order.ts';
import {
  type Charged,
  fillDues,
  toDues,
  toExcessRefund,
  toPaymentEntry,
  toTaken,
} from '../../domain/orders/payments.ts';
import { sum } from '../../domain/money.ts';
import { type Result, ok } from '../../domain/result.ts';
import { toNewId } from '../ids.ts';
import { changeOrder, type OrderIds, toPaymentStep } from './change-order.ts';
import { toRefundMessages } from './refund-order.ts';
import { type SettleDeps, toPaymentMessages } from './settle-order.ts';

/** All that was charged is in the order's currency. */
export interface ProviderPayment extends OrderIds, Charged {
  readonly provider: Exclude<Provider, 'manual'>;
  readonly providerPaymentId: string;
  readonly paymentType: string;
  readonly nowMs: number;
}

/** Refuses `not_found` for an order that doesn't exist, and `unavailable`. */
export const recordPayment = (
  deps: SettleDeps,
  payment: ProviderPayment,
): Promise<Result<Order>> => {
  const { organizationId, orderId, nowMs } = payment;
  const once = { by: 'system', ifMatch: undefined, requestKey: undefined } as const;
  const request = { organizationId, orderId, nowMs, ...once, takesCut: true } as const;
  return changeOrder(deps, request, async (order) => {
    const isBooked = order.ledger.some((entry) => isSame(entry, payment));
    const organization = await deps.organizations.find(organizationId);
    const fees = toFees(organization?.fees, order.currency);
    const entries = isBooked ? [] : toEntries(order, payment, fees);
    const after = { ...order, ledger: [...order.ledger, ...entries] };
    const step = toPaymentStep(after, await deps.orders.loadTickets(order));
    if (isBooked && step.tickets.length === 0) return ok(undefined);
    const messages = [...toPaymentMessages(order), ...toRefundMessages(order, entries)];
    return ok({ ...step, messages: isBooked ? [] : messages });
  });
};

const isSame = (entry: LedgerEntry, payment: ProviderPayment): boolean =>
  entry.kind === 'PAYMENT' &&
  entry.provider === payment.provider &&
  entry.providerPaymentId === payment.providerPaymentId;

function toEntries(order: Order, payment: ProviderPayment, fees: Fees): readonly LedgerEntry[] {
  const { amountMinor, nowMs, provider, providerPaymentId, paymentType } = payment;
  const dues = order.canceled ? new Map<number, number>() : toDues(order);
  const { subtotalMinor, cardFeeMinor } = toTaken(payment, sum(dues.values()), fees);
  const { parts } = fillDues(dues, subtotalMinor);
  const excessMinor = amountMinor - subtotalMinor - cardFeeMinor;
  const transactionId = toNewId('transaction', nowMs);
  const facts = { transactionId, paymentType, atMs: nowMs, provider, providerPaymentId };
  const entry = toPaymentEntry(facts, parts, { cardFeeMinor, excessMinor });
  if (excessMinor === 0) return [entry];
  const back = { transactionId: toNewId('transaction', nowMs), atMs: nowMs };
  return [entry, toExcessRefund(entry, back)];
}
