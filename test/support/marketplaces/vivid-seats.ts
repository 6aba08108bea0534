// Vivid Seats' broker service: XML, a token as a parameter, no webhooks, a limit on polling, and failures with status 200.
import {
  type Answer,
  type Book,
  type Booked,
  type Received,
  type Said,
  startStandIn,
  toDecimalText,
} from './stand-in.ts';

const VIVID_TOKEN = 'token of the hall at Vivid';
const POLL_MS = 10_000;
const STATUSES = {
  UNDER_REVIEW: 'PENDING_RESERVATION',
  OPEN: 'UNCONFIRMED',
  CONFIRMED: 'PENDING_SHIPMENT',
  REJECTED: 'REJECTED',
  CANCELED: 'CANCELLED',
} as const;

export async function startVividSeats(clock: () => number) {
  const polledAt = new Map<string, number>();
  const answer: Answer = (received, book) => {
    const { path, query, text, headers, method } = received;
    if (path === '/webservices/listings/v2/delete') {
      if (headers['api-token'] !== VIVID_TOKEN) return { status: 401 };
      book.listings.set(query.get('internalTicketId') ?? '', 0);
      return { status: 200, body: '{}' };
    }
    const asked = method === 'GET' ? query : new URLSearchParams(text);
    if (asked.get('apiToken') !== VIVID_TOKEN)
      return xml('<response><success>false</success></response>', 403);
    if (path === '/webservices/v1/getOrders') {
      const status = asked.get('status') ?? '';
      const isEarly = received.nowMs - (polledAt.get(status) ?? -POLL_MS) < POLL_MS;
      if (isEarly) return xml('<response><success>false</success></response>', 429);
      polledAt.set(status, received.nowMs);
      const found = [...book.sales.values()].filter(({ stand }) => STATUSES[stand] === status);
      return xml(`<orders>${found.map(toOrder).join('')}</orders>`);
    }
    return toAnswer(received, asked, book);
  };
  const standIn = await startStandIn(answer, clock);
  return {
    ...standIn,
    outbound: { url: `${standIn.url}/webservices`, credentials: { apiToken: VIVID_TOKEN } },
  };
}

const xml = (body: string, status = 200): Said => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
  headers: { 'content-type': 'application/xml' },
});
const toResponse = (isDone: boolean): Said =>
  xml(`<response><success>${isDone}</success><message>${isDone ? '' : 'no'}</message></response>`);

function toAnswer({ path }: Received, asked: URLSearchParams, book: Book): Said {
  const sale = book.sales.get(asked.get('orderId') ?? '');
  if (path === '/webservices/v1/getOrder')
    return xml(`<orders>${sale ? toOrder(sale) : ''}</orders>`);
  if (sale === undefined) return toResponse(false);
  if (path === '/webservices/v1/rejectOrder') return toResponse(book.reject(sale));
  const seats = asked.get('seatNumbers')?.split(',') ?? [];
  return toResponse(book.confirm(sale, seats));
}

const toOrder = (sale: Booked): string =>
  `<order><orderId>${sale.orderId}</orderId><brokerTicketId>${sale.listingId}</brokerTicketId>` +
  `<quantity>${sale.quantity}</quantity><cost>${toDecimalText(sale.unitPriceMinor)}</cost>` +
  `<status>${STATUSES[sale.stand]}</status><firstName>Ann &amp; Bo</firstName></order>`;
