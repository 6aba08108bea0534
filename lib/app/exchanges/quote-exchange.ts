// Tells what an exchange would do, without any effect.
import type { Quote } from '../../domain/exchanges/quote.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { type ExchangeDeps, type ExchangeRequest, prepareExchange } from './prepare-exchange.ts';

/** Refuses what `exchangeTicket` would, as far as it can be told now. */
export async function quoteExchange(
  deps: ExchangeDeps,
  request: ExchangeRequest,
): Promise<Result<Quote>> {
  const { organizationId, orderId } = request.change;
  const order = await deps.orders.load(organizationId, orderId);
  if (order === undefined) return refuse('not_found');
  const prepared = await prepareExchange(deps, request, order);
  if (!prepared.ok) return prepared;
  return prepared.value === undefined ? refuse('same_type') : ok(prepared.value.quote);
}
