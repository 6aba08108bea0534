// StubHub International and viagogo: one platform, version 2 of its API (facts of 2026-11-23 and earlier). Its webhooks
// carry a fixed Authorization value and no signature, so a sale is read back before anything is done. A sale under
// review is its hold that binds nobody.
import * as z from 'zod';
import type { MarketplaceAnswer, SaleFormat } from '../app/sale-format-ports.ts';
import type { ToldSale, MarketplaceStand } from '../domain/marketplaces/notice.ts';
import { parseDecimal } from '../domain/money.ts';
import {
  given,
  isSuccess,
  parseJson,
  readEach,
  toStatusVerdict,
  withHeaders,
} from './read-body.ts';

const SALES_PER_PAGE = 100;

const delivery = z.object({
  topic: z.string(),
  action: z.string().nullish(),
  _embedded: z
    .object({ sale: z.object({ id: z.number(), status: z.string().nullish() }).nullish() })
    .nullish(),
});

const seat = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const sale = z.object({
  id: z.number(),
  status: z.string(),
  external_listing_id: z.string().nullish(),
  number_of_tickets: z.number().int().positive(),
  seating: z.object({ seat_from: seat, seat_to: seat }).optional().catch(undefined),
  confirm_by: z.iso.datetime({ offset: true }).nullish(),
  proceeds: z.object({ amount: z.number(), currency_code: z.string() }).nullish(),
});
const page = z.object({
  total_items: z.number(),
  page: z.number(),
  page_size: z.number(),
  _embedded: z.object({ items: z.array(z.unknown()) }),
});

/** What needs nothing of us any more counts as confirmed. */
const STANDS: Readonly<Record<string, MarketplaceStand>> = {
  UnderReview: 'UNDER_REVIEW',
  ConfirmSale: 'OPEN',
  Cancelled: 'CANCELED',
};

export const stubhub: SaleFormat = {
  parseDelivery(body) {
    const found = parseJson(delivery, body);
    if (found === undefined) return undefined;
    const { topic, action, _embedded } = found;
    const told = _embedded?.sale;
    if (told === undefined || told === null) return [];
    const marketplaceOrderId = String(told.id);
    const noticeId = [topic, action ?? '', marketplaceOrderId, told.status ?? ''].join(' ');
    return [
      /^cancelprovisionalsale$/i.test(topic)
        ? { noticeId, type: 'hold.released', holdRequestId: marketplaceOrderId }
        : { noticeId, type: 'sale.told', marketplaceOrderId },
    ];
  },
  toConfirm: ({ marketplaceOrderId }) => ({
    method: 'PATCH',
    path: `/sales/${encodeURIComponent(marketplaceOrderId)}`,
    contentType: 'application/json',
    body: JSON.stringify({ confirmed: true }),
  }),
  toReject: ({ marketplaceOrderId }) => ({
    method: 'DELETE',
    path: `/sales/${encodeURIComponent(marketplaceOrderId)}`,
  }),
  toVerdict: toStatusVerdict,
  toRead: (marketplaceOrderId) => ({
    method: 'GET',
    path: `/sales/${encodeURIComponent(marketplaceOrderId)}`,
  }),
  parseSale(answer, currency) {
    const found = isSuccess(answer) ? parseJson(sale, answer.body) : undefined;
    return found && toSale(found, currency);
  },
  toPoll: (number, sinceMs) => ({
    method: 'GET',
    path: '/sales',
    query: {
      page: String(number),
      page_size: String(SALES_PER_PAGE),
      updated_since: new Date(sinceMs).toISOString(),
      sort: 'created_at',
    },
  }),
  parsePage: (answer: MarketplaceAnswer, currency) => {
    const found = isSuccess(answer) ? parseJson(page, answer.body) : undefined;
    return (
      found && {
        sales: readEach(sale, found._embedded.items).map((item) => toSale(item, currency)),
        isLast: found.page * found.page_size >= found.total_items,
      }
    );
  },
  toListing(listingId, quantity) {
    const path = `/externalsellerlistings/${encodeURIComponent(listingId)}`;
    if (quantity === 0) return { method: 'DELETE', path };
    const body = JSON.stringify({ number_of_tickets: quantity });
    return { method: 'PATCH', path, contentType: 'application/json', body };
  },
  tokenScopes: 'read:sales write:sales read:sellerlistings write:sellerlistings',
  authorize: (request, { credentials, accessToken }) =>
    withHeaders(request, {
      authorization: `Bearer ${accessToken}`,
      'user-agent': credentials.userAgent,
    }),
};

function toSale(found: z.output<typeof sale>, currency: string): ToldSale {
  const { proceeds, number_of_tickets: quantity } = found;
  const totalMinor =
    proceeds?.currency_code === currency ? parseDecimal(proceeds.amount, currency) : undefined;
  return {
    stand: STANDS[found.status] ?? 'CONFIRMED',
    sale: {
      marketplaceOrderId: String(found.id),
      listingId: found.external_listing_id ?? '',
      quantity,
      ...given('seats', toSeats(found)),
      ...given('confirmByMs', found.confirm_by ? Date.parse(found.confirm_by) : undefined),
      ...given('unitPriceMinor', totalMinor && Math.round(totalMinor / quantity)),
    },
  };
}

/** Without zeros in front, which the names of our seats may have or not. */
const SEAT_NUMBER = /^[1-9]\d{0,5}$/;

/** Only where numbers leave no doubt which seats are between them; elsewhere any of the listing's are sold. */
function toSeats({ seating, number_of_tickets: quantity }: z.output<typeof sale>) {
  const { seat_from: from = '', seat_to: to = '' } = seating ?? {};
  if (!SEAT_NUMBER.test(from) || !SEAT_NUMBER.test(to)) return undefined;
  if (Number(to) - Number(from) + 1 !== quantity) return undefined;
  return Array.from({ length: quantity }, (_, at) => String(Number(from) + at));
}
