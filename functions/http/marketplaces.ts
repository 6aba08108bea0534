// Listings, holds and sales: what organizers offer, and what marketplaces ask for.
import { MARKETPLACE_ROUTES } from '../../lib/http/routes/marketplaces/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createMarketplacesContainer } from '../../lib/runtime/container/marketplaces.ts';

export const handler = serve(MARKETPLACE_ROUTES, createMarketplacesContainer(process.env));
