// What marketplaces send of a sale or a hold, each in its own words.
import type { Marketplace } from '../../../lib/domain/access.ts';
import type { Booked } from './stand-ins.ts';

export interface Delivery {
  readonly marketplace: Marketplace;
  readonly format: 'canonical' | 'native';
  readonly text: string;
}
export type Event = 'created' | 'canceled' | 'placed' | 'released';

/** Undefined where the marketplace has no such message: what happened there has to be polled. */
export function toDelivery(sale: Booked, event: Event, id: string): Delivery | undefined {
  const { marketplace } = sale;
  const text = TEXTS[marketplace]?.(sale, event, id);
  if (text === undefined) return undefined;
  return { marketplace, format: CANONICAL.includes(marketplace) ? 'canonical' : 'native', text };
}

const CANONICAL: readonly Marketplace[] = ['axs', 'fanxchange', 'ticketmaster', 'tickpick'];
type ToText = (sale: Booked, event: Event, id: string) => string | undefined;

const toCanonical: ToText = ({ orderId, listingId, quantity }, event, id) => {
  const buyer = { name: 'Ada Lovelace', email: `ada.chaos.${orderId}@example.com` };
  const [type, data] = {
    created: ['sale.created', { marketplaceOrderId: orderId, listingId, quantity, buyer }],
    canceled: ['sale.canceled', { marketplaceOrderId: orderId }],
    placed: ['hold.placed', { holdRequestId: `h${orderId}`, listingId, quantity }],
    released: ['hold.released', { holdRequestId: `h${orderId}` }],
  }[event] as [string, object];
  return JSON.stringify({ id, type, data });
};

const toTicketNetwork: ToText = ({ orderId, listingId, quantity }, event, id) => {
  const what = { ListingId: listingId, Quantity: quantity };
  const notification = {
    created: { Action: 'sale.created', MarketplaceOrderId: orderId, ...what },
    canceled: { Action: 'sale.canceled', MarketplaceOrderId: orderId },
    placed: { Action: 'hold.placed', HoldRequestId: `h${orderId}`, ...what },
    released: { Action: 'hold.released', HoldRequestId: `h${orderId}` },
  }[event];
  return JSON.stringify({ Id: id, Attempt: 1, Notifications: [{ Action: 'ping' }, notification] });
};

/** Its holds are sales under review. */
const toStubhub: ToText = ({ orderId, stand }, event) => {
  const topic = { placed: 'ProvisionalSale', released: 'CancelProvisionalSale' };
  return JSON.stringify({
    topic: topic[event as 'placed'] ?? 'Sales',
    _embedded: { sale: { id: Number(orderId), status: stand } },
  });
};

const toSeatgeek: ToText = ({ orderId }, event, id) => {
  if (event === 'placed' || event === 'released') return undefined;
  const type = event === 'created' ? 'order.created' : 'order.broken';
  return JSON.stringify({
    metadata: { schema_version: 1 },
    data: [
      { id: `${id}-ping`, type: 'ping' },
      { id, type, order_id: orderId },
    ],
  });
};

const toGametime: ToText = ({ orderId, listingId, quantity }, event) =>
  event === 'created'
    ? JSON.stringify({ id: orderId, source_id: listingId, quantity, unit_price: 4000 })
    : undefined;

const toTicketEvolution: ToText = ({ orderId, listingId, quantity, stand }, event, id) =>
  event === 'placed' || event === 'released'
    ? undefined
    : String(
        new URLSearchParams({
          recipient: 'seller',
          event_type: event === 'created' ? 'order_created' : 'order_canceled',
          body: JSON.stringify({
            id: Number(orderId),
            seller_state: stand === 'CANCELED' ? 'canceled' : 'pending',
            updated_at: id,
            items: [{ quantity, ticket_group: { remote_id: listingId } }],
          }),
        }),
      );

const TEXTS: Readonly<Partial<Record<Marketplace, ToText>>> = {
  axs: toCanonical,
  fanxchange: toCanonical,
  ticketmaster: toCanonical,
  tickpick: toCanonical,
  ticketnetwork: toTicketNetwork,
  stubhub: toStubhub,
  seatgeek: toSeatgeek,
  gametime: toGametime,
  'ticket-evolution': toTicketEvolution,
};
