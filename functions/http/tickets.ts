// Tickets and contacts.
import { TICKET_ROUTES } from '../../lib/http/routes/tickets/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createTicketsContainer } from '../../lib/runtime/container/tickets.ts';

export const handler = serve(TICKET_ROUTES, createTicketsContainer(process.env));
