// GET /ticketswap/tickets/{uniqueIdentifier}: the tickets of an order that can still be used, by the order's id.
import * as z from 'zod';
import { loadOrderViews } from '../../../app/swaps/load-order-views.ts';
import type { ResaleView } from '../../../app/swaps/load-resale.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $NumericId, $NumericIdText } from '../../schemas.ts';
import { $SwapEvent, $SwapType, TICKETSWAP, toDates, toSwapEvent } from './bodies.ts';

const contract = {
  ...TICKETSWAP,
  operationId: 'ticketswapTickets',
  method: 'GET',
  path: '/ticketswap/tickets/{uniqueIdentifier}',
  summary: "List an order's tickets that still stand, with prices in minor units.",
  params: z.strictObject({ uniqueIdentifier: $NumericIdText }),
  success: 200,
  response: z.array(
    z.object({
      id: $NumericId,
      barcode: z.string(),
      valid: z.boolean(),
      swappable: z.boolean(),
      event: $SwapEvent,
      type: $SwapType.extend({ price: z.int(), service_fee: z.int(), currency: z.string() }),
    }),
  ),
  refusals: ['not_found'],
  errors: { field: 'error_code', notFound: 'TICKETS_NOT_FOUND' },
} as const satisfies Contract;

const toTicketBody = ({ ticket, event, type, price, resale }: ResaleView) => ({
  id: ticket.eventTicketId,
  barcode: ticket.barcode,
  valid: resale.valid,
  swappable: resale.swappable,
  event: toSwapEvent(event),
  type: {
    id: type.ticketTypeId,
    name: type.name,
    ...toDates(event),
    price: price.priceMinor,
    service_fee: price.feeMinor,
    currency: event.currency,
  },
});

type Deps = Parameters<typeof loadOrderViews>[0];

export const listOrderTickets = defineRoute(contract, async (deps: Deps, request) => {
  const { actor, params, nowMs } = request;
  const ids = { organizationId: actor.organizationId, orderId: params.uniqueIdentifier };
  const views = await loadOrderViews(deps, ids, nowMs);
  return views.length === 0 ? refuse('not_found') : ok(views.map(toTicketBody));
});
