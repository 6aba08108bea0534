// The tickets of an order, each as TicketSwap asks for it. What was canceled or resold isn't among them.
import type { OrderStore } from '../order-ports.ts';
import { type ResaleDeps, type ResaleView, toView } from './load-resale.ts';

/** As many as one sale has; an imported order may have more. */
const TICKETS_MAX = 40;

export async function loadOrderViews(
  deps: ResaleDeps & { readonly orders: Pick<OrderStore, 'load' | 'loadTickets'> },
  { organizationId, orderId }: { readonly organizationId: string; readonly orderId: number },
  nowMs: number,
): Promise<readonly ResaleView[]> {
  const order = await deps.orders.load(organizationId, orderId);
  if (order === undefined) return [];
  const lines = order.lines.filter(({ end }) => end === undefined).slice(0, TICKETS_MAX);
  const tickets = await deps.orders.loadTickets({ ...order, lines });
  const views = await Promise.all(tickets.map(async (ticket) => toView(deps, ticket, nowMs)));
  return views.filter((view) => view !== undefined);
}
