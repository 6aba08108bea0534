// An order as it is shown: with its money, its tickets and the buyer's address.
import type { Order } from '../../domain/orders/order.ts';
import { type OrderMoney, toOrderMoney } from '../../domain/orders/totals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { EventStore, Page, PageRequest } from '../event-ports.ts';
import type { EventIds, OrderStore } from '../order-ports.ts';
import type { OrderIds } from './change-order.ts';

export interface OrderView {
  readonly order: Order;
  readonly money: OrderMoney;
  /** Of its lines, as they are now; a ticket that was deleted is missing. */
  readonly tickets: ReadonlyMap<number, Ticket>;
  readonly email?: string;
}

export interface ViewDeps {
  readonly orders: OrderStore;
  readonly contacts: Pick<ContactStore, 'findAll'>;
}

/** Refuses `not_found`. */
export async function findOrderView(
  deps: ViewDeps,
  { organizationId, orderId }: OrderIds,
): Promise<Result<OrderView>> {
  const order = await deps.orders.load(organizationId, orderId);
  if (order === undefined) return refuse('not_found');
  const [view] = await toViews(deps, [order]);
  return view === undefined ? refuse('not_found') : ok(view);
}

/** What a change answers: the order as the change left it. */
export async function viewChanged(
  deps: ViewDeps,
  changed: Result<Order>,
): Promise<Result<OrderView>> {
  if (!changed.ok) return changed;
  const [view] = await toViews(deps, [changed.value]);
  return view === undefined ? refuse('not_found') : ok(view);
}

/** Refuses `not_found` without the event. */
export async function listOrderViews(
  deps: ViewDeps & { readonly events: Pick<EventStore, 'find'> },
  ids: EventIds,
  page: PageRequest,
): Promise<Result<Page<OrderView>>> {
  if ((await deps.events.find(ids.organizationId, ids.eventId)) === undefined) {
    return refuse('not_found');
  }
  const orders = await deps.orders.listByEvent(ids, page);
  return ok({ ...orders, items: await toViews(deps, orders.items) });
}

/** Those that a contact bought; a page may be short. */
export async function listContactOrderViews(
  deps: ViewDeps,
  ids: { readonly organizationId: string; readonly contactId: string },
  page: PageRequest,
): Promise<Page<OrderView>> {
  const orders = await deps.orders.listByContact(ids, page);
  return { ...orders, items: await toViews(deps, orders.items) };
}

/** Of one organization's orders. */
async function toViews(deps: ViewDeps, orders: readonly Order[]): Promise<readonly OrderView[]> {
  const [first] = orders;
  if (first === undefined) return [];
  const contactIds = orders.flatMap(({ contactId }) => contactId ?? []);
  const [contacts, tickets] = await Promise.all([
    deps.contacts.findAll(first.organizationId, contactIds),
    Promise.all(orders.map(async (order) => deps.orders.loadTickets(order))),
  ]);
  return orders.map((order, at) => {
    const email = order.contactId && contacts.get(order.contactId)?.email;
    return {
      order,
      money: toOrderMoney(order),
      tickets: new Map((tickets[at] ?? []).map((ticket) => [ticket.eventTicketId, ticket])),
      ...(email === undefined ? {} : { email }),
    };
  });
}
