// POST /v1/orders/{orderId}/cancel and /refund, and another try of a refund that failed.
import * as z from 'zod';
import type { EventStore } from '../../../app/event-ports.ts';
import { cancelOrder } from '../../../app/orders/cancel-order.ts';
import type { ChangeRequest } from '../../../app/orders/change-order.ts';
import { viewChanged, type ViewDeps } from '../../../app/orders/order-view.ts';
import { refundOrder, type RefundDeps } from '../../../app/orders/refund-order.ts';
import { retryRefund } from '../../../app/orders/retry-refund.ts';
import { type Contract, defineRoute, type RouteRequest } from '../../contract.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { ORDER_LINES_MAX } from '../../../domain/orders/order.ts';
import { type Result, ok } from '../../../domain/result.ts';
import { $NumericId, $NumericIdText } from '../../schemas.ts';
import { $Money } from '../organizers/bodies.ts';
import { $Order, toOrderBody } from './bodies.ts';

export type ChangeDeps = ViewDeps & RefundDeps & { readonly events: EventStore };

const SHARED = {
  family: 'orders',
  scope: 'organizer',
  method: 'POST',
  params: z.strictObject({ orderId: $NumericIdText }),
  success: 200,
  response: $Order,
} as const;

const cancelContract = {
  ...SHARED,
  operationId: 'cancelOrder',
  path: '/v1/orders/{orderId}/cancel',
  summary: 'Cancel all tickets of an order. Money stays until it is refunded.',
  refusals: ['not_found', 'precondition_failed', 'ticket_held', 'limit_reached'],
} as const satisfies Contract;

const cancel = defineRoute(cancelContract, async (deps: ChangeDeps, request) =>
  answer(deps, await cancelOrder(deps, toChange(request, request.params.orderId))),
);

const refundContract = {
  ...SHARED,
  operationId: 'refundOrder',
  path: '/v1/orders/{orderId}/refund',
  summary: 'Give money back, newest payment first. The tickets keep admitting unless canceled.',
  body: z.strictObject({
    amount: $Money
      .extend({ amountMinor: $Money.shape.amountMinor.min(1) })
      .optional()
      .meta({ description: 'Without card fees, which go back in proportion. Absent: everything.' }),
    eventTicketIds: z.array($NumericId).min(1).max(ORDER_LINES_MAX).optional(),
    cancelTickets: z.boolean().optional(),
  }),
  refusals: [
    'not_found',
    'precondition_failed',
    'order_complimentary',
    'order_unpaid',
    'not_refundable',
    'ticket_held',
    'limit_reached',
  ],
} as const satisfies Contract;

const refund = defineRoute(refundContract, async (deps: ChangeDeps, request) => {
  const { amount, eventTicketIds, cancelTickets = false } = request.body;
  const change = toChange(request, request.params.orderId);
  return answer(deps, await refundOrder(deps, change, { amount, eventTicketIds, cancelTickets }));
});

/** Longer than any transaction id. */
const TRANSACTION_ID_CHARACTERS_MAX = 64;

const retryContract = {
  ...SHARED,
  operationId: 'retryRefund',
  path: '/v1/orders/{orderId}/refunds/{transactionId}/retry',
  summary:
    'Ask the provider again for a refund that FAILED. It is paid once, whatever is repeated.',
  params: z.strictObject({
    orderId: $NumericIdText,
    transactionId: z.string().max(TRANSACTION_ID_CHARACTERS_MAX),
  }),
  refusals: ['not_found', 'precondition_failed', 'not_retryable'],
} as const satisfies Contract;

const retry = defineRoute(retryContract, async (deps: ChangeDeps, request) => {
  const { orderId, transactionId } = request.params;
  return answer(deps, await retryRefund(deps, { ...toChange(request, orderId), transactionId }));
});

type Request = Pick<
  RouteRequest<typeof cancelContract>,
  'actor' | 'ifMatch' | 'requestKey' | 'nowMs'
>;

export const toChange = (
  { actor, ifMatch, requestKey, nowMs }: Request,
  orderId: number,
): ChangeRequest => ({
  organizationId: actor.organizationId,
  orderId,
  by: actor.keyId,
  ifMatch,
  requestKey,
  nowMs,
});

export async function answer(deps: ViewDeps, changed: Result<Order>) {
  const view = await viewChanged(deps, changed);
  return view.ok ? ok(toOrderBody(view.value)) : view;
}

export const orderChangeRoutes = [cancel, refund, retry];
