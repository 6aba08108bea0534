// The tickets' family: reading tickets, changing single ones, and the contacts behind them.
import { ticketChangeRoutes } from './changes.ts';
import { contactRoutes } from './contacts.ts';
import { ticketRoutes } from './tickets.ts';

export const TICKET_ROUTES = [...ticketRoutes, ...ticketChangeRoutes, ...contactRoutes];
