// What a marketplace calls under /v1/marketplaces/{marketplace}: is it available, hold it, keep it, let it go, sell it.
import * as z from 'zod';
import { findOpenChannel, type OpenChannelDeps } from '../../../app/channels/find-open-channel.ts';
import { checkAvailability } from '../../../app/marketplaces/availability.ts';
import { extendHold, readHold, releaseHold } from '../../../app/marketplaces/change-hold.ts';
import { invoiceHold, type InvoiceDeps } from '../../../app/marketplaces/invoice-hold.ts';
import {
  holdsLoosely,
  type LooseHoldDeps,
  placeLooseHold,
} from '../../../app/marketplaces/loose-holds.ts';
import { placeHold, type PlaceHoldDeps } from '../../../app/marketplaces/place-hold.ts';
import type { HoldStore } from '../../../app/marketplace-ports.ts';
import { toWireDigest } from '../../../domain/marketplaces/evidence.ts';
import { type Result, ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId, $DateTime, $NumericId } from '../../schemas.ts';
import { $Email, $Money, $Name } from '../organizers/bodies.ts';
import {
  $Availability,
  $Hold,
  $MarketplaceParam,
  $OwnId,
  $Quantity,
  $Seat,
  toHoldBody,
} from './bodies.ts';
import { toCaller } from './caller.ts';

export type MarketplaceDeps = PlaceHoldDeps &
  InvoiceDeps &
  OpenChannelDeps &
  Pick<LooseHoldDeps, 'looseHolds'> & { readonly holds: HoldStore };

const SHARED = { family: 'marketplaces', scope: 'marketplace' } as const;
const HOLDS = '/v1/marketplaces/{marketplace}/holds';
const ONE = {
  ...SHARED,
  path: `${HOLDS}/{holdRequestId}`,
  params: z.strictObject({ marketplace: $MarketplaceParam, holdRequestId: $OwnId }),
} as const;

const toBody = (hold: Result<Parameters<typeof toHoldBody>[0]>) =>
  hold.ok ? ok(toHoldBody(hold.value)) : hold;

const availabilityContract = {
  ...SHARED,
  operationId: 'checkAvailability',
  method: 'GET',
  path: '/v1/marketplaces/{marketplace}/listings/{listingId}',
  summary: 'Ask whether tickets of a listing are still available.',
  params: z.strictObject({ marketplace: $MarketplaceParam, listingId: $ClientId }),
  query: z.strictObject({
    quantity: z
      .string()
      .regex(/^[1-9][0-9]{0,3}$/, 'must be a positive integer')
      .transform(Number)
      .optional(),
  }),
  success: 200,
  response: z.object($Availability),
  refusals: ['not_found'],
} as const satisfies Contract;

const availability = defineRoute(
  availabilityContract,
  async (deps: MarketplaceDeps, { actor, params, query, nowMs }) => {
    const caller = toCaller(actor, params);
    if (!caller.ok) return caller;
    const { listingId } = params;
    const channel = await findOpenChannel(deps, caller.value);
    if (!channel.ok) return channel;
    return checkAvailability(deps, { ...caller.value, listingId, ...query, nowMs });
  },
);

const placeContract = {
  ...SHARED,
  operationId: 'placeHold',
  method: 'POST',
  path: HOLDS,
  summary:
    'Hold tickets of a listing for a buyer; the same request again answers the same hold. Of an ION marketplace it binds nobody.',
  params: z.strictObject({ marketplace: $MarketplaceParam }),
  body: z.strictObject({
    holdRequestId: $OwnId,
    listingId: $ClientId,
    quantity: $Quantity,
    unitPrice: $Money.optional().meta({ description: 'Refused if the listing has another one.' }),
    expiresAt: z
      .optional($DateTime)
      .meta({ description: "At most the channel's holdMinutes from now; a later one is cut." }),
  }),
  success: 201,
  response: $Hold,
  refusals: [
    'not_found',
    'not_available',
    'price_changed',
    'invalid_split',
    'hold_released',
    'id_reused',
  ],
} as const satisfies Contract;

