// What TicketSwap calls.
import { catalogueRoutes } from './catalogue.ts';
import { listFields } from './fields.ts';
import { lockRoutes } from './locks.ts';
import { listOrderTickets } from './order-tickets.ts';
import { personalize } from './personalize.ts';
import { swap } from './swap.ts';
import { validateForSwap } from './validate.ts';

export const TICKETSWAP_ROUTES = [
  validateForSwap,
  listFields,
  swap,
  personalize,
  ...lockRoutes,
  ...catalogueRoutes,
  listOrderTickets,
];
