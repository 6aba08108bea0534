// The family of marketplaces: listings, and the protocol in which holds and sales are made.
import { evidenceRoutes } from './evidence.ts';
import { holdRoutes } from './holds.ts';
import { hostRoutes } from './host.ts';
import { listingRoutes } from './listings.ts';
import { notify } from './notifications.ts';
import { saleRoutes } from './sales.ts';

export const MARKETPLACE_ROUTES = [
  ...listingRoutes,
  ...holdRoutes,
  notify,
  ...hostRoutes,
  ...saleRoutes,
  ...evidenceRoutes,
];
