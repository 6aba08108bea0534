// An order that a marketplace made by a sale, as it stands.
import type { Marketplace } from '../../domain/access.ts';
import { PROFILES } from '../../domain/marketplaces/registry.ts';
import { isCanceledAhead } from '../../domain/marketplaces/sale.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { OrderStore } from '../order-ports.ts';
import type { SaleStore } from '../marketplace-ports.ts';

export interface FindSoldDeps {
  readonly orders: Pick<OrderStore, 'load' | 'loadTickets'>;
  readonly sales: Pick<SaleStore, 'find'>;
}

export interface Sold {
  readonly order: Order;
  /** Those that are still in it. */
  readonly tickets: readonly Ticket[];
}

/** By its number or by the marketplace's own id of it. Refuses `not_found`, also for an order of anybody else. */
export async function findSold(
  { orders, sales }: FindSoldDeps,
  asked: {
    readonly organizationId: string;
    readonly marketplace: Marketplace;
    readonly orderId: string;
  },
): Promise<Result<Sold>> {
  const { organizationId, marketplace, orderId } = asked;
  const sale = await sales.find({ organizationId, marketplace, marketplaceOrderId: orderId });
  const own = sale === undefined || isCanceledAhead(sale) ? undefined : sale.orderId;
  const number = own ?? Number(orderId);
  if (!Number.isSafeInteger(number)) return refuse('not_found');
  const order = await orders.load(organizationId, number);
  const { name } = PROFILES[marketplace];
  const isTheirs = order?.ledger.some(
    ({ kind, external, paymentType }) => kind === 'PAYMENT' && external && paymentType === name,
  );
  if (order === undefined || isTheirs !== true) return refuse('not_found');
  return ok({ order, tickets: await orders.loadTickets(order) });
}
