// StubHub as its version 2 is described: OAuth2 tokens, a User-Agent that is asked for, HAL, and webhooks with a fixed
// Authorization value.
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

const STUBHUB_CLIENT = { clientId: 'hall', clientSecret: 'secret of the hall' };
const SCOPES = ['read:sales', 'write:sales', 'read:sellerlistings', 'write:sellerlistings'];
const STATUSES = {
  UNDER_REVIEW: 'UnderReview',
  OPEN: 'ConfirmSale',
  CONFIRMED: 'UploadETickets',
  REJECTED: 'Cancelled',
  CANCELED: 'Cancelled',
} as const;

export async function startStubhub(clock: () => number) {
  const tokens = new Set<string>();
  let bought = 0;
  const buy = ({ headers, text }: Received): Said => {
    const { clientId, clientSecret } = STUBHUB_CLIENT;
    const client = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const form = new URLSearchParams(text);
    const asked = form.get('scope')?.split(' ') ?? [];
    if (headers['authorization'] !== `Basic ${client}`)
      return json({ error: 'invalid_client' }, 400);
    if (
      form.get('grant_type') !== 'client_credentials' ||
      !SCOPES.every((one) => asked.includes(one))
    ) {
      return json({ error: 'invalid_scope' }, 400);
    }
    const token = `token-${(bought += 1)}`;
    tokens.add(token);
    return json({ access_token: token, token_type: 'Bearer', expires_in: 3600 });
  };
  const answer: Answer = (received, book) => {
    if (!received.headers['user-agent']) return json({ code: 'user_agent_required' }, 403);
    if (received.path === '/oauth2/token') return buy(received);
    const token = received.headers['authorization']?.replace('Bearer ', '') ?? '';
    return tokens.has(token) ? toAnswer(received, book) : FORBIDDEN;
  };
  const standIn = await startStandIn(answer, clock);
  return {
    ...standIn,
    outbound: {
      url: `${standIn.url}/v2`,
      credentials: {
        ...STUBHUB_CLIENT,
        tokenUrl: `${standIn.url}/oauth2/token`,
        userAgent: 'Test Hall',
      },
    },
    bought: () => bought,
    /** From now on none of them is worth anything. */
    endTokens: () => tokens.clear(),
  };
}

function toAnswer({ method, path, query, text }: Received, book: Book): Said {
  const listing = /^\/v2\/externalsellerlistings\/([^/]+)$/.exec(path)?.[1];
  if (listing !== undefined) {
    const { number_of_tickets: left = 0 } = text === '' ? {} : JSON.parse(text);
    book.listings.set(listing, method === 'DELETE' ? 0 : left);
    return json({});
  }
  if (path === '/v2/sales') return toPage(query, book);
  const sale = book.sales.get(/^\/v2\/sales\/([^/]+)$/.exec(path)?.[1] ?? '');
  if (sale === undefined) return NOT_FOUND;
  if (method === 'GET') return json(toSale(sale));
  const isDone =
    method === 'DELETE'
      ? book.reject(sale)
      : JSON.parse(text).confirmed === true && book.confirm(sale);
  if (!isDone) return json({ code: 'validation_failed', message: 'not to be confirmed' }, 400);
  return method === 'DELETE' ? { status: 204 } : json(toSale(sale));
}

function toPage(query: URLSearchParams, book: Book): Said {
  const [page, size] = [Number(query.get('page')), Number(query.get('page_size'))];
  const all = [...book.sales.values()].toReversed();
  return json({
    total_items: all.length,
    page,
    page_size: size,
    _embedded: { items: all.slice((page - 1) * size, page * size).map(toSale) },
  });
}

const toSale = ({ orderId, stand, listingId, quantity, unitPriceMinor, confirmBy }: Booked) => ({
  id: Number(orderId),
  status: STATUSES[stand],
  external_listing_id: listingId,
  number_of_tickets: quantity,
  confirm_by: confirmBy ?? null,
  proceeds: { amount: (unitPriceMinor * quantity) / 100, currency_code: 'EUR' },
});

/** `Sales`, `ProvisionalSale` or `CancelProvisionalSale`. */
export const toStubhubDelivery = (
  topic: string,
  sale: Booked,
  authorization: string,
): Delivery => ({
  text: JSON.stringify({ topic, _embedded: { sale: toSale(sale) } }),
  headers: { authorization, 'content-type': 'application/json' },
});
