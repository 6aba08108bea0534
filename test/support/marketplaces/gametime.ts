// Gametime's classic flow: its key in the query, cents, a webhook that says neither status nor buyer.
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

const GAMETIME_KEY = 'key of the hall at Gametime';
const STATUSES = {
  UNDER_REVIEW: 'unconfirmed',
  OPEN: 'unconfirmed',
  CONFIRMED: 'unfulfilled',
  REJECTED: 'rejected',
  CANCELED: 'rejected',
} as const;

export async function startGametime(clock: () => number) {
  const answer: Answer = (received, book) =>
    received.query.get('source') === GAMETIME_KEY ? toAnswer(received, book) : FORBIDDEN;
  const standIn = await startStandIn(answer, clock);
  return {
    ...standIn,
    outbound: { url: `${standIn.url}/v3`, credentials: { apiKey: GAMETIME_KEY } },
  };
}

function toAnswer({ method, path, query, text }: Received, book: Book): Said {
  const listing = /^\/v3\/listings\/([^/]+)/.exec(path)?.[1];
  if (listing !== undefined) {
    book.listings.set(listing, method === 'DELETE' ? 0 : JSON.parse(text).quantity);
    return json({});
  }
  if (path === '/v3/purchases') {
    const found = [...book.sales.values()].filter(
      ({ orderId, stand }) =>
        (query.get('order_number') ?? orderId) === orderId &&
        (query.get('status') ?? STATUSES[stand]) === STATUSES[stand],
    );
    return json({ purchases: found.map(toPurchase) });
  }
  const [, orderId = '', verb] = /^\/v3\/purchases\/([^/]+)\/(confirm|reject)$/.exec(path) ?? [];
  const sale = book.sales.get(orderId);
  if (sale === undefined) return NOT_FOUND;
  const { seats = [] } = text === '' ? {} : JSON.parse(text);
  const isDone = verb === 'confirm' ? book.confirm(sale, seats) : book.reject(sale);
  return isDone ? json({}) : json({ message: `already ${STATUSES[sale.stand]}` }, 422);
}

const toPurchase = (sale: Booked) => ({ ...toSale(sale), status: STATUSES[sale.stand] });
const toSale = ({ orderId, listingId, quantity, unitPriceMinor }: Booked) => ({
  id: orderId,
  source_id: listingId,
  quantity,
  unit_price: unitPriceMinor,
});

export const toGametimeDelivery = (sale: Booked, authorization: string): Delivery => ({
  text: JSON.stringify(toSale(sale)),
  headers: { authorization, 'content-type': 'application/json' },
});
