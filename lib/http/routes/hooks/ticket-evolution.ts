// Ticket Evolution's order integration (reference A1): hold with Remote ID, quantity and Global ID, then release or
// invoice by the Global ID. What the calls do is Ticket Evolution's; paths, field names and statuses are ours.
import * as z from 'zod';
import { withoutAbsent } from '../../../app/change.ts';
import { findOpenChannel, type OpenChannelDeps } from '../../../app/channels/find-open-channel.ts';
import { releaseHold } from '../../../app/marketplaces/change-hold.ts';
import { type InvoiceDeps, invoiceHold } from '../../../app/marketplaces/invoice-hold.ts';
import { placeHold, type PlaceHoldDeps } from '../../../app/marketplaces/place-hold.ts';
import type { Actor } from '../../../domain/access.ts';
import type { Hold } from '../../../domain/marketplaces/hold.ts';
import { toWireDigest } from '../../../domain/marketplaces/evidence.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute, type VendorErrors } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $Channel, $Seat, type HoldDeps, HOOKS, toAsking, toNumber, toSeat } from './shared.ts';

const toOurs = (actor: Actor, nowMs: number) => toAsking(actor, nowMs, ['ticket-evolution']);

/** Their own API tells an error in words. */
export const TICKET_EVOLUTION_ERRORS: VendorErrors = {
  name: 'TicketEvolution',
  statuses: {},
  properties: { error: 'string', message: 'string' },
  required: ['error', 'message'],
  toBody: ({ code, detail, errors }) => ({
    error: code,
    message:
      errors?.map((fault) => `${fault.pointer} ${fault.detail}`).join('; ') ??
      detail ??
      code.replaceAll('_', ' '),
  }),
};

const SHARED = { ...HOOKS, vendorErrors: TICKET_EVOLUTION_ERRORS } as const;
const BASE = '/hooks/{channelId}/order-integration/holds';
const $GlobalId = z.string().pipe($ClientId);
const ONE = {
  ...SHARED,
  params: z.object({ ...$Channel, globalId: $GlobalId }),
} as const;

/** More fields than these may come: they are neither read nor kept. */
const $HoldRequest = z.object({
  remote_id: z.string().min(1).max(40),
  quantity: z.int().min(1).max(40),
  global_id: $GlobalId,
});
const $Hold = z
  .object({
    global_id: z.string(),
    remote_id: z.string(),
    state: z.enum(['held', 'invoiced', 'released', 'expired']),
    quantity: z.int(),
    seats: z.array($Seat),
    price: z.number(),
    currency: z.string(),
    hold_until: z.string(),
  })
  .meta({ id: 'TicketEvolutionHold' });

const toBody = (hold: Hold) => ({
  global_id: hold.holdRequestId,
  remote_id: hold.listingId,
  state: hold.status.toLowerCase() as 'held',
  quantity: hold.quantity,
  seats: hold.tickets.map(toSeat),
  price: toNumber(hold),
  currency: hold.currency,
  hold_until: new Date(hold.expiresAtMs).toISOString(),
});

const holdContract = {
  ...SHARED,
  operationId: 'ticketEvolutionHold',
  method: 'POST',
  path: BASE,
  summary:
    'Hold tickets of a listing (Remote ID) for an order (Global ID); a repeat tells the same.',
  params: z.object($Channel),
  body: $HoldRequest,
  success: 201,
  response: $Hold,
  refusals: ['not_found', 'not_available', 'invalid_split', 'hold_released', 'id_reused'],
} as const satisfies Contract;

const hold = defineRoute(
  holdContract,
  async (deps: PlaceHoldDeps & OpenChannelDeps, { actor, body, nowMs }) => {
    const asking = toOurs(actor, nowMs);
    if (!asking.ok) return asking;
    const channel = await findOpenChannel(deps, asking.value);
    if (!channel.ok) return channel;
    const { remote_id: listingId, quantity, global_id: holdRequestId } = body;
    const { holdMinutes } = channel.value;
    const asked = { ...asking.value, holdRequestId, listingId, quantity, holdMinutes };
    const placed = await placeHold(deps, asked);
    return placed.ok ? ok(toBody(placed.value)) : placed;
  },
);

const releaseContract = {
  ...ONE,
  operationId: 'ticketEvolutionRelease',
  method: 'DELETE',
  path: `${BASE}/{globalId}`,
  summary: 'Release what is held for an order that was not made; may come first, and again.',
  success: 200,
  response: z.object({ global_id: z.string(), state: z.literal('released') }),
  refusals: ['not_found', 'already_invoiced'],
} as const satisfies Contract;

const release = defineRoute(releaseContract, async (deps: HoldDeps, { actor, params, nowMs }) => {
  const asking = toOurs(actor, nowMs);
  if (!asking.ok) return asking;
  const { globalId: holdRequestId } = params;
  const released = await releaseHold(deps, { ...asking.value, holdRequestId });
  return released.ok ? ok({ global_id: holdRequestId, state: 'released' as const }) : released;
});

const $Name = z.string().trim().max(200).optional();
const invoiceContract = {
  ...ONE,
  operationId: 'ticketEvolutionInvoice',
  method: 'POST',
  path: `${BASE}/{globalId}/invoice`,
  summary: 'Buy what is held; without an order id the order is called by the Global ID.',
  body: z.object({
    order_id: z.union([z.string().min(1).max(100), z.int().positive()]).optional(),
    buyer: z
      .object({
        first_name: $Name,
        last_name: $Name,
        email: z.string().trim().max(320).optional(),
      })
      .optional(),
  }),
  success: 201,
  response: z.object({
    global_id: z.string(),
    state: z.literal('invoiced'),
    invoice_id: z.int(),
    tickets: z.array($Seat.extend({ barcode: z.string() })),
  }),
  refusals: ['not_found', 'hold_expired', 'hold_released', 'already_invoiced', 'not_available'],
} as const satisfies Contract;

const invoice = defineRoute(invoiceContract, async (deps: InvoiceDeps, request) => {
  const { actor, params, body, nowMs } = request;
  const asking = toOurs(actor, nowMs);
  if (!asking.ok) return asking;
  const { globalId: holdRequestId } = params;
  const { order_id: marketplaceOrderId = holdRequestId, buyer } = body;
  const invoiced = await invoiceHold(deps, {
    ...asking.value,
    by: actor.keyId,
    payloadDigest: toWireDigest(request.text),
    holdRequestId,
    marketplaceOrderId: String(marketplaceOrderId),
    buyer: withoutAbsent({
      firstName: buyer?.first_name,
      lastName: buyer?.last_name,
      email: buyer?.email,
    }),
  });
  if (!invoiced.ok) return invoiced;
  const { orderId: invoice_id, tickets: sold } = invoiced.value;
  const tickets = sold.map((ticket) => ({ ...toSeat(ticket), barcode: ticket.barcode }));
  return ok({ global_id: holdRequestId, state: 'invoiced' as const, invoice_id, tickets });
});

export const ticketEvolutionRoutes = [hold, release, invoice];
