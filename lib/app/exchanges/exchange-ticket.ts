// Exchanges a ticket's type: order, ledger, ticket, stock of both types, history and mails in one transaction. Whoever
// was slower than another change of the order goes on only if that made no difference to what it asked for.
import type { ExchangePlan, ExchangeWish } from '../../domain/exchanges/exchange.ts';
import { isSamePlan } from '../../domain/exchanges/quote.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { PlaceCount, TicketWrite } from '../order-ports.ts';
import { changeOrder, type DecidedChange } from '../orders/change-order.ts';
import { toRefundMessages } from '../orders/refund-order.ts';
import type { OutboxMessage } from '../outbox-ports.ts';
import { type ExchangeDeps, type ExchangeRequest, prepareExchange } from './prepare-exchange.ts';

/**
 * Repeat-safe. Refuses what `prepareExchange` and `changeOrder` refuse, `order_changed` when somebody else's change made
 * it another exchange, and `quote_stale`.
 */
export async function exchangeTicket(
  deps: ExchangeDeps,
  request: ExchangeRequest & { readonly quoteId: string | undefined },
): Promise<Result<undefined>> {
  let first: ExchangePlan | undefined;
  const changed = await changeOrder(deps, request.change, async (order) => {
    const prepared = await prepareExchange(deps, request, order);
    if (!prepared.ok) {
      const isOvertaken = first !== undefined && OVERTAKEN.includes(prepared.refusal.code);
      return isOvertaken ? refuse('order_changed') : prepared;
    }
    if (prepared.value === undefined) return ok(undefined);
    const { plan, quote, wish } = prepared.value;
    if (request.quoteId !== undefined && request.quoteId !== quote.quoteId) {
      return refuse('quote_stale');
    }
    if (first !== undefined && !isSamePlan(first, plan)) return refuse('order_changed');
    first = plan;
    return ok(toChange(plan, wish, request.change.by));
  });
  return changed.ok ? ok(undefined) : changed;
}

/** What was right when it was asked for, and isn't after somebody else's change. */
const OVERTAKEN: readonly RefusalCode[] = ['same_type', 'validation_failed', 'order_refunded'];

function toChange(plan: ExchangePlan, wish: ExchangeWish, by: string): DecidedChange {
  const { after, ticket } = plan;
  return {
    after: { lines: after.lines, canceled: after.canceled, ledger: after.ledger },
    tickets: [toTicketWrite(plan, by)],
    places: toPlaces(ticket),
    messages: toMessages(plan, wish),
  };
}

function toTicketWrite({ before, line, ticket }: ExchangePlan, by: string): TicketWrite {
  return {
    ...ticket,
    barredBy: ['hold', 'lock'],
    isAdmissionStated: true,
    history: {
      action: 'EXCHANGED',
      by,
      details: {
        fromTicketTypeId: line.before.ticketTypeId,
        toTicketTypeId: line.after.ticketTypeId,
        fromPriceMinor: line.before.priceMinor,
        toPriceMinor: line.after.priceMinor,
        currency: before.currency,
        wasCheckedIn: ticket.before.checkedIn,
        reentryGranted: ticket.after.reentryGranted === true,
      },
    },
  };
}

/** One place of the new type is taken and one of the old type freed, in the counter that has the ticket. */
function toPlaces({ before, after }: ExchangePlan['ticket']): ReadonlyMap<number, PlaceCount> {
  const one = before.origin === 'IMPORTED' ? { sold: 0, imported: 1 } : { sold: 1, imported: 0 };
  return new Map([
    [before.ticketTypeId, { sold: -one.sold, imported: -one.imported }],
    [after.ticketTypeId, one],
  ]);
}

function toMessages(plan: ExchangePlan, wish: ExchangeWish): readonly OutboxMessage[] {
  const { organizationId, orderId, contactId } = plan.before;
  const ids = { organizationId, orderId };
  const isMailed = contactId !== undefined || wish.mailHolder;
  const alsoHolderOf = wish.mailHolder ? { alsoHolderOf: wish.eventTicketId } : {};
  const isLinked = contactId !== undefined && plan.mails.includes('PAYMENT_LINK');
  return [
    ...(isMailed
      ? [{ type: 'mail.order' as const, ...ids, cause: 'exchange' as const, ...alsoHolderOf }]
      : []),
    ...(isLinked ? [{ type: 'mail.paymentLink' as const, ...ids }] : []),
    ...toRefundMessages(plan.before, plan.entries),
  ];
}
