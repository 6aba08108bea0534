// The family of orders: selling, reading, canceling, refunding, settling.
import { orderChangeRoutes } from './changes.ts';
import { orderRoutes } from './orders.ts';
import { reportRoutes } from './reports.ts';
import { settleRoutes } from './settle.ts';

export const ORDER_ROUTES = [
  ...orderRoutes,
  ...orderChangeRoutes,
  ...settleRoutes,
  ...reportRoutes,
];
