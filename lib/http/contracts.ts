// Every route's contract, for the CDK stack (routes of the API) and for OpenAPI.
import type { Contract } from './contract.ts';
import { DOOR_ROUTES } from './routes/door/routes.ts';
import { EXCHANGE_ROUTES } from './routes/exchanges/exchanges.ts';
import { HOOK_ROUTES } from './routes/hooks/routes.ts';
import { IMPORT_ROUTES } from './routes/imports/routes.ts';
import { MARKETPLACE_ROUTES } from './routes/marketplaces/routes.ts';
import { ORDER_ROUTES } from './routes/orders/routes.ts';
import { ORGANIZER_ROUTES } from './routes/organizers/routes.ts';
import { PAYMENT_ROUTES } from './routes/payments/routes.ts';
import { getPdf } from './routes/pdfs/get-pdf.ts';
import { getHealth } from './routes/public/get-health.ts';
import { SCAN_ROUTES } from './routes/scans/routes.ts';
import { TICKETSWAP_ROUTES } from './routes/ticketswap/routes.ts';
import { TICKET_ROUTES } from './routes/tickets/routes.ts';

export const CONTRACTS: readonly Contract[] = [
  getHealth,
  ...ORGANIZER_ROUTES,
  ...TICKET_ROUTES,
  ...ORDER_ROUTES,
  ...EXCHANGE_ROUTES,
  ...PAYMENT_ROUTES,
  ...IMPORT_ROUTES,
  ...DOOR_ROUTES,
  ...TICKETSWAP_ROUTES,
  ...HOOK_ROUTES,
  ...MARKETPLACE_ROUTES,
  getPdf,
  ...SCAN_ROUTES,
].map((route) => route.contract);
