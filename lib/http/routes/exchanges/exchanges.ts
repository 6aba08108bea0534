// PUT /rest/host/event/{eventUrl}/order/{orderId}/transfer-event-ticket as seed 002 documents it, and its quote.
import * as z from 'zod';
import { exchangeTicket } from '../../../app/exchanges/exchange-ticket.ts';
import type { ExchangeDeps, ExchangeRequest } from '../../../app/exchanges/prepare-exchange.ts';
import { quoteExchange } from '../../../app/exchanges/quote-exchange.ts';
import type { ExchangePayload } from '../../../domain/exchanges/payload.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute, type RouteRequest } from '../../contract.ts';
import { $NumericIdText } from '../../schemas.ts';
import { $ExchangePayload, $Quote, toQuoteBody } from './bodies.ts';

const QUOTE_ID_CHARACTERS_MAX = 100;

const SHARED = {
  family: 'exchanges',
  scope: 'organizer',
  params: z.strictObject({
    eventUrl: z.string().regex(/^[a-z0-9-]{1,80}$/),
    orderId: $NumericIdText,
  }),
  body: $ExchangePayload,
  success: 200,
} as const;
const REFUSALS = [
  'not_found',
  'event_over',
  'order_refunded',
  'not_exchangeable',
  'same_type',
  'limit_reached',
] as const;

const exchangeContract = {
  ...SHARED,
  operationId: 'exchangeTicketType',
  method: 'PUT',
  path: '/rest/host/event/{eventUrl}/order/{orderId}/transfer-event-ticket',
  summary:
    'Exchange a ticket for another type; what is due is asked for, what is too much goes back.',
  query: z.strictObject({
    quoteId: z
      .string()
      .min(1)
      .max(QUOTE_ID_CHARACTERS_MAX)
      .optional()
      .meta({ description: 'Only if it is still as it was quoted.' }),
  }),
  response: z.object({ type: z.literal('Success'), message: z.literal('Success') }),
  refusals: [...REFUSALS, 'sold_out', 'order_changed', 'quote_stale', 'precondition_failed'],
} as const satisfies Contract;

const exchange = defineRoute(exchangeContract, async (deps: ExchangeDeps, request) => {
  const { quoteId } = request.query;
  const exchanged = await exchangeTicket(deps, { ...toRequest(request), quoteId });
  return exchanged.ok ? ok({ type: 'Success', message: 'Success' } as const) : exchanged;
});

const quoteContract = {
  ...SHARED,
  operationId: 'quoteExchange',
  method: 'POST',
  path: '/rest/host/event/{eventUrl}/order/{orderId}/transfer-event-ticket/quote',
  summary: 'Tell what an exchange would do, line by line, without any effect.',
  response: $Quote,
  refusals: REFUSALS,
} as const satisfies Contract;

const quote = defineRoute(quoteContract, async (deps: ExchangeDeps, request) => {
  const quoted = await quoteExchange(deps, toRequest(request));
  return quoted.ok ? ok(toQuoteBody(quoted.value)) : quoted;
});

type Request = Pick<
  RouteRequest<typeof quoteContract>,
  'actor' | 'params' | 'ifMatch' | 'requestKey' | 'nowMs'
> & { readonly body: ExchangePayload };

const toRequest = ({
  actor,
  params,
  body,
  ifMatch,
  requestKey,
  nowMs,
}: Request): ExchangeRequest => ({
  change: {
    organizationId: actor.organizationId,
    orderId: params.orderId,
    by: actor.keyId,
    ifMatch,
    requestKey,
    nowMs,
  },
  eventUrl: params.eventUrl,
  payload: body,
});

export const EXCHANGE_ROUTES = [exchange, quote];
