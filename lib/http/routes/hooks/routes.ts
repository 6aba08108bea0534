// What marketplaces call at the address of their channel.
import { canonicalRoutes } from './canonical.ts';
import { mercuryToken } from './mercury-token.ts';
import { mercuryOrderRoutes } from './mercury-orders.ts';
import { mercuryRoutes } from './mercury.ts';
import { notificationRoutes } from './notifications.ts';
import { ticketEvolutionRoutes } from './ticket-evolution.ts';

export const HOOK_ROUTES = [
  ...canonicalRoutes,
  ...ticketEvolutionRoutes,
  ...mercuryRoutes,
  ...mercuryOrderRoutes,
  mercuryToken,
  ...notificationRoutes,
];
