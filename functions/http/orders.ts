// Orders: selling, reading, canceling, refunding, settling.
import { ORDER_ROUTES } from '../../lib/http/routes/orders/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';

export const handler = serve(ORDER_ROUTES, createOrdersContainer(process.env));
