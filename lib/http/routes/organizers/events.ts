// GET, POST /v1/events and GET, PATCH /v1/events/{eventId}.
import * as z from 'zod';
import type { EventStore, EventWithStock } from '../../../app/event-ports.ts';
import { createEvent, updateEvent } from '../../../app/manage-events.ts';
import {
  GATES_MAX,
  REENTRY_POLICIES,
  TICKET_TYPES_MAX,
  toAvailable,
  toSymbology,
} from '../../../domain/event.ts';
import { CHOICES_MAX, FIELD_TYPES, FIELDS_MAX } from '../../../domain/swaps/personalization.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { SYMBOLOGIES } from '../../../domain/symbology.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $DateTime, $NumericId, $PageQuery } from '../../schemas.ts';
import { $Capacity, $Country, $Currency, $Name, $Timezone } from './bodies.ts';

const $Gate = z.strictObject({
  gateId: $ClientId,
  name: $Name,
  ticketTypeIds: z.array($NumericId).min(1).max(TICKET_TYPES_MAX).exactOptional(),
  from: z.exactOptional($DateTime),
  until: z.exactOptional($DateTime),
});

const $PersonalizationField = z
  .strictObject({
    name: $ClientId,
    label: $Name,
    type: z.enum(FIELD_TYPES),
    helperText: z.string().max(500).exactOptional(),
    isRequired: z.boolean().default(false),
    choices: z.array($Name).min(1).max(CHOICES_MAX).exactOptional(),
  })
  .refine(({ type, choices }) => (choices !== undefined) === type.endsWith('_choice'), {
    path: ['choices'],
    message: 'must be there with a choice, and only there',
  });

const SETTINGS = {
  eventUrl: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/,
      'must be 1 to 80 lower-case letters, digits and hyphens',
    ),
  name: $Name,
  startsAt: $DateTime,
  endsAt: $DateTime,
  timezone: $Timezone,
  currency: $Currency,
  country: $Country,
};
const OPTIONAL_SETTINGS = {
  capacity: $Capacity.optional(),
  secureSwap: z.boolean().optional(),
  personalizationFields: z.array($PersonalizationField).max(FIELDS_MAX).exactOptional(),
  gates: z.array($Gate).max(GATES_MAX).optional(),
  reentry: z.enum(REENTRY_POLICIES).optional(),
  symbology: z.enum(SYMBOLOGIES).exactOptional(),
};

const $Count = z.int().min(0);
const $Event = z
  .object({
    eventId: z.string(),
    ...SETTINGS,
    secureSwap: z.boolean(),
    personalizationFields: z.array($PersonalizationField).exactOptional(),
    gates: z.array($Gate),
    reentry: z.enum(REENTRY_POLICIES),
    symbology: z.enum(SYMBOLOGIES),
    capacity: $Count.nullable(),
    sold: $Count,
    imported: $Count,
    held: $Count,
    available: $Count.nullable(),
    createdAt: z.string(),
    version: z.int(),
  })
  .meta({ id: 'Event' });

/** With what is held of it at the moment of the answer. */
async function toEventBody(
  { events }: { readonly events: Pick<EventStore, 'countHeld'> },
  { event, stock }: EventWithStock,
  nowMs: number,
) {
  const held = await events.countHeld(event.organizationId, event.eventId, nowMs);
  return {
    ...event,
    symbology: toSymbology(event),
    capacity: stock.capacity ?? null,
    sold: stock.sold,
    imported: stock.imported,
    held: held.event,
    available: toAvailable(stock) ?? null,
  };
}

interface Deps {
  readonly events: EventStore;
}
/** When an event was made and its id: the list is sorted by them. */
const POSITION = /^[0-9TZ:.-]{24}#[A-Za-z0-9_-]{1,40}$/;
const SHARED = { family: 'organizers', scope: 'organizer' } as const;
const $EventParams = z.strictObject({ eventId: $ClientId });

const postContract = {
  ...SHARED,
  operationId: 'createEvent',
  method: 'POST',
  path: '/v1/events',
  summary: 'Create an event. Bring your own eventId to make a repeat harmless.',
  body: z.strictObject({ eventId: z.optional($ClientId), ...SETTINGS, ...OPTIONAL_SETTINGS }),
  success: 201,
  response: $Event,
  refusals: ['already_exists', 'event_url_taken', 'not_found'],
} as const satisfies Contract;

const postEvent = defineRoute(postContract, async (deps: Deps, { actor, body, nowMs }) => {
  const { organizationId } = actor;
  const created = await createEvent(deps, { organizationId, nowMs, event: body });
  return created.ok ? ok(await toEventBody(deps, created.value, nowMs)) : created;
});

const listContract = {
  ...SHARED,
  operationId: 'listEvents',
  method: 'GET',
  path: '/v1/events',
  summary: 'List the events, newest first.',
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Event), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const listEvents = defineRoute(listContract, async (deps: Deps, { actor, query, nowMs }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const found = await deps.events.list(actor.organizationId, page.value);
  const items = await Promise.all(found.items.map(async (each) => toEventBody(deps, each, nowMs)));
  return ok(toPageBody({ ...found, items }, (body) => body));
});

const getContract = {
  ...SHARED,
  operationId: 'getEvent',
  method: 'GET',
  path: '/v1/events/{eventId}',
  summary: 'Read an event with its numbers of tickets.',
  params: $EventParams,
  success: 200,
  response: $Event,
  refusals: ['not_found'],
} as const satisfies Contract;

const getEvent = defineRoute(getContract, async (deps: Deps, { actor, params, nowMs }) => {
  const found = await deps.events.find(actor.organizationId, params.eventId);
  return found === undefined ? refuse('not_found') : ok(await toEventBody(deps, found, nowMs));
});

const patchContract = {
  ...SHARED,
  operationId: 'patchEvent',
  method: 'PATCH',
  path: '/v1/events/{eventId}',
  summary: 'Change an event. The door knows it within 30 seconds.',
  params: $EventParams,
  body: z.strictObject({ ...z.object(SETTINGS).partial().shape, ...OPTIONAL_SETTINGS }),
  success: 200,
  response: $Event,
  refusals: ['not_found', 'precondition_failed', 'event_url_taken'],
} as const satisfies Contract;

const patchEvent = defineRoute(
  patchContract,
  async (deps: Deps, { actor, params, body, ifMatch, nowMs }) => {
    const { organizationId } = actor;
    const ids = { organizationId, eventId: params.eventId };
    const updated = await updateEvent(deps, { ...ids, ifMatch, change: body });
    return updated.ok ? ok(await toEventBody(deps, updated.value, nowMs)) : updated;
  },
);

export const eventRoutes = [postEvent, listEvents, getEvent, patchEvent];
