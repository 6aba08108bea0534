// GET, POST /v1/events/{eventId}/ticket-types and GET, PATCH /v1/ticket-types/{ticketTypeId}.
import * as z from 'zod';
import type { EventStore, TicketTypeWithStock } from '../../../app/event-ports.ts';
import {
  createTicketType,
  findTicketType,
  updateTicketType,
} from '../../../app/manage-ticket-types.ts';
import type { Actor } from '../../../domain/access.ts';
import { type HeldCounts, TICKET_TYPE_KINDS, toAvailable } from '../../../domain/event.ts';
import { ok, refuse, type Result } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId, $NumericId, $NumericIdText } from '../../schemas.ts';
import { $Capacity, $Money, $Name } from './bodies.ts';

const $Count = z.int().min(0);
const $TicketType = z
  .object({
    ticketTypeId: $NumericId,
    eventId: z.string(),
    name: z.string(),
    kind: z.enum(TICKET_TYPE_KINDS),
    price: $Money,
    capacity: $Count.nullable(),
    sold: $Count,
    imported: $Count,
    held: $Count,
    available: $Count.nullable(),
    createdAt: z.string(),
    version: z.int(),
  })
  .meta({ id: 'TicketType' });

type Found = TicketTypeWithStock & { readonly currency: string };

const toTypeBody = ({ type, stock, currency }: Found, held: HeldCounts) => ({
  ...type,
  price: { amountMinor: type.priceMinor, currency },
  capacity: stock.capacity ?? null,
  sold: stock.sold,
  imported: stock.imported,
  held: held.types.get(type.ticketTypeId) ?? 0,
  available: toAvailable(stock) ?? null,
});

/** With what is held of it at the moment of the answer. */
async function tell(
  { events }: Deps,
  found: Result<Found>,
  { actor, nowMs }: { readonly actor: Actor; readonly nowMs: number },
) {
  if (!found.ok) return found;
  const { eventId } = found.value.type;
  return ok(toTypeBody(found.value, await events.countHeld(actor.organizationId, eventId, nowMs)));
}

interface Deps {
  readonly events: EventStore;
}
const SHARED = { family: 'organizers', scope: 'organizer' } as const;

const postContract = {
  ...SHARED,
  operationId: 'createTicketType',
  method: 'POST',
  path: '/v1/events/{eventId}/ticket-types',
  summary: 'Create a ticket type. Bring your own ticketTypeId to make a repeat harmless.',
  params: z.strictObject({ eventId: $ClientId }),
  body: z.strictObject({
    ticketTypeId: z.optional($NumericId),
    name: $Name,
    kind: z.enum(TICKET_TYPE_KINDS).default('single'),
    price: $Money,
    capacity: $Capacity.optional(),
  }),
  success: 201,
  response: $TicketType,
  refusals: ['not_found', 'already_exists', 'limit_reached'],
} as const satisfies Contract;

const postTicketType = defineRoute(
  postContract,
  async (deps: Deps, { actor, params, body, nowMs }) => {
    const { price, ...type } = body;
    const created = await createTicketType(deps, {
      organizationId: actor.organizationId,
      eventId: params.eventId,
      nowMs,
      type: { ...type, priceMinor: price.amountMinor, currency: price.currency },
    });
    return tell(deps, created, { actor, nowMs });
  },
);

const listContract = {
  ...SHARED,
  operationId: 'listTicketTypes',
  method: 'GET',
  path: '/v1/events/{eventId}/ticket-types',
  summary: "List an event's ticket types: all of them on one page.",
  params: z.strictObject({ eventId: $ClientId }),
  success: 200,
  response: z.object({ items: z.array($TicketType), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const listTicketTypes = defineRoute(
  listContract,
  async ({ events }: Deps, { actor, params, nowMs }) => {
    const { organizationId } = actor;
    const found = await events.find(organizationId, params.eventId);
    if (found === undefined) return refuse('not_found');
    const { currency } = found.event;
    const [types, held] = await Promise.all([
      events.listTicketTypes(organizationId, params.eventId),
      events.countHeld(organizationId, params.eventId, nowMs),
    ]);
    return ok({ items: types.map((type) => toTypeBody({ ...type, currency }, held)) });
  },
);

const $TypeParams = z.strictObject({ ticketTypeId: $NumericIdText });

const getContract = {
  ...SHARED,
  operationId: 'getTicketType',
  method: 'GET',
  path: '/v1/ticket-types/{ticketTypeId}',
  summary: 'Read a ticket type.',
  params: $TypeParams,
  success: 200,
  response: $TicketType,
  refusals: ['not_found'],
} as const satisfies Contract;

const getTicketType = defineRoute(getContract, async (deps: Deps, { actor, params, nowMs }) => {
  const { organizationId } = actor;
  const found = await findTicketType(deps, { organizationId, ticketTypeId: params.ticketTypeId });
  return tell(deps, found, { actor, nowMs });
});

const patchContract = {
  ...SHARED,
  operationId: 'patchTicketType',
  method: 'PATCH',
  path: '/v1/ticket-types/{ticketTypeId}',
  summary: 'Change a ticket type. Tickets that were sold keep what they were sold for.',
  params: $TypeParams,
  body: z.strictObject({
    name: $Name.optional(),
    kind: z.enum(TICKET_TYPE_KINDS).optional(),
    price: $Money.optional(),
    capacity: $Capacity.optional(),
  }),
  success: 200,
  response: $TicketType,
  refusals: ['not_found', 'precondition_failed'],
} as const satisfies Contract;

const patchTicketType = defineRoute(
  patchContract,
  async (deps: Deps, { actor, params, body, ifMatch, nowMs }) => {
    const { price, ...change } = body;
    const updated = await updateTicketType(deps, {
      organizationId: actor.organizationId,
      ticketTypeId: params.ticketTypeId,
      ifMatch,
      change: { ...change, priceMinor: price?.amountMinor, currency: price?.currency },
    });
    return tell(deps, updated, { actor, nowMs });
  },
);

export const ticketTypeRoutes = [postTicketType, listTicketTypes, getTicketType, patchTicketType];
