// A sale of the box office: tickets with barcodes of their own, an order with its first payment, all in one
// transaction. The same request again, known by the client's order id or by its Idempotency-Key, answers the same order.
import { createHmac } from 'node:crypto';
import { toContactId } from '../../domain/contact.ts';
import type { Event, TicketType } from '../../domain/event.ts';
import { toFees } from '../../domain/orders/fees.ts';
import type { Order } from '../../domain/orders/order.ts';
import { findSaleFaults, type Sale, toPersonName } from '../../domain/orders/sale.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { toIdBlock } from '../../domain/ids.ts';
import type { Buyer, ContactStore } from '../contact-ports.ts';
import type { EventStore } from '../event-ports.ts';
import { toNewBarcode, toNewId } from '../ids.ts';
import type { NewOrder, OrderStore } from '../order-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import type { OutboxMessage } from '../outbox-ports.ts';
import { toNewOrder } from './new-order.ts';

export interface SellDeps {
  readonly orders: OrderStore;
  readonly events: Pick<EventStore, 'find' | 'listTicketTypes'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly contacts: Pick<ContactStore, 'loadSecret' | 'findAll'>;
}

export interface SellRequest {
  readonly organizationId: string;
  readonly eventId: string;
  readonly sale: Sale;
  readonly requestKey: string | undefined;
  readonly nowMs: number;
}

/** Tries of an id block; each is another millisecond. */
const ID_TRIES_MAX = 50;

/**
 * Refuses `not_found`, `validation_failed` with all faults, `event_over`, `sold_out`, `already_exists` for an order id
 * in use, and `unavailable`.
 */
export async function sellTickets(deps: SellDeps, request: SellRequest): Promise<Result<Order>> {
  const { organizationId, eventId, sale, nowMs } = request;
  const found = await deps.events.find(organizationId, eventId);
  if (found === undefined) return refuse('not_found');
  const types = new Map(
    (await deps.events.listTicketTypes(organizationId, eventId)).map(({ type }) => [
      type.ticketTypeId,
      type,
    ]),
  );
  const errors = findSaleFaults(sale, new Set(types.keys()));
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const secret = await deps.contacts.loadSecret(organizationId);
  for (let tries = 0; tries < ID_TRIES_MAX; tries += 1) {
    const made = await prepare(deps, request, { event: found.event, types, secret, tries });
    // A repeat of a sale that was made in time is answered after the event's end, too.
    const isOver = Date.parse(found.event.endsAt) < nowMs;
    const outcome = isOver ? await deps.orders.findMade(made) : await deps.orders.create(made);
    if (outcome === undefined) return refuse('event_over');
    switch (outcome.as) {
      case 'created':
        return ok(made.order);
      case 'exists':
        return answerRepeat(deps, made, outcome);
      case 'id_taken':
        return refuse('already_exists');
      case 'sold_out':
        return refuse('sold_out');
      case 'busy':
        return refuse('unavailable', { retryAfterSeconds: 1 });
      case 'try_again':
        break;
    }
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

interface Prepared {
  readonly event: Event;
  readonly types: ReadonlyMap<number, TicketType>;
  readonly secret: string;
  readonly tries: number;
}

async function prepare(
  deps: SellDeps,
  { organizationId, eventId, sale, requestKey, nowMs }: SellRequest,
  { event, types, secret, tries }: Prepared,
): Promise<NewOrder> {
  const organization = await deps.organizations.find(organizationId);
  const { order, tickets } = toNewOrder(sale, {
    organizationId,
    event,
    types,
    fees: toFees(organization?.fees, event.currency),
    block: toIdBlock(nowMs + tries),
    toContactId: (email) => toContactId(email, secret),
    toBarcode: toNewBarcode,
    toTransactionId: () => toNewId('transaction', nowMs),
    nowMs,
  });
  return {
    order,
    tickets,
    contacts: toContacts(sale, order, { secret, nowMs }),
    messages: toMessages(order),
    request: {
      mac: createHmac('sha256', secret)
        .update(JSON.stringify({ eventId, sale }))
        .digest('base64url'),
      key: requestKey,
      isOwnId: sale.orderId !== undefined,
    },
    nowMs,
  };
}

/** The buyer and the holders with addresses: each becomes a contact if it is none yet, with a reference to the order. */
function toContacts(
  { buyer, items }: Sale,
  { organizationId, orderId }: Order,
  { secret, nowMs }: { readonly secret: string; readonly nowMs: number },
): readonly Buyer[] {
  const people = [buyer ?? {}, ...items.flatMap(({ holders = [] }) => holders)];
  const byId = new Map<string, Buyer>();
  for (const { email, ...names } of people) {
    const contactId = email && toContactId(email, secret);
    if (email === undefined || contactId === undefined || byId.has(contactId)) continue;
    const name = toPersonName(names);
    byId.set(contactId, {
      organizationId,
      contactId,
      email,
      ...(name === '' ? {} : { name }),
      source: `ord${orderId}`,
      row: 0,
      orderId,
      nowMs,
    });
  }
  return [...byId.values()];
}

/** One mail: the tickets, or if something is due the link with which to pay it. */
const toMessages = ({ organizationId, orderId, contactId }: Order): readonly OutboxMessage[] =>
  contactId === undefined ? [] : [{ type: 'mail.order', organizationId, orderId, cause: 'sale' }];

async function answerRepeat(
  { orders }: SellDeps,
  made: NewOrder,
  existing: { readonly orderId: number; readonly mac: string },
): Promise<Result<Order>> {
  if (existing.mac !== made.request.mac) return refuse('already_exists');
  const order = await orders.load(made.order.organizationId, existing.orderId);
  return order === undefined ? refuse('not_found') : ok(order);
}
