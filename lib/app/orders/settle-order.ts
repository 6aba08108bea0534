// The host settles what is due: marks it as paid (money that it took itself) or waives it.
import { type Fees, fromCardTotal, toCardFee, toFees } from '../../domain/orders/fees.ts';
import { LEDGER_MAX, type LedgerEntry, type Order } from '../../domain/orders/order.ts';
import {
  fillDues,
  isCardPayment,
  type PaymentFacts,
  toDues,
  toPaymentEntry,
  toWaiverEntry,
} from '../../domain/orders/payments.ts';
import { sum } from '../../domain/money.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { toNewId } from '../ids.ts';
import type { OrderStore } from '../order-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import type { OutboxMessage } from '../outbox-ports.ts';
import { type ChangeRequest, changeOrder, isRepeat, toPaymentStep } from './change-order.ts';

export const SETTLE_ACTIONS = ['MARK_AS_PAID', 'ADJUST'] as const;
export type SettleAction = (typeof SETTLE_ACTIONS)[number];

/** Payment type of a settlement that names none. */
const MANUAL_PAYMENT_TYPE = 'MANUAL';

export interface Settlement {
  readonly action: SettleAction;
  readonly amountMinor: number;
  readonly paymentType?: string | undefined;
  readonly eventTicketId?: number | undefined;
  readonly note?: string | undefined;
  readonly reference?: string | undefined;
  readonly paidOn?: string | undefined;
  /** By a card from abroad. */
  readonly isInternational: boolean;
}

export interface SettleDeps {
  readonly orders: OrderStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

/**
 * Tickets that an earlier step left behind get to know first, so that a repeat after a death goes on where it ended.
 * Refuses `order_canceled`, `order_complimentary`, `nothing_due`, `validation_failed` for more than is due, and what
 * `changeOrder` refuses.
 */
export const settleOrder = (
  deps: SettleDeps,
  request: ChangeRequest,
  settlement: Settlement,
): Promise<Result<Order>> => {
  const transactionId = toNewId('transaction', request.nowMs);
  return changeOrder(deps, request, async (order) => {
    const tickets = await deps.orders.loadTickets(order);
    const behind = toPaymentStep(order, tickets);
    if (behind.tickets.length > 0) return ok({ ...behind, isPart: true });
    const isBooked = order.ledger.some((entry) => entry.transactionId === transactionId);
    if (isBooked || isRepeat(order, request)) return ok(undefined);
    const organization = await deps.organizations.find(request.organizationId);
    const fees = toFees(organization?.fees, order.currency);
    const entry = decideSettlement(order, settlement, { request, fees, transactionId });
    if (!entry.ok) return entry;
    const after = { ...order, ledger: [...order.ledger, entry.value] };
    return ok({ ...toPaymentStep(after, tickets), messages: toPaymentMessages(order) });
  });
};

interface SettlementContext {
  readonly request: ChangeRequest;
  readonly fees: Fees;
  /** The same in each round. */
  readonly transactionId: string;
}

function decideSettlement(
  order: Order,
  settlement: Settlement,
  { request, fees, transactionId }: SettlementContext,
): Result<LedgerEntry> {
  if (order.canceled) return refuse('order_canceled');
  if (order.complimentary) return refuse('order_complimentary');
  if (order.ledger.length >= LEDGER_MAX) return refuse('limit_reached');
  const { eventTicketId } = settlement;
  if (
    eventTicketId !== undefined &&
    !order.lines.some((line) => line.eventTicketId === eventTicketId)
  ) {
    const errors = [{ pointer: '/eventTicketId', detail: 'must be a ticket of this order' }];
    return refuse('validation_failed', { errors });
  }
  const dues = toDues(order, eventTicketId);
  const dueMinor = sum(dues.values());
  if (dueMinor === 0) return refuse('nothing_due');
  const { amountMinor, cardFeeMinor } = toParts(settlement, fees, dueMinor);
  const { parts, restMinor } = fillDues(dues, amountMinor);
  if (restMinor > 0 || amountMinor === 0) {
    const detail =
      amountMinor === 0 ? "must be more than the card's fee" : 'must be at most what is due';
    return refuse('validation_failed', { errors: [{ pointer: '/amount', detail }] });
  }
  const facts = toFacts(settlement, request, transactionId);
  return ok(
    settlement.action === 'ADJUST'
      ? toWaiverEntry(facts, parts)
      : toPaymentEntry(facts, parts, { cardFeeMinor }),
  );
}

/** A card's amount has its fee within it. */
function toParts(settlement: Settlement, fees: Fees, dueMinor: number) {
  const { action, paymentType = MANUAL_PAYMENT_TYPE, amountMinor, isInternational } = settlement;
  if (action === 'ADJUST' || !isCardPayment(paymentType)) return { amountMinor, cardFeeMinor: 0 };
  const card = { isInternational };
  const isAll = amountMinor === dueMinor + toCardFee(dueMinor, fees, card);
  const subtotalMinor = isAll ? dueMinor : fromCardTotal(amountMinor, fees, card);
  return { amountMinor: subtotalMinor, cardFeeMinor: amountMinor - subtotalMinor };
}

const toFacts = (
  settlement: Settlement,
  { nowMs, requestKey }: ChangeRequest,
  transactionId: string,
): PaymentFacts => ({
  transactionId,
  paymentType:
    settlement.action === 'ADJUST' ? 'ADJUST' : (settlement.paymentType ?? MANUAL_PAYMENT_TYPE),
  atMs: nowMs,
  provider: 'manual',
  ...(settlement.note === undefined ? {} : { note: settlement.note }),
  ...(settlement.reference === undefined ? {} : { reference: settlement.reference }),
  ...(settlement.paidOn === undefined ? {} : { paidOn: settlement.paidOn }),
  ...(requestKey === undefined ? {} : { requestKey }),
});

/** The buyer gets the tickets again, with the balance as it is now. */
export const toPaymentMessages = ({
  organizationId,
  orderId,
  contactId,
}: Order): readonly OutboxMessage[] =>
  contactId === undefined
    ? []
    : [{ type: 'mail.order', organizationId, orderId, cause: 'payment' }];
