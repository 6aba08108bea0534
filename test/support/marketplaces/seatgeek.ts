// SeatGeek's Seller Direct API: a bearer token, an order by query, PATCH as a form of several parts, webhooks in
// envelopes, and 409 for a listing within five minutes after its order.
import {
  type Answer,
  type Book,
  type Booked,
  type Delivery,
  FORBIDDEN,
  json,
  NOT_FOUND,
  type Received,
  type Said,
  startStandIn,
} from './stand-in.ts';

const SEATGEEK_TOKEN = 'token of the hall at SeatGeek';
const COOL_MS = 5 * 60_000;
const STATUSES = {
  UNDER_REVIEW: 'submitted',
  OPEN: 'submitted',
  CONFIRMED: 'confirmed',
  REJECTED: 'denied',
  CANCELED: 'void',
} as const;

export async function startSeatgeek(clock: () => number) {
  /** When each listing was sold from last. */
  const soldAt = new Map<string, number>();
  const answer: Answer = (received, book) => {
    if (received.headers['authorization'] !== `Bearer ${SEATGEEK_TOKEN}`) return FORBIDDEN;
    const listing = /^\/listings\/single\/([^/]+)$/.exec(received.path)?.[1];
    if (listing === undefined) return toAnswer(received, book);
    if (received.nowMs - (soldAt.get(listing) ?? -COOL_MS) < COOL_MS) return json({}, 409);
    book.listings.set(listing, JSON.parse(received.text).quantity);
    return json({});
  };
  const standIn = await startStandIn(answer, clock);
  return {
    ...standIn,
    outbound: { url: standIn.url, credentials: { token: SEATGEEK_TOKEN } },
    coolDown: (listingId: string) => void soldAt.set(listingId, clock()),
  };
}

function toAnswer({ method, path, query, text }: Received, book: Book): Said {
  if (path === '/listing' && method === 'DELETE') {
    book.listings.set(query.get('seller_listing_id') ?? '', 0);
    return json({});
  }
  if (path === '/orders') {
    const found = [...book.sales.values()].filter(
      ({ stand }) => STATUSES[stand] === query.get('status'),
    );
    return json({ orders: found.map(toOrder) });
  }
  const form = method === 'PATCH' ? readParts(text) : new Map(query);
  const sale = book.sales.get(form.get('order_id') ?? '');
  if (path !== '/order' || sale === undefined) return NOT_FOUND;
  if (method === 'GET') return json(toOrder(sale));
  const seats = form.get('seats')?.split(',') ?? [];
  const isDone = form.get('status') === 'denied' ? book.reject(sale) : book.confirm(sale, seats);
  return isDone ? json(toOrder(sale)) : json({ message: 'the order is not submitted' }, 400);
}

const readParts = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/name="(\w+)"\r\n\r\n([^\r]*)\r\n/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

const toOrder = ({ orderId, stand, listingId, quantity, unitPriceMinor }: Booked) => ({
  order_id: orderId,
  status: STATUSES[stand],
  seller_listing_id: listingId,
  quantity,
  unit_price: unitPriceMinor / 100,
});

/** All of them in one envelope. */
export const toSeatgeekDelivery = (
  type: string,
  sales: readonly Booked[],
  authorization: string,
): Delivery => ({
  text: JSON.stringify({
    metadata: { schema_version: 1 },
    data: sales.map(({ orderId, stand }) => ({
      id: `${type} ${orderId} ${stand}`,
      type,
      order_id: orderId,
    })),
  }),
  headers: { authorization, 'content-type': 'application/json' },
});
