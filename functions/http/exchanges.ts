// The exchange of a ticket's type, and its quote.
import { EXCHANGE_ROUTES } from '../../lib/http/routes/exchanges/exchanges.ts';
import { serve } from '../../lib/http/serve.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';

export const handler = serve(EXCHANGE_ROUTES, createExchangesContainer(process.env));
