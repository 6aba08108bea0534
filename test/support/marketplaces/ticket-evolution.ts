// Ticket Evolution's classic orders: calls signed over method, address and body, six reasons, notifications as a form.
import { createHmac } from 'node:crypto';
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
  toDecimalText,
} from './stand-in.ts';

const TICKET_EVOLUTION = {
  token: 'token of the hall at TEvo',
  secret: 'secret of the hall at TEvo',
  reviewerId: '31',
};
const REASONS = [
  'Tickets No Longer Available',
  'Tickets Priced Incorrectly',
  'Duplicate Order',
  'Fraudulent Order',
  'Test Order',
  'Other',
];
const STATES = {
  UNDER_REVIEW: 'open',
  OPEN: 'pending',
  CONFIRMED: 'accepted',
  REJECTED: 'rejected',
  CANCELED: 'canceled',
} as const;

export async function startTicketEvolution(clock: () => number) {
  const answer: Answer = (received, book) =>
    isSigned(received) ? toAnswer(received, book) : FORBIDDEN;
  const standIn = await startStandIn(answer, clock);
  return { ...standIn, outbound: { url: standIn.url, credentials: TICKET_EVOLUTION } };
}

function isSigned({ method, host, path, query, headers, text }: Received): boolean {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  const said = method === 'GET' ? String(sorted) : text;
  const own = createHmac('sha256', TICKET_EVOLUTION.secret)
    .update(`${method} ${host}${path}?${said}`)
    .digest('base64');
  return headers['x-token'] === TICKET_EVOLUTION.token && headers['x-signature'] === own;
}

function toAnswer({ path, query, text }: Received, book: Book): Said {
  if (path === '/v9/orders') {
    const found = [...book.sales.values()].filter(
      ({ stand }) => STATES[stand] === query.get('state'),
    );
    return json({ orders: found.map(toOrder) });
  }
  const [, orderId = '', verb] = /^\/v9\/orders\/([^/]+)(?:\/(accept|reject))?$/.exec(path) ?? [];
  const sale = book.sales.get(orderId);
  if (sale === undefined) return NOT_FOUND;
  if (verb === undefined) return json(toOrder(sale));
  const { reviewer_id: reviewer, reason, seats = [] } = JSON.parse(text);
  const isUsual = reviewer === Number(TICKET_EVOLUTION.reviewerId);
  if (!isUsual || (verb === 'reject' && !REASONS.includes(reason)))
    return json({ error: 'form' }, 422);
  const isDone = verb === 'accept' ? book.confirm(sale, seats) : book.reject(sale, reason);
  return isDone ? json(toOrder(sale)) : json({ error: `is ${STATES[sale.stand]}` }, 422);
}

const toOrder = ({ orderId, stand, listingId, quantity, unitPriceMinor }: Booked) => ({
  id: Number(orderId),
  seller_state: STATES[stand],
  updated_at: stand,
  fraud_check_status: stand === 'UNDER_REVIEW' ? 'pending' : 'approved',
  items: [
    { quantity, price: toDecimalText(unitPriceMinor), ticket_group: { remote_id: listingId } },
  ],
});

export const toTicketEvolutionDelivery = (
  event: string,
  sale: Booked,
  headers: Readonly<Record<string, string>>,
): Delivery => ({
  text: String(
    new URLSearchParams({
      order_group_id: '1',
      recipient: 'seller',
      event_type: event,
      body: JSON.stringify(toOrder(sale)),
    }),
  ),
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
});
