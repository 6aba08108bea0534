// Reads what an exchange depends on and decides it: the same for a quote and for the commit.
import type { TicketType } from '../../domain/event.ts';
import { decideExchange } from '../../domain/exchanges/decide-exchange.ts';
import {
  type ExchangePlan,
  type ExchangeRequestMark,
  type ExchangeWish,
  isRepeatedExchange,
} from '../../domain/exchanges/exchange.ts';
import {
  type ExchangePayload,
  toExchangeWish,
  toPayloadDigest,
} from '../../domain/exchanges/payload.ts';
import { type Quote, toQuote } from '../../domain/exchanges/quote.ts';
import { toFees } from '../../domain/orders/fees.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { EventStore } from '../event-ports.ts';
import { toNewId } from '../ids.ts';
import type { OrderStore } from '../order-ports.ts';
import type { ChangeRequest } from '../orders/change-order.ts';
import type { OrganizationStore } from '../organization-ports.ts';

export interface ExchangeDeps {
  readonly orders: OrderStore;
  readonly events: Pick<EventStore, 'findByUrl' | 'findTicketType'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

export interface ExchangeRequest {
  readonly change: ChangeRequest;
  readonly eventUrl: string;
  readonly payload: ExchangePayload;
}

export interface PreparedExchange {
  readonly wish: ExchangeWish;
  readonly plan: ExchangePlan;
  readonly quote: Quote;
}

/**
 * Answers undefined for a repeat of the ticket's last exchange. Refuses `not_found` for whatever isn't there or belongs
 * to something else, `event_over`, `validation_failed` and what `decideExchange` refuses.
 */
export async function prepareExchange(
  deps: ExchangeDeps,
  request: ExchangeRequest,
  order: Order,
): Promise<Result<PreparedExchange | undefined>> {
  const { change, payload } = request;
  const { organizationId, requestKey, nowMs } = change;
  const event = await deps.events.findByUrl(organizationId, request.eventUrl);
  const line = order.lines.find(({ eventTicketId }) => eventTicketId === payload.eventTicketId);
  if (event === undefined || order.eventId !== event.eventId) return refuse('not_found');
  if (line === undefined) return refuse('not_found');
  const wish = toExchangeWish(payload, order);
  if (!wish.ok) return wish;
  const mark: ExchangeRequestMark = {
    digest: toPayloadDigest(payload, order.currency),
    ...(requestKey === undefined ? {} : { requestKey }),
  };
  if (isRepeatedExchange(line, mark)) return ok(undefined);
  if (Date.parse(event.endsAt) < nowMs) return refuse('event_over');
  const [[ticket], from, to, organization] = await Promise.all([
    deps.orders.loadTickets({ ...order, lines: [line] }),
    findType(deps, order, line.ticketTypeId),
    findType(deps, order, payload.newTicketTypeId),
    deps.organizations.find(organizationId),
  ]);
  if (ticket === undefined || from === undefined || to === undefined) return refuse('not_found');
  const fees = toFees(organization?.fees, order.currency);
  const decided = decideExchange({
    order,
    ticket,
    from,
    to,
    fees,
    mark,
    nowMs,
    wish: wish.value,
    keepUnpaid: organization?.keepUnpaid === true,
    toTransactionId: () => toNewId('transaction', nowMs),
  });
  if (!decided.ok) return decided;
  const isInternational = payload.paymentDetails?.internationalPayment === true;
  const quote = toQuote(decided.value, { from, to, fees, isInternational, digest: mark.digest });
  return ok({ wish: wish.value, plan: decided.value, quote });
}

/** A type of another event is as unknown as none. */
async function findType(
  { events }: ExchangeDeps,
  { organizationId, eventId }: Order,
  ticketTypeId: number,
): Promise<TicketType | undefined> {
  const found = await events.findTicketType(organizationId, ticketTypeId);
  return found?.type.eventId === eventId ? found.type : undefined;
}