const place = defineRoute(placeContract, async (deps: MarketplaceDeps, request) => {
  const { actor, params, body, nowMs } = request;
  const caller = toCaller(actor, params);
  if (!caller.ok) return caller;
  const channel = await findOpenChannel(deps, caller.value);
  if (!channel.ok) return channel;
  const { expiresAt, ...fields } = body;
  const asked = {
    ...caller.value,
    ...fields,
    expiresAtMs: expiresAt === undefined ? undefined : Date.parse(expiresAt),
    holdMinutes: channel.value.holdMinutes,
    nowMs,
  };
  const isLoose = holdsLoosely(asked.marketplace);
  return toBody(isLoose ? await placeLooseHold(deps, asked) : await placeHold(deps, asked));
});

const readContract = {
  ...ONE,
  operationId: 'getHold',
  method: 'GET',
  summary: 'Read a hold as it is now.',
  success: 200,
  response: $Hold,
  refusals: ['not_found'],
} as const satisfies Contract;

const read = defineRoute(readContract, async (deps: MarketplaceDeps, { actor, params, nowMs }) => {
  const caller = toCaller(actor, params);
  if (!caller.ok) return caller;
  return toBody(await readHold(deps, { ...params, ...caller.value, nowMs }));
});

const extendContract = {
  ...ONE,
  operationId: 'extendHold',
  method: 'PATCH',
  summary: "Keep a hold longer: at most the channel's holdMinutes from now, a later time is cut.",
  body: z.strictObject({ expiresAt: $DateTime }),
  success: 200,
  response: $Hold,
  refusals: ['not_found', 'hold_expired', 'hold_released', 'already_invoiced'],
} as const satisfies Contract;

const extend = defineRoute(extendContract, async (deps: MarketplaceDeps, request) => {
  const { actor, params, body, nowMs } = request;
  const caller = toCaller(actor, params);
  if (!caller.ok) return caller;
  const channel = await findOpenChannel(deps, caller.value);
  if (!channel.ok) return channel;
  const extended = await extendHold(deps, {
    ...params,
    ...caller.value,
    expiresAtMs: Date.parse(body.expiresAt),
    holdMinutes: channel.value.holdMinutes,
    nowMs,
  });
  return toBody(extended);
});

const releaseContract = {
  ...ONE,
  operationId: 'releaseHold',
  method: 'DELETE',
  summary: 'Let a hold go. Repeat-safe, and remembered when it comes before its hold.',
  success: 204,
  refusals: ['not_found', 'already_invoiced'],
} as const satisfies Contract;

const release = defineRoute(
  releaseContract,
  async (deps: MarketplaceDeps, { actor, params, nowMs }) => {
    const caller = toCaller(actor, params);
    if (!caller.ok) return caller;
    return releaseHold(deps, { ...params, ...caller.value, nowMs });
  },
);

const invoiceContract = {
  ...ONE,
  operationId: 'invoiceHold',
  method: 'POST',
  path: `${HOLDS}/{holdRequestId}/invoice`,
  summary: 'Sell what is held: by this call the sale is confirmed. Repeat-safe by the order id.',
  body: z.strictObject({
    marketplaceOrderId: $OwnId,
    buyer: z
      .strictObject({
        name: $Name.optional(),
        firstName: $Name.optional(),
        lastName: $Name.optional(),
        email: $Email.optional(),
      })
      .optional(),
  }),
  success: 201,
  response: z.object({
    saleId: z.string(),
    status: z.enum(['CONFIRMED']),
    marketplaceOrderId: z.string(),
    orderId: $NumericId,
    tickets: z.array(
      z.object({
        eventTicketId: $NumericId,
        ticketTypeId: $NumericId,
        barcode: z.string(),
        ...$Seat.shape,
      }),
    ),
  }),
  refusals: ['not_found', 'already_invoiced', 'hold_expired', 'hold_released', 'not_available'],
} as const satisfies Contract;

const invoice = defineRoute(invoiceContract, async (deps: MarketplaceDeps, request) => {
  const { actor, params, body, text, nowMs } = request;
  const caller = toCaller(actor, params);
  if (!caller.ok) return caller;
  const payloadDigest = toWireDigest(text);
  return invoiceHold(deps, { ...params, ...body, ...caller.value, payloadDigest, nowMs });
});

export const holdRoutes = [availability, place, read, extend, release, invoice];
