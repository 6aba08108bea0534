// POST and GET /v1/events/{eventId}/orders, GET /v1/orders/{orderId}.
import * as z from 'zod';
import {
  findOrderView,
  listOrderViews,
  viewChanged,
  type ViewDeps,
} from '../../../app/orders/order-view.ts';
import { sellTickets, type SellDeps } from '../../../app/orders/sell-tickets.ts';
import { isCardPayment } from '../../../domain/orders/payments.ts';
import type { EventStore } from '../../../app/event-ports.ts';
import { ORDER_TICKETS_MAX } from '../../../domain/orders/order.ts';
import type { Sale } from '../../../domain/orders/sale.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $NumericId, $NumericIdText, $PageQuery } from '../../schemas.ts';
import { $Name } from '../organizers/bodies.ts';
import { $Order, toOrderBody } from './bodies.ts';

/** RFC 5321: the longest address that a mail can be sent to. */
const EMAIL_CHARACTERS_MAX = 254;
const $Email = z.email().max(EMAIL_CHARACTERS_MAX);
const $Holder = z.strictObject({
  name: $Name.optional(),
  firstName: $Name.optional(),
  lastName: $Name.optional(),
  email: $Email.optional(),
});

/** Words that reports are grouped by; they are part of a key. */
const PAYMENT_TYPE_CHARACTERS_MAX = 40;
export const $PaymentType = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]*[\p{L}\p{N}.])?$/u, 'must be letters, digits and spaces')
  .max(PAYMENT_TYPE_CHARACTERS_MAX)
  .meta({ examples: ['CASH', 'CARD', 'COMPLIMENTARY'] });

const $Card = z
  .union([z.boolean(), z.strictObject({ international: z.boolean().optional() })])
  .meta({ description: 'Paid by card: its fee is charged. `international` for one from abroad.' });

const SHARED = { family: 'orders', scope: 'organizer' } as const;
const $EventParams = z.strictObject({ eventId: $ClientId });
/** An order id as the list is sorted by it. */
const POSITION = /^[0-9]{16}$/;

type Deps = SellDeps & ViewDeps & { readonly events: Pick<EventStore, 'find'> };

const postContract = {
  ...SHARED,
  operationId: 'createOrder',
  method: 'POST',
  path: '/v1/events/{eventId}/orders',
  summary: 'Sell tickets. With a payment they are paid in full; without one they are to be paid.',
  params: $EventParams,
  body: z.strictObject({
    orderId: z.optional($NumericId),
    buyer: $Holder.omit({ name: true }).optional(),
    items: z
      .array(
        z.strictObject({
          ticketTypeId: $NumericId,
          quantity: z.int().min(1).max(ORDER_TICKETS_MAX),
          holders: z.array($Holder).max(ORDER_TICKETS_MAX).optional(),
        }),
      )
      .min(1)
      .max(ORDER_TICKETS_MAX),
    payment: z
      .strictObject({ paymentType: $PaymentType, card: $Card.optional() })
      .optional()
      .meta({ description: 'COMPLIMENTARY gives the tickets away, whatever their types cost.' }),
  }),
  success: 201,
  response: $Order,
  refusals: ['not_found', 'sold_out', 'event_over', 'already_exists'],
} as const satisfies Contract;

type Body = z.output<(typeof postContract)['body']>;

const postOrder = defineRoute(postContract, async (deps: Deps, request) => {
  const { actor, params, body, nowMs, requestKey } = request;
  const { organizationId } = actor;
  const sale: Sale = { ...body, payment: body.payment && toPayment(body.payment) };
  const ids = { organizationId, eventId: params.eventId };
  const sold = await sellTickets(deps, { ...ids, sale, requestKey, nowMs });
  const view = await viewChanged(deps, sold);
  return view.ok ? ok(toOrderBody(view.value)) : view;
});

function toPayment({ paymentType, card }: NonNullable<Body['payment']>): Sale['payment'] {
  const isCard = card === undefined ? isCardPayment(paymentType) : card !== false;
  if (!isCard) return { paymentType };
  const isInternational = typeof card === 'object' && card.international === true;
  return { paymentType, card: { isInternational } };
}

const listContract = {
  ...SHARED,
  operationId: 'listOrders',
  method: 'GET',
  path: '/v1/events/{eventId}/orders',
  summary:
    'List the orders of an event by id, imported ones too. A page may be short and still have a next one.',
  params: $EventParams,
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Order), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const listOrders = defineRoute(listContract, async (deps: Deps, { actor, params, query }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const ids = { organizationId: actor.organizationId, eventId: params.eventId };
  const orders = await listOrderViews(deps, ids, page.value);
  return orders.ok ? ok(toPageBody(orders.value, toOrderBody)) : orders;
});

const getContract = {
  ...SHARED,
  operationId: 'getOrder',
  method: 'GET',
  path: '/v1/orders/{orderId}',
  summary: 'Read an order, also one that an import made.',
  params: z.strictObject({ orderId: $NumericIdText }),
  success: 200,
  response: $Order,
  refusals: ['not_found'],
} as const satisfies Contract;

const getOrder = defineRoute(getContract, async (deps: Deps, { actor, params }) => {
  const ids = { organizationId: actor.organizationId, orderId: params.orderId };
  const view = await findOrderView(deps, ids);
  return view.ok ? ok(toOrderBody(view.value)) : view;
});

export const orderRoutes = [postOrder, listOrders, getOrder];
