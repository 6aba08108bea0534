// Changing an order: read, decide, commit under its version, and again when somebody else was faster.
import type { Order } from '../../domain/orders/order.ts';
import { toOrderMoney } from '../../domain/orders/totals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { OutboxMessage } from '../outbox-ports.ts';
import type { OrderChange, OrderStore, TicketWrite } from '../order-ports.ts';

export interface OrderIds {
  readonly organizationId: string;
  readonly orderId: number;
}

/** Who asks for a change, when, and against which state of the order. */
export interface ChangeRequest extends OrderIds {
  /** Id of the key, for the tickets' history. */
  readonly by: string;
  readonly ifMatch: number | undefined;
  /** Digest of the Idempotency-Key; a change that carries it is made once. */
  readonly requestKey: string | undefined;
  readonly nowMs: number;
  /** Also of an order that is shown cut. */
  readonly takesCut?: true;
}

/** What to write: everything but the version, which is counted here. */
export type DecidedChange = Omit<OrderChange, 'before' | 'after' | 'nowMs'> & {
  readonly after: Pick<Order, 'lines' | 'canceled' | 'ledger'>;
  /** More is to be changed than one transaction holds: decide again on what came of this. */
  readonly isPart?: boolean;
};

/** Rounds of one request: steps of a large order, and changes that others make meanwhile. */
const ROUNDS_MAX = 100;

/**
 * `decide` answers what to write, or undefined when everything is as it should be. Refuses `not_found`,
 * `precondition_failed`, `limit_reached` for an order that is too large, `sold_out`, `unavailable`, and what `decide`
 * refuses.
 */
export async function changeOrder(
  { orders }: { readonly orders: OrderStore },
  request: ChangeRequest,
  decide: (order: Order) => Promise<Result<DecidedChange | undefined>>,
): Promise<Result<Order>> {
  let { ifMatch } = request;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = await orders.load(request.organizationId, request.orderId);
    if (before === undefined) return refuse('not_found');
    if (ifMatch !== undefined && ifMatch !== before.version) return refuse('precondition_failed');
    if (before.isCut && request.takesCut !== true) {
      return refuse('limit_reached', { detail: 'The import gave this order too many tickets.' });
    }
    const decided = await decide(before);
    if (!decided.ok) return decided;
    if (decided.value === undefined) return ok(before);
    const { after: parts, isPart, messages, ...writes } = decided.value;
    const after = { ...before, ...parts, version: before.version + 1 };
    const outcome = await orders.commitChange({
      before,
      after,
      ...writes,
      messages: [...messages, ...toOutdatedPages(before, after)],
      nowMs: request.nowMs,
    });
    if (outcome === 'committed' && isPart !== true) return ok(after);
    if (outcome === 'committed' && ifMatch !== undefined) ifMatch = after.version;
    if (outcome === 'sold_out') return refuse('sold_out');
    if (outcome === 'busy') break;
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

/** A page on which a buyer was about to pay asks for the balance as it was. */
export function toOutdatedPages(before: Order, after: Order): readonly OutboxMessage[] {
  const { organizationId, orderId } = before;
  const { balanceMinor } = toOrderMoney(before);
  return balanceMinor === 0 || balanceMinor === toOrderMoney(after).balanceMinor
    ? []
    : [{ type: 'checkout.expire', organizationId, orderId, version: after.version }];
}

/** The request has had its effect before: one of the order's entries says so. */
export const isRepeat = (order: Order, { requestKey }: ChangeRequest): boolean =>
  requestKey !== undefined && order.ledger.some((entry) => entry.requestKey === requestKey);

/** Tickets that get to know of a payment in one transaction; those of a larger order follow in steps, or with a repeat. */
const TICKETS_STEP = 50;

/** What the door has to know of this order's money, of tickets that are still its own; none where all of them know. */
export function toPaymentStep(after: Order, tickets: readonly Ticket[]): DecidedChange {
  const money = toOrderMoney(after).lines;
  const open = after.lines.filter((line) => line.end === undefined);
  const payments = new Map(
    open.map(({ eventTicketId }) => [eventTicketId, money.get(eventTicketId)?.payment]),
  );
  const writes = tickets.flatMap((before): readonly TicketWrite[] => {
    const payment = payments.get(before.eventTicketId);
    return payment === undefined || payment === before.payment
      ? []
      : [{ before, after: { ...before, payment }, barredBy: [] }];
  });
  return {
    after,
    tickets: writes.slice(0, TICKETS_STEP),
    places: new Map(),
    messages: [],
    isPart: writes.length > TICKETS_STEP,
  };
}
