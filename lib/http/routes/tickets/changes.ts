// POST /v1/tickets/{eventTicketId}/block, /unblock, /reissue and /cancel.
import * as z from 'zod';
import { cancelTicket, type CancelTicketDeps } from '../../../app/tickets/cancel-ticket.ts';
import { changeTicket, type ChangeTicketDeps } from '../../../app/tickets/change-ticket.ts';
import type { TicketChange } from '../../../domain/ticket-transitions.ts';
import { type Contract, defineRoute, type RouteRequest } from '../../contract.ts';
import { $NumericIdText } from '../../schemas.ts';
import { $TicketDetails, readDetails, type ReadDeps } from './ticket-body.ts';

const SHARED = {
  family: 'tickets',
  scope: 'organizer',
  method: 'POST',
  params: z.strictObject({ eventTicketId: $NumericIdText }),
  success: 200,
  response: $TicketDetails,
} as const;

const blockContract = {
  ...SHARED,
  operationId: 'blockTicket',
  path: '/v1/tickets/{eventTicketId}/block',
  summary: 'Block a ticket: the door refuses it until it is unblocked.',
  refusals: ['not_found', 'not_blockable'],
} as const satisfies Contract;

const unblockContract = {
  ...SHARED,
  operationId: 'unblockTicket',
  path: '/v1/tickets/{eventTicketId}/unblock',
  summary: 'Unblock a ticket: it is again what it was before.',
  refusals: ['not_found', 'not_blockable'],
} as const satisfies Contract;

const reissueContract = {
  ...SHARED,
  operationId: 'reissueTicket',
  path: '/v1/tickets/{eventTicketId}/reissue',
  summary:
    'Give a ticket another barcode; the one before is retired for good. Each request does it anew.',
  refusals: ['not_found', 'not_reissuable'],
} as const satisfies Contract;

const cancelContract = {
  ...SHARED,
  operationId: 'cancelTicket',
  path: '/v1/tickets/{eventTicketId}/cancel',
  summary:
    'Cancel a ticket for good: the door refuses it and its place is free again. What was paid is refunded apart.',
  refusals: ['not_found', 'not_cancelable', 'ticket_held', 'limit_reached', 'sold_out'],
} as const satisfies Contract;

type Deps = ChangeTicketDeps & CancelTicketDeps & ReadDeps;
type Request = Pick<RouteRequest<typeof blockContract>, 'actor' | 'params' | 'nowMs'>;

async function answer(deps: Deps, { actor, params, nowMs }: Request, change: TicketChange) {
  const { organizationId, keyId } = actor;
  const input = { ...params, organizationId, change, by: keyId, nowMs };
  const changed = await changeTicket(deps, input);
  return changed.ok ? readDetails(deps, changed.value) : changed;
}

const blockTicket = defineRoute(blockContract, async (deps: Deps, request) =>
  answer(deps, request, 'block'),
);
const unblockTicket = defineRoute(unblockContract, async (deps: Deps, request) =>
  answer(deps, request, 'unblock'),
);
const reissueTicket = defineRoute(reissueContract, async (deps: Deps, request) =>
  answer(deps, request, 'reissue'),
);
const cancel = defineRoute(cancelContract, async (deps: Deps, { actor, params, nowMs }) => {
  const { organizationId, keyId } = actor;
  const canceled = await cancelTicket(deps, { ...params, organizationId, by: keyId, nowMs });
  return canceled.ok ? readDetails(deps, canceled.value) : canceled;
});

export const ticketChangeRoutes = [blockTicket, unblockTicket, reissueTicket, cancel];
