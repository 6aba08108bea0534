// GET /v1/events/{eventId}/tickets and GET /v1/tickets/{eventTicketId}.
import * as z from 'zod';
import type { EventStore } from '../../../app/event-ports.ts';
import type { TicketStore } from '../../../app/ticket-ports.ts';
import { ORIGINS, TICKET_STATUSES } from '../../../domain/ticket.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $NumericIdText, $PageQuery } from '../../schemas.ts';
import { $Ticket, $TicketDetails, readDetails, toTicketBody } from './ticket-body.ts';

interface Deps {
  readonly events: Pick<EventStore, 'find'>;
  readonly tickets: TicketStore;
}
/** A ticket id as the list is sorted by it. */
const POSITION = /^[0-9]{16}$/;
const SHARED = { family: 'tickets', scope: 'organizer' } as const;

const listContract = {
  ...SHARED,
  operationId: 'listTickets',
  method: 'GET',
  path: '/v1/events/{eventId}/tickets',
  summary:
    'List the tickets of an event by id. A filtered page may be short and still have a next one.',
  params: z.strictObject({ eventId: $ClientId }),
  query: z.strictObject({
    ...$PageQuery.shape,
    status: z.enum(TICKET_STATUSES).optional(),
    origin: z.enum(ORIGINS).optional(),
    ticketTypeId: z.optional($NumericIdText),
    orderId: z.optional($NumericIdText),
  }),
  success: 200,
  response: z.object({ items: z.array($Ticket), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const listTickets = defineRoute(listContract, async (deps: Deps, { actor, params, query }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const ids = { organizationId: actor.organizationId, eventId: params.eventId };
  const found = await deps.events.find(ids.organizationId, ids.eventId);
  if (found === undefined) return refuse('not_found');
  const { status, origin, ticketTypeId, orderId } = query;
  const filter = { status, origin, ticketTypeId, orderId };
  const tickets = await deps.tickets.listByEvent(ids, filter, page.value);
  return ok(toPageBody(tickets, (ticket) => toTicketBody(ticket, found.event.currency)));
});

const getContract = {
  ...SHARED,
  operationId: 'getTicket',
  method: 'GET',
  path: '/v1/tickets/{eventTicketId}',
  summary: 'Read a ticket as it is this moment, with what happened to it, newest first.',
  params: z.strictObject({ eventTicketId: $NumericIdText }),
  success: 200,
  response: $TicketDetails,
  refusals: ['not_found'],
} as const satisfies Contract;

const getTicket = defineRoute(getContract, async (deps: Deps, { actor, params }) => {
  const ticket = await deps.tickets.find(actor.organizationId, params.eventTicketId);
  return ticket === undefined ? refuse('not_found') : readDetails(deps, ticket);
});

export const ticketRoutes = [listTickets, getTicket];
