// GET /ticketswap/events and /ticketswap/events/{id}: what may be resold here, with prices in minor units.
import * as z from 'zod';
import {
  findCatalogueEvent,
  listCatalogue,
  type CatalogueDeps,
} from '../../../app/swaps/catalogue.ts';
import type { Event, TicketType } from '../../../domain/event.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $SwapEvent, $SwapType, TICKETSWAP, toDates, toSwapEvent } from './bodies.ts';

const $CatalogueEvent = $SwapEvent
  .extend({
    swap_available_until: z.string(),
    types: z.array(
      $SwapType.extend({ price: z.int(), service_fee: z.int(), currency: z.string() }),
    ),
  })
  .meta({ id: 'TicketSwapEvent' });

const toCatalogueEvent = ({
  event,
  types,
}: {
  readonly event: Event;
  readonly types: readonly TicketType[];
}) => ({
  ...toSwapEvent(event),
  swap_available_until: event.endsAt,
  types: types.map((type) => ({
    id: type.ticketTypeId,
    name: type.name,
    ...toDates(event),
    price: type.priceMinor,
    service_fee: 0,
    currency: event.currency,
  })),
});

const SHARED = {
  ...TICKETSWAP,
  method: 'GET',
  success: 200,
  errors: { field: 'error_code', notFound: 'EVENT_NOT_FOUND' },
} as const;

const listContract = {
  ...SHARED,
  operationId: 'ticketswapEvents',
  path: '/ticketswap/events',
  summary: 'List the events whose tickets may be swapped, newest first, until they are over.',
  response: z.array($CatalogueEvent),
  refusals: ['not_found'],
} as const satisfies Contract;

const listEvents = defineRoute(listContract, async (deps: CatalogueDeps, { actor, nowMs }) =>
  ok((await listCatalogue(deps, actor.organizationId, nowMs)).map(toCatalogueEvent)),
);

const getContract = {
  ...SHARED,
  operationId: 'ticketswapEvent',
  path: '/ticketswap/events/{id}',
  summary: 'Read one of these events.',
  params: z.strictObject({ id: $ClientId }),
  response: $CatalogueEvent,
  refusals: ['not_found'],
} as const satisfies Contract;

const getEvent = defineRoute(getContract, async (deps: CatalogueDeps, { actor, params, nowMs }) => {
  const ids = { organizationId: actor.organizationId, eventId: params.id };
  const found = await findCatalogueEvent(deps, ids, nowMs);
  return found === undefined ? refuse('not_found') : ok(toCatalogueEvent(found));
});

export const catalogueRoutes = [listEvents, getEvent];
