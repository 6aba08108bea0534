// Ticket Evolution's classic orders, version 9 (facts of 2026-11-23): notifications as a form with the order as JSON in
// it, accepted or rejected by a call of ours with one of six reasons; calls are signed over method, address and body.
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type {
  CallProof,
  MarketplaceCall,
  MarketplaceRequest,
  SaleFormat,
  SaleToTell,
} from '../app/sale-format-ports.ts';
import type { ToldSale, MarketplaceStand, RejectReason } from '../domain/marketplaces/notice.ts';
import { parseDecimal } from '../domain/money.ts';
import {
  given,
  isSuccess,
  parseJson,
  readEach,
  toStatusVerdict,
  withHeaders,
} from './read-body.ts';

const ORDERS_PER_PAGE = 100;

const id = z.union([z.string(), z.number()]).transform(String);
/** `items` and what stands in it are names of ours: the order's lines aren't public. */
const order = z.object({
  id,
  seller_state: z.string(),
  updated_at: z.string().nullish(),
  fraud_check_status: z.string().nullish(),
  items: z.array(
    z.object({
      quantity: z.number().int().positive(),
      price: z.union([z.string(), z.number()]).nullish(),
      ticket_group: z.object({ remote_id: z.string() }),
    }),
  ),
});
const page = z.object({ orders: z.array(z.unknown()) });
const SELLER_EVENT = /^(?:order_|fraud_)/;

const TICKET_EVOLUTION_REASONS: Readonly<Record<RejectReason, string>> = {
  not_available: 'Tickets No Longer Available',
  wrong_price: 'Tickets Priced Incorrectly',
  duplicate: 'Duplicate Order',
  fraud: 'Fraudulent Order',
  test: 'Test Order',
  other: 'Other',
};

/** What isn't here was accepted. */
const STANDS: Readonly<Record<string, MarketplaceStand>> = {
  open: 'UNDER_REVIEW',
  pending: 'OPEN',
  pending_consignment: 'OPEN',
  pending_substitution: 'OPEN',
  rejected: 'REJECTED',
  canceled: 'CANCELED',
  canceled_open: 'CANCELED',
  canceled_post_acceptance: 'CANCELED',
};

export const ticketEvolutionOrders: SaleFormat = {
  parseDelivery(body) {
    const form = new URLSearchParams(body);
    if (form.get('recipient') !== 'seller' || !SELLER_EVENT.test(form.get('event_type') ?? '')) {
      return form.has('event_type') ? [] : undefined;
    }
    const found = parseJson(order, form.get('body') ?? '');
    if (found === undefined) return undefined;
    const noticeId = [form.get('event_type'), found.id, found.seller_state, found.updated_at ?? ''];
    return [{ noticeId: noticeId.join(' '), type: 'sale.told', marketplaceOrderId: found.id }];
  },
  toConfirm: (sale) =>
    toPost(sale, 'accept', {
      reviewer_id: Number(sale.reviewerId),
      ...(sale.seats.length === 0 ? {} : { seats: sale.seats }),
    }),
  toReject: (sale, reason) =>
    toPost(sale, 'reject', {
      reviewer_id: Number(sale.reviewerId),
      reason: TICKET_EVOLUTION_REASONS[reason],
    }),
  toVerdict: toStatusVerdict,
  toRead: (marketplaceOrderId) => ({
    method: 'GET',
    path: `/v9/orders/${encodeURIComponent(marketplaceOrderId)}`,
  }),
  parseSale(answer, currency) {
    const found = isSuccess(answer) ? parseJson(order, answer.body) : undefined;
    return found && toSale(found, currency);
  },
  toPoll: (number) => ({
    method: 'GET',
    path: '/v9/orders',
    query: { page: String(number), per_page: String(ORDERS_PER_PAGE), state: 'pending' },
  }),
  parsePage(answer, currency) {
    const found = isSuccess(answer) ? parseJson(page, answer.body) : undefined;
    return (
      found && {
        sales: readEach(order, found.orders).flatMap((item) => toSale(item, currency) ?? []),
        isLast: found.orders.length < ORDERS_PER_PAGE,
      }
    );
  },
  authorize: sign,
};

const toPost = ({ marketplaceOrderId }: SaleToTell, verb: string, body: object) =>
  ({
    method: 'POST',
    path: `/v9/orders/${encodeURIComponent(marketplaceOrderId)}/${verb}`,
    contentType: 'application/json',
    body: JSON.stringify(body),
  }) as const;

/** An order of several listings isn't ours to take apart: none. */
function toSale(found: z.output<typeof order>, currency: string): ToldSale | undefined {
  const [item, ...more] = found.items;
  if (item === undefined || more.length > 0) return undefined;
  const isReviewed = [undefined, null, 'approved'].includes(found.fraud_check_status);
  const stand = STANDS[found.seller_state] ?? 'CONFIRMED';
  return {
    stand: stand === 'OPEN' && !isReviewed ? 'UNDER_REVIEW' : stand,
    sale: {
      marketplaceOrderId: found.id,
      listingId: item.ticket_group.remote_id,
      quantity: item.quantity,
      ...given(
        'unitPriceMinor',
        item.price === null || item.price === undefined
          ? undefined
          : parseDecimal(item.price, currency),
      ),
    },
  };
}

/**
 * X-Signature: base64 of the HMAC over `METHOD host/path?` and the query in the order of its names, or the body as it is
 * sent. The question mark is always there.
 * @internal Exported for tests.
 */
export function toTicketEvolutionSignature(
  secret: string,
  host: string,
  { method, path, query = {}, body }: MarketplaceCall,
): string {
  const asked = new URLSearchParams(Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const signed = `${method} ${host}${path}?${method === 'GET' ? String(asked) : (body ?? '')}`;
  return createHmac('sha256', secret).update(signed).digest('base64');
}

function sign(
  request: MarketplaceRequest,
  { credentials: { token, secret = '' } }: CallProof,
): MarketplaceRequest {
  const { method, url, body } = request;
  const query = Object.fromEntries(url.searchParams);
  const call = { method, path: url.pathname, query, ...given('body', body) };
  return withHeaders(request, {
    'x-token': token,
    'x-signature': toTicketEvolutionSignature(secret, url.host, call),
  });
}
