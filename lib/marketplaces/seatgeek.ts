// SeatGeek's Seller Direct API (facts of 2026-11-23, from transcriptions): webhooks in an envelope of several messages
// with a fixed Authorization value, so an order is read back before anything is done.
import * as z from 'zod';
import type { SaleFormat, SaleToTell } from '../app/sale-format-ports.ts';
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

const ORDERS_PER_PAGE = 200;

const id = z.union([z.string(), z.number()]).transform(String);
const delivery = z.object({
  metadata: z.object({ type: z.string().nullish() }).nullish(),
  data: z.array(z.object({ id: id.nullish(), type: z.string().nullish(), order_id: id.nullish() })),
});
const order = z.object({
  order_id: id,
  status: z.enum(['submitted', 'confirmed', 'denied', 'fulfilled', 'void']),
  seller_listing_id: z.string(),
  quantity: z.number().int().positive(),
  seats: z.array(z.string()).nullish(),
  unit_price: z.number().nullish(),
});
const page = z.object({ orders: z.array(z.unknown()) });

const STANDS: Readonly<Record<z.output<typeof order>['status'], MarketplaceStand>> = {
  submitted: 'OPEN',
  confirmed: 'CONFIRMED',
  fulfilled: 'CONFIRMED',
  denied: 'REJECTED',
  void: 'CANCELED',
};

export const seatgeek: SaleFormat = {
  parseDelivery(body) {
    const found = parseJson(delivery, body);
    return found?.data.flatMap(({ id: messageId, type, order_id: marketplaceOrderId }) => {
      const what = type ?? found.metadata?.type ?? '';
      return what.startsWith('order.') && marketplaceOrderId
        ? [
            {
              noticeId: messageId ?? `${what} ${marketplaceOrderId}`,
              type: 'sale.told' as const,
              marketplaceOrderId,
            },
          ]
        : [];
    });
  },
  toConfirm: (sale) => toPatch(sale, 'confirmed'),
  toReject: (sale) => toPatch(sale, 'denied'),
  /** 409: for five minutes after an order its listing takes no other quantity. */
  toVerdict: (answer) => (answer.status === 409 ? 'again' : toStatusVerdict(answer)),
  toRead: (marketplaceOrderId) => ({
    method: 'GET',
    path: '/order',
    query: { order_id: marketplaceOrderId },
  }),
  parseSale(answer, currency) {
    const found = isSuccess(answer) ? parseJson(order, answer.body) : undefined;
    return found && toSale(found, currency);
  },
  toPoll: (number) => ({
    method: 'GET',
    path: '/orders',
    query: { status: 'submitted', page: String(number), per_page: String(ORDERS_PER_PAGE) },
  }),
  parsePage(answer, currency) {
    const found = isSuccess(answer) ? parseJson(page, answer.body) : undefined;
    return (
      found && {
        sales: readEach(order, found.orders).map((item) => toSale(item, currency)),
        isLast: found.orders.length < ORDERS_PER_PAGE,
      }
    );
  },
  toListing: (listingId, quantity) =>
    quantity === 0
      ? { method: 'DELETE', path: '/listing', query: { seller_listing_id: listingId } }
      : {
          method: 'PATCH',
          path: `/listings/single/${encodeURIComponent(listingId)}`,
          contentType: 'application/json',
          body: JSON.stringify({ quantity }),
        },
  authorize: (request, { credentials: { token } }) =>
    withHeaders(request, { authorization: `Bearer ${token}` }),
};

function toPatch({ marketplaceOrderId, seats }: SaleToTell, status: 'confirmed' | 'denied') {
  const boundary = `swapgate-${marketplaceOrderId.replaceAll(/\W/g, '')}`;
  const fields = Object.entries({
    order_id: marketplaceOrderId,
    status,
    ...(status === 'confirmed' && seats.length > 0 ? { seats: seats.join(',') } : {}),
  });
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    method: 'PATCH',
    path: '/order',
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: `${parts.join('')}--${boundary}--\r\n`,
  } as const;
}

function toSale(found: z.output<typeof order>, currency: string): ToldSale {
  const unitPriceMinor = found.unit_price ? parseDecimal(found.unit_price, currency) : undefined;
  return {
    stand: STANDS[found.status],
    sale: {
      marketplaceOrderId: found.order_id,
      listingId: found.seller_listing_id,
      quantity: found.quantity,
      ...given('seats', found.seats),
      ...given('unitPriceMinor', unitPriceMinor),
    },
  };
}
