// The export of all orders of an event, by id, imported ones among them.
import { ORDER_FACTS, ORDER_HEADER, toOrderLine } from '../../domain/orders/order-export.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { Page } from '../event-ports.ts';
import type { EventIds } from '../export-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { FileTable } from './write-file.ts';

export interface OrdersDeps {
  readonly orders: Pick<OrderStore, 'listByEvent'>;
  readonly contacts: Pick<ContactStore, 'findAll'>;
}

/** Orders held at once; as many contacts are read at once (DynamoDB quota). */
const PAGE_ORDERS = 100;

export const toOrdersTable = (deps: OrdersDeps, ids: EventIds): FileTable => ({
  facts: ORDER_FACTS,
  header: ORDER_HEADER,
  source: 'orders',
  async *read(begin) {
    let after = begin;
    do {
      const page: Page<Order> = await deps.orders.listByEvent(ids, { after, limit: PAGE_ORDERS });
      const contactIds = page.items.flatMap(({ contactId }) => contactId ?? []);
      const contacts = await deps.contacts.findAll(ids.organizationId, contactIds);
      const lines = page.items.map((order) =>
        toOrderLine(order, contacts.get(order.contactId ?? '')?.email),
      );
      after = page.next;
      yield { lines, next: after };
    } while (after !== undefined);
  },
});
