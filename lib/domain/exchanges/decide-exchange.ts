// Decides an exchange to the cent: the new price with today's fees, what is due or goes back, and what becomes of the
// ticket. Pure, so that a quote and its commit can't differ.
import { present } from '../assert.ts';
import type { TicketType } from '../event.ts';
import { type Fees, toSubtotal } from '../orders/fees.ts';
import {
  LEDGER_CHANGE_MAX,
  LEDGER_MAX,
  type LedgerEntry,
  type Order,
  type OrderLine,
} from '../orders/order.ts';
import { toPaymentEntry, toWaiverEntry } from '../orders/payments.ts';
import { planRefund } from '../orders/refunds.ts';
import { type OrderMoney, toOrderMoney } from '../orders/totals.ts';
import { type Result, ok, refuse } from '../result.ts';
import type { Ticket } from '../ticket.ts';
import { checkExchange } from './check-exchange.ts';
import {
  type ExchangeCase,
  type ExchangeMail,
  type ExchangePlan,
  type ExchangeRequestMark,
  type ExchangeWish,
  isDownward,
  toExchangeCase,
} from './exchange.ts';
import { toPaymentParts } from './payment-parts.ts';

/** Payment type of a waiver that marks an unpaid ticket as paid on its way to a lower price. */
const EXCHANGE_WAIVER_TYPE = 'EXCHANGE';

export interface ExchangeFacts {
  /** Has a line for the ticket. */
  readonly order: Order;
  readonly ticket: Ticket;
  /** The type that the ticket has, and the one that it shall have. */
  readonly from: TicketType;
  readonly to: TicketType;
  /** Today's. */
  readonly fees: Fees;
  /** The organization's choice: an unpaid ticket stays unpaid on its way to a lower price. */
  readonly keepUnpaid: boolean;
  readonly wish: ExchangeWish;
  readonly mark: ExchangeRequestMark;
  readonly nowMs: number;
  readonly toTransactionId: () => string;
}

/**
 * Refuses what `checkExchange` refuses, `validation_failed` for a payment that is more than due or can't be, and
 * `limit_reached` for a ledger that is full.
 */
export function decideExchange(facts: ExchangeFacts): Result<ExchangePlan> {
  const { order, ticket, wish } = facts;
  const line = present(
    order.lines.find(({ eventTicketId }) => eventTicketId === wish.eventTicketId),
    'the order has a line for the ticket',
  );
  const checked = checkExchange({ ...facts, line });
  if (!checked.ok) return checked;
  const priced = toPricedLine(line, facts);
  const exchangeCase = toExchangeCase(order, line.priceMinor, priced.priceMinor);
  const lines = order.lines.map((one) => (one === line ? priced : one));
  const repriced = { ...order, lines, version: order.version + 1 };
  const entries = planEntries(repriced, exchangeCase, facts);
  if (!entries.ok) return entries;
  if (!fits(order, entries.value)) {
    const detail = `At most ${LEDGER_CHANGE_MAX} transactions at once and ${LEDGER_MAX} in all.`;
    return refuse('limit_reached', { detail });
  }
  const after = { ...repriced, ledger: [...order.ledger, ...entries.value] };
  const money = { before: toOrderMoney(order), after: toOrderMoney(after) };
  return ok({
    exchangeCase,
    before: order,
    after,
    line: { before: line, after: priced },
    money,
    ticket: { before: ticket, after: toExchanged(ticket, priced, money.after) },
    entries: entries.value,
    mails: toMails(wish.eventTicketId, money, entries.value),
  });
}

const fits = ({ ledger }: Order, entries: readonly LedgerEntry[]): boolean =>
  entries.length === 0 ||
  (entries.length <= LEDGER_CHANGE_MAX && ledger.length + entries.length <= LEDGER_MAX);

/** At the same price nothing changes but the type: S stays as it was stored, whatever the fees are by now. */
function toPricedLine(line: OrderLine, { order, to, fees, mark }: ExchangeFacts): OrderLine {
  const priceMinor = order.complimentary ? 0 : to.priceMinor;
  const price =
    priceMinor === line.priceMinor
      ? undefined
      : { priceMinor, ...toSubtotal(priceMinor, fees, line.flatMinor) };
  return { ...line, ...price, ticketTypeId: to.ticketTypeId, exchange: mark };
}

function planEntries(
  order: Order,
  exchangeCase: ExchangeCase,
  facts: ExchangeFacts,
): Result<readonly LedgerEntry[]> {
  const { wish, fees, mark } = facts;
  const { eventTicketId, payment } = wish;
  const money = toLineMoney(toOrderMoney(order), eventTicketId);
  const down = isDownward(exchangeCase);
  const common = {
    atMs: facts.nowMs,
    ...(wish.note === undefined ? {} : { note: wish.note }),
    ...(mark.requestKey === undefined ? {} : { requestKey: mark.requestKey }),
  };
  if (payment !== undefined) {
    const paid = toPaymentParts(payment, { dueMinor: down ? 0 : money.dueMinor, fees });
    if (!paid.ok) return paid;
    const { amountMinor: _amount, isInternational: _card, ...kept } = payment;
    const transactionId = facts.toTransactionId();
    const entry = { ...common, ...kept, transactionId, provider: 'manual' } as const;
    const parts = new Map([[eventTicketId, paid.value.subtotalMinor]]);
    return ok([toPaymentEntry(entry, parts, { cardFeeMinor: paid.value.cardFeeMinor })]);
  }
  if (down && money.netPaidMinor === 0 && money.dueMinor > 0 && !facts.keepUnpaid) {
    const transactionId = facts.toTransactionId();
    const entry = { ...common, transactionId, paymentType: EXCHANGE_WAIVER_TYPE };
    return ok([toWaiverEntry(entry, new Map([[eventTicketId, money.dueMinor]]))]);
  }
  const backMinor = Math.max(0, money.netPaidMinor - money.costMinor);
  return ok(
    planRefund({
      order,
      ...common,
      wanted: new Map([[eventTicketId, backMinor]]),
      cause: 'exchange',
      withCancel: wish.refundWithCancel,
      cardFeeRefundable: fees.cardFeeRefundable,
      toTransactionId: facts.toTransactionId,
    }),
  );
}

const toLineMoney = ({ lines }: OrderMoney, eventTicketId: number) =>
  present(lines.get(eventTicketId), 'each line has money');

/** Registered again: whoever was admitted with it may enter once more, and still counts as inside until then. */
function toExchanged(ticket: Ticket, line: OrderLine, money: OrderMoney): Ticket {
  return {
    ...ticket,
    ticketTypeId: line.ticketTypeId,
    priceMinor: line.priceMinor,
    payment: toLineMoney(money, line.eventTicketId).payment,
    checkedIn: false,
    ...(ticket.admissions > 0 ? { reentryGranted: true } : {}),
    isExchanged: true,
  };
}

/** The link goes out when something else is due for the ticket than before. */
function toMails(
  eventTicketId: number,
  money: ExchangePlan['money'],
  entries: readonly LedgerEntry[],
): readonly ExchangeMail[] {
  const dueMinor = toLineMoney(money.after, eventTicketId).dueMinor;
  const isDueAnew = dueMinor > 0 && dueMinor !== toLineMoney(money.before, eventTicketId).dueMinor;
  return [
    'ORDER_CONFIRMATION',
    ...(isDueAnew ? (['PAYMENT_LINK'] as const) : []),
    ...(entries.some(({ kind }) => kind === 'REFUND') ? (['REFUND'] as const) : []),
  ];
}
