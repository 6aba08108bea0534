// TicketSwap: validation, swaps, locks.
import { TICKETSWAP_ROUTES } from '../../lib/http/routes/ticketswap/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createTicketswapContainer } from '../../lib/runtime/container/ticketswap.ts';

export const handler = serve(TICKETSWAP_ROUTES, createTicketswapContainer(process.env));
