// Tries a refund again that its provider had refused for good, once whatever was in its way is out of it. The retry is an
// attempt of its own: the provider would only repeat what it said to the first.
import { type LedgerEntry, type Order, toAttemptName } from '../../domain/orders/order.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { OrderStore } from '../order-ports.ts';
import type { ChangeRequest } from './change-order.ts';

/** Rounds of one request: others may try the same refund again, which fails again. */
const ROUNDS_MAX = 10;

/** Repeat-safe by its Idempotency-Key. Refuses `not_found`, `precondition_failed`, `not_retryable` and `unavailable`. */
export async function retryRefund(
  { orders }: { readonly orders: Pick<OrderStore, 'load' | 'retryEntry'> },
  request: Omit<ChangeRequest, 'by'> & { readonly transactionId: string },
): Promise<Result<Order>> {
  const { organizationId, orderId, transactionId, ifMatch, requestKey, nowMs } = request;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const order = await orders.load(organizationId, orderId);
    const entry = order?.ledger.find((one) => one.transactionId === transactionId);
    if (order === undefined || entry === undefined) return refuse('not_found');
    if (requestKey !== undefined && entry.retryKey === requestKey) return ok(order);
    if (ifMatch !== undefined && ifMatch !== order.version) return refuse('precondition_failed');
    if (entry.kind !== 'REFUND' || entry.status !== 'FAILED') return refuse('not_retryable');
    const after: LedgerEntry = { ...entry, status: 'PENDING', retries: (entry.retries ?? 0) + 1 };
    const attempt = toAttemptName(after);
    const ids = { organizationId, orderId, transactionId };
    const isRetried = await orders.retryEntry(order, {
      transactionId,
      retries: after.retries ?? 1,
      retryKey: requestKey,
      message: { type: 'refund.run', ...ids, ...(attempt === undefined ? {} : { attempt }) },
      nowMs,
    });
    if (isRetried) {
      return ok({ ...order, ledger: order.ledger.map((one) => (one === entry ? after : one)) });
    }
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}
