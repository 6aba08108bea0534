// Refunds outside exchanges. Without cancel the tickets keep admitting; with it they are canceled first, in steps, and
// the money goes back with the last one, so that a repeat after a death goes on where the first one ended. All of it is
// planned and checked before the first step.
import {
  CHANGE_ITEMS_MAX,
  LEDGER_CHANGE_MAX,
  LEDGER_MAX,
  type LedgerEntry,
  type Order,
} from '../../domain/orders/order.ts';
import { planRefund, toRefundable } from '../../domain/orders/refunds.ts';
import { toFees } from '../../domain/orders/fees.ts';
import type { Fault } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Bar } from '../../domain/ticket-transitions.ts';
import type { OrderStore } from '../order-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import type { OutboxMessage } from '../outbox-ports.ts';
import { toNewId } from '../ids.ts';
import { decideCancel, isBarred } from './cancel-order.ts';
import { type ChangeRequest, changeOrder, type DecidedChange, isRepeat } from './change-order.ts';

/** Whoever holds a ticket may buy it at any moment, and what is offered for resale was paid for. */
const REFUND_BARRED_BY: readonly Bar[] = ['hold', 'lock'];

export interface RefundDeps {
  readonly orders: OrderStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

export interface RefundWish {
  /** Of subtotals; the card's fee goes back on top. Absent: everything. */
  readonly amount?: { readonly amountMinor: number; readonly currency: string } | undefined;
  /** Absent: all of the order's tickets. */
  readonly eventTicketIds?: readonly number[] | undefined;
  readonly cancelTickets: boolean;
}

/**
 * Refuses `validation_failed`, `order_complimentary`, `order_unpaid`, `not_refundable`, `ticket_held`,
 * `limit_reached` and what `changeOrder` refuses.
 */
export const refundOrder = (
  deps: RefundDeps,
  request: ChangeRequest,
  wish: RefundWish,
): Promise<Result<Order>> =>
  changeOrder(deps, request, async (order) => {
    if (isRepeat(order, request)) return ok(undefined);
    const ids = findWanted(order, wish);
    if (!ids.ok) return ids;
    const plan = await planMoney(deps, request, { order, ids: ids.value, wish });
    if (!plan.ok) return plan;
    const { entries, messages, moreItems } = plan.value;
    const canceled = { order, ids: ids.value, barredBy: REFUND_BARRED_BY, moreItems };
    const tickets = wish.cancelTickets
      ? await decideCancel(deps, request, canceled)
      : await decideKeep(deps, request, { order, ...plan.value });
    if (!tickets.ok || tickets.value.isPart === true) return tickets;
    const { after, ...writes } = tickets.value;
    return ok({ ...writes, after: { ...after, ledger: [...order.ledger, ...entries] }, messages });
  });

interface MoneyPlan {
  readonly entries: readonly LedgerEntry[];
  readonly messages: readonly OutboxMessage[];
  /** Of a transaction: entries, the lines of the report that they add to, and messages. */
  readonly moreItems: number;
}

async function planMoney(
  deps: RefundDeps,
  request: ChangeRequest,
  wanted: { readonly order: Order; readonly ids: ReadonlySet<number>; readonly wish: RefundWish },
): Promise<Result<MoneyPlan>> {
  const { order } = wanted;
  const entries = await planEntries(deps, request, wanted);
  if (entries.length > LEDGER_CHANGE_MAX) {
    const detail = `More than ${LEDGER_CHANGE_MAX} payments at once: name fewer tickets.`;
    return refuse('limit_reached', { detail });
  }
  if (order.ledger.length + entries.length > LEDGER_MAX) {
    const detail = `An order has at most ${LEDGER_MAX} transactions.`;
    return refuse('limit_reached', { detail });
  }
  const messages = toRefundMessages(order, entries);
  const reported = new Set(entries.map(({ kind, paymentType }) => `${kind} ${paymentType}`));
  return ok({ entries, messages, moreItems: entries.length + reported.size + messages.length });
}

/** The tickets from which money goes back, or why none does. */
function findWanted(order: Order, wish: RefundWish): Result<ReadonlySet<number>> {
  const faults: Fault[] = [];
  if (wish.amount !== undefined && wish.amount.currency !== order.currency) {
    const detail = `must be the order's currency, ${order.currency}`;
    faults.push({ pointer: '/amount/currency', detail });
  }
  const known = new Map(order.lines.map((line) => [line.eventTicketId, line]));
  for (const [at, id] of (wish.eventTicketIds ?? []).entries()) {
    if (known.has(id)) continue;
    faults.push({ pointer: `/eventTicketIds/${at}`, detail: 'must be a ticket of this order' });
  }
  if (faults.length > 0) return refuse('validation_failed', { errors: faults });
  if (order.complimentary) return refuse('order_complimentary');
  const gone = order.lines.filter(({ end }) => end === 'SWAPPED' || end === 'MOVED');
  const goneIds = new Set(gone.map((line) => line.eventTicketId));
  if (wish.eventTicketIds?.some((id) => goneIds.has(id)) === true) {
    const detail = 'A ticket was resold: what was paid for it stays with the sale.';
    return refuse('not_refundable', { detail });
  }
  const ids = new Set(wish.eventTicketIds ?? [...known.keys()].filter((id) => !goneIds.has(id)));
  return checkRefundable(order, wish, ids);
}

function checkRefundable(
  order: Order,
  { amount }: RefundWish,
  ids: ReadonlySet<number>,
): Result<ReadonlySet<number>> {
  const refundableMinor = toRefundable(order, ids);
  if (refundableMinor === 0) {
    const wasPaid = toRefundable(order, new Set(order.lines.map((line) => line.eventTicketId))) > 0;
    const hasRefunds = order.ledger.some(({ kind }) => kind !== 'WAIVER');
    return refuse(wasPaid || hasRefunds ? 'not_refundable' : 'order_unpaid');
  }
  if (amount !== undefined && amount.amountMinor > refundableMinor) {
    const detail = 'must be at most what these tickets still hold';
    return refuse('validation_failed', { errors: [{ pointer: '/amount/amountMinor', detail }] });
  }
  return ok(ids);
}

/** Beside tickets and money: the order, and the message that closes outdated pages. */
const OTHER_ITEMS = 2;

/**
 * Nothing changes on the tickets, but a marketplace must not hold one of them while its money goes: the write states
 * that of every ticket that gives some back.
 */
async function decideKeep(
  { orders }: RefundDeps,
  { nowMs }: ChangeRequest,
  { order, entries, moreItems }: MoneyPlan & { readonly order: Order },
): Promise<Result<DecidedChange>> {
  const parts = entries.flatMap(({ allocations }) => allocations);
  const ids = new Set(parts.map(({ eventTicketId }) => eventTicketId));
  const lines = order.lines.filter((line) => line.end === undefined && ids.has(line.eventTicketId));
  const ticketsMax = CHANGE_ITEMS_MAX - OTHER_ITEMS - moreItems;
  if (lines.length > ticketsMax) {
    const detail = `More than ${ticketsMax} tickets at once: name fewer.`;
    return refuse('limit_reached', { detail });
  }
  const tickets = await orders.loadTickets({ ...order, lines });
  if (tickets.some((ticket) => isBarred(ticket, REFUND_BARRED_BY, nowMs)))
    return refuse('ticket_held');
  const { canceled, ledger } = order;
  return ok({
    after: { lines: order.lines, canceled, ledger },
    tickets: tickets.map((before) => ({ before, after: before, barredBy: REFUND_BARRED_BY })),
    places: new Map(),
    messages: [],
  });
}

async function planEntries(
  { organizations }: RefundDeps,
  { organizationId, nowMs, requestKey }: ChangeRequest,
  wanted: { readonly order: Order; readonly ids: ReadonlySet<number>; readonly wish: RefundWish },
): Promise<readonly LedgerEntry[]> {
  const { order, ids, wish } = wanted;
  const organization = await organizations.find(organizationId);
  return planRefund({
    order,
    wanted: new Map([...ids].map((id) => [id, Infinity])),
    ...(wish.amount === undefined ? {} : { limitMinor: wish.amount.amountMinor }),
    cause: 'refund',
    withCancel: wish.cancelTickets,
    cardFeeRefundable: toFees(organization?.fees, order.currency).cardFeeRefundable,
    atMs: nowMs,
    toTransactionId: () => toNewId('transaction', nowMs),
    requestKey,
  });
}

/** The buyer is told, and a provider that holds the money has to be asked. */
export function toRefundMessages(
  { organizationId, orderId, contactId }: Order,
  entries: readonly LedgerEntry[],
): readonly OutboxMessage[] {
  const refunds = entries.filter(({ kind }) => kind === 'REFUND');
  const transactionIds = refunds.map(({ transactionId }) => transactionId);
  return [
    ...(contactId === undefined || refunds.length === 0
      ? []
      : [{ type: 'mail.refund' as const, organizationId, orderId, transactionIds }]),
    ...refunds
      .filter(({ status }) => status === 'PENDING')
      .map(({ transactionId }) => ({
        type: 'refund.run' as const,
        organizationId,
        orderId,
        transactionId,
      })),
  ];
}
