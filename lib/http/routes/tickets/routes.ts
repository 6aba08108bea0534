// The tickets' family: reading tickets and changing single ones.
import { ticketChangeRoutes } from './changes.ts';
import { ticketRoutes } from './tickets.ts';

export const TICKET_ROUTES = [...ticketRoutes, ...ticketChangeRoutes];
