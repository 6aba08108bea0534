// Gametime's classic sale flow (facts of 2026-11-23, from a transcription): a webhook with a fixed Authorization value
// and no buyer, confirmed or rejected by a call of ours; Gametime asks to read the status before acting on it. Its money
// is in cents, its key stands in the query.
import * as z from 'zod';
import type { SaleFormat } from '../app/sale-format-ports.ts';
import type { ToldSale, MarketplaceStand } from '../domain/marketplaces/notice.ts';
import { given, isSuccess, parseJson, readEach, toStatusVerdict, withQuery } from './read-body.ts';

const PURCHASES_PER_PAGE = 100;

const id = z.union([z.string(), z.number()]).transform(String);
const delivery = z.object({ id, source_id: id, quantity: z.number().int().positive() });
const purchase = delivery.extend({
  status: z.enum(['unconfirmed', 'unfulfilled', 'completed', 'rejected']),
  unit_price: z.number().int().nullish(),
  seats: z.array(z.string()).nullish(),
});
const page = z.object({ purchases: z.array(z.unknown()) });

const STANDS: Readonly<Record<z.output<typeof purchase>['status'], MarketplaceStand>> = {
  unconfirmed: 'OPEN',
  unfulfilled: 'CONFIRMED',
  completed: 'CONFIRMED',
  rejected: 'REJECTED',
};

const toPath = (marketplaceOrderId: string, verb: string): string =>
  `/purchases/${encodeURIComponent(marketplaceOrderId)}/${verb}`;

export const gametime: SaleFormat = {
  parseDelivery(body) {
    const found = parseJson(delivery, body);
    return (
      found && [{ noticeId: `sale ${found.id}`, type: 'sale.told', marketplaceOrderId: found.id }]
    );
  },
  toConfirm: ({ marketplaceOrderId, seats }) => ({
    method: 'POST',
    path: toPath(marketplaceOrderId, 'confirm'),
    ...(seats.length === 0
      ? {}
      : { contentType: 'application/json', body: JSON.stringify({ seats }) }),
  }),
  toReject: ({ marketplaceOrderId }) => ({
    method: 'POST',
    path: toPath(marketplaceOrderId, 'reject'),
  }),
  toVerdict: toStatusVerdict,
  toRead: (marketplaceOrderId) => ({
    method: 'GET',
    path: '/purchases',
    query: { order_number: marketplaceOrderId },
  }),
  parseSale(answer) {
    const found = isSuccess(answer) ? parseJson(page, answer.body) : undefined;
    if (found?.purchases.length === 0) return 'unknown';
    const [first] = readEach(purchase, found?.purchases ?? []);
    return first && toSale(first);
  },
  toPoll: (number) => ({
    method: 'GET',
    path: '/purchases',
    query: {
      status: 'unconfirmed',
      page: String(number),
      per_page: String(PURCHASES_PER_PAGE),
      sort_by_created_at: 'asc',
    },
  }),
  parsePage(answer) {
    const found = isSuccess(answer) ? parseJson(page, answer.body) : undefined;
    return (
      found && {
        sales: readEach(purchase, found.purchases).map(toSale),
        isLast: found.purchases.length < PURCHASES_PER_PAGE,
      }
    );
  },
  toListing: (listingId, quantity) =>
    quantity === 0
      ? { method: 'DELETE', path: `/listings/${encodeURIComponent(listingId)}/delete` }
      : {
          method: 'POST',
          path: `/listings/${encodeURIComponent(listingId)}`,
          contentType: 'application/json',
          body: JSON.stringify({ quantity }),
        },
  authorize: (request, { credentials }) => withQuery(request, 'source', credentials.apiKey),
};

const toSale = (found: z.output<typeof purchase>): ToldSale => ({
  stand: STANDS[found.status],
  sale: {
    marketplaceOrderId: found.id,
    listingId: found.source_id,
    quantity: found.quantity,
    ...given('seats', found.seats),
    ...given('unitPriceMinor', found.unit_price),
  },
});
