// POST /rest/host/event/{eventUrl}/order/{orderId}/settle: the host marks as paid or adjusts, in decimals.
import * as z from 'zod';
import { SETTLE_ACTIONS, settleOrder } from '../../../app/orders/settle-order.ts';
import { parseDecimal } from '../../../domain/money.ts';
import { isKeptPaymentType } from '../../../domain/orders/sale.ts';
import { refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $NumericId, $NumericIdText } from '../../schemas.ts';
import { $Order } from './bodies.ts';
import { answer, type ChangeDeps, toChange } from './changes.ts';
import { $PaymentType } from './orders.ts';

/** The host's own words; longer ones belong elsewhere. */
const NOTE_CHARACTERS_MAX = 500;
const REFERENCE_CHARACTERS_MAX = 200;
/** Digits of a decimal that is sent as a text. */
const DECIMAL_CHARACTERS_MAX = 20;

const settleContract = {
  operationId: 'settleOrder',
  family: 'orders',
  scope: 'organizer',
  method: 'POST',
  path: '/rest/host/event/{eventUrl}/order/{orderId}/settle',
  summary: 'Settle what is due: money that the host took, or an amount that it waives.',
  params: z.strictObject({
    eventUrl: z.string().regex(/^[a-z0-9-]{1,80}$/),
    orderId: $NumericIdText,
  }),
  body: z.strictObject({
    action: z.enum(SETTLE_ACTIONS),
    amount: z
      .union([z.number().positive(), z.string().max(DECIMAL_CHARACTERS_MAX)])
      .meta({ description: "A decimal in the order's currency. With CARD its fee included." }),
    paymentType: $PaymentType
      .refine((type) => !isKeptPaymentType(type), { message: 'is kept for something else' })
      .optional(),
    eventTicketId: z.optional($NumericId),
    note: z.string().max(NOTE_CHARACTERS_MAX).optional(),
    transactionId: z.string().max(REFERENCE_CHARACTERS_MAX).optional(),
    paymentDate: z.string().max(REFERENCE_CHARACTERS_MAX).optional(),
    internationalPayment: z
      .boolean()
      .optional()
      .meta({ description: 'By a card from abroad, whose percentage is higher.' }),
  }),
  success: 200,
  response: $Order,
  refusals: [
    'not_found',
    'precondition_failed',
    'order_canceled',
    'order_complimentary',
    'nothing_due',
    'limit_reached',
  ],
} as const satisfies Contract;

const settle = defineRoute(settleContract, async (deps: ChangeDeps, request) => {
  const { actor, params, body } = request;
  const event = await deps.events.findByUrl(actor.organizationId, params.eventUrl);
  const order = event && (await deps.orders.load(actor.organizationId, params.orderId));
  if (order === undefined || order.eventId !== event?.eventId) return refuse('not_found');
  const amountMinor = parseDecimal(body.amount, order.currency);
  if (amountMinor === undefined || amountMinor === 0) {
    const detail = `must be an amount in ${order.currency}, with no more digits than it has`;
    return refuse('validation_failed', { errors: [{ pointer: '/amount', detail }] });
  }
  const { action, paymentType, eventTicketId, note } = body;
  const settled = await settleOrder(deps, toChange(request, params.orderId), {
    action,
    amountMinor,
    paymentType,
    eventTicketId,
    note,
    reference: body.transactionId,
    paidOn: body.paymentDate,
    isInternational: body.internationalPayment === true,
  });
  return answer(deps, settled);
});

export const settleRoutes = [settle];
