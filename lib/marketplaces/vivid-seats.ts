// Vivid Seats' broker service, version 1 (facts of 2026-11-23, from a transcription and older clients): XML, no webhooks,
// so its orders are polled within its limits. A failure often comes with status 200 and `success` false. Names of the
// XML's outer elements aren't public; any are taken.
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import type {
  CallProof,
  MarketplaceAnswer,
  MarketplaceCall,
  MarketplaceRequest,
  SaleFormat,
  Verdict,
} from '../app/sale-format-ports.ts';
import type { ToldSale, MarketplaceStand } from '../domain/marketplaces/notice.ts';
import { parseDecimal } from '../domain/money.ts';
import {
  given,
  isSuccess,
  parseJson,
  readEach,
  toStatusVerdict,
  withHeaders,
  withQuery,
} from './read-body.ts';

/** One call of getOrders in ten seconds for each status, with a second for clocks that differ. */
const POLL_MS_MIN = 11_000;
const ORDERS_PER_PAGE = 1000;

const GET_ORDERS: MarketplaceCall['path'] = '/v1/getOrders';

const parser = new XMLParser({
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => name === 'order' || name === 'seat',
});

const text = z.string().transform((value) => value.trim());
const order = z.object({
  orderId: text,
  brokerTicketId: text,
  quantity: text.transform(Number).pipe(z.number().int().positive()),
  cost: text.optional(),
  status: z.enum([
    'UNCONFIRMED',
    'PENDING_SHIPMENT',
    'COMPLETED',
    'VERIFICATION',
    'PENDING_RESERVATION',
    // How it calls those that are over isn't public.
    'REJECTED',
    'CANCELLED',
    'CANCELED',
  ]),
  seats: z
    .object({ seat: z.array(text) })
    .optional()
    .catch(undefined),
  firstName: text.optional(),
  lastName: text.optional(),
  emailAddress: text.optional(),
  mobilePhoneNumber: text.optional(),
});
const orders = z.array(z.unknown());
const answered = z.object({ success: text });

const STANDS: Readonly<Record<z.output<typeof order>['status'], MarketplaceStand>> = {
  VERIFICATION: 'UNDER_REVIEW',
  PENDING_RESERVATION: 'UNDER_REVIEW',
  UNCONFIRMED: 'OPEN',
  PENDING_SHIPMENT: 'CONFIRMED',
  COMPLETED: 'CONFIRMED',
  REJECTED: 'REJECTED',
  CANCELLED: 'CANCELED',
  CANCELED: 'CANCELED',
};

const toForm = (path: string, fields: Readonly<Record<string, string>>) =>
  ({
    method: 'POST',
    path,
    contentType: 'application/x-www-form-urlencoded',
    body: String(new URLSearchParams(fields)),
  }) as const;

export const vividSeats: SaleFormat = {
  /** There are no webhooks. */
  parseDelivery: () => undefined,
  toConfirm: ({ marketplaceOrderId, seats }) =>
    toForm('/v1/confirmOrder', {
      orderId: marketplaceOrderId,
      ...(seats.length === 0 ? {} : { seatNumbers: seats.join(',') }),
    }),
  toReject: ({ marketplaceOrderId }) => toForm('/v1/rejectOrder', { orderId: marketplaceOrderId }),
  toVerdict(answer): Verdict {
    const verdict = toStatusVerdict(answer);
    if (verdict !== 'done') return verdict;
    // Version 2, of listings, has JSON and real statuses.
    const json = parseJson(z.object({ success: z.boolean().optional() }), answer.body);
    if (json !== undefined) return json.success === false ? 'refused' : 'done';
    const { success } = answered.safeParse(readElements(answer)?.[0]).data ?? {};
    return success === 'true' ? 'done' : success === 'false' ? 'refused' : 'again';
  },
  toRead: (marketplaceOrderId) => ({
    method: 'GET',
    path: '/v1/getOrder',
    query: { orderId: marketplaceOrderId },
  }),
  parseSale(answer, currency) {
    const found = readOrders(answer, currency);
    return found?.count === 0 ? 'unknown' : found?.sales[0];
  },
  toPoll: (number) => ({
    method: 'GET',
    path: GET_ORDERS,
    query: {
      status: 'UNCONFIRMED',
      pageSize: String(ORDERS_PER_PAGE),
      bookmark: String((number - 1) * ORDERS_PER_PAGE),
    },
  }),
  parsePage(answer, currency) {
    const found = readOrders(answer, currency);
    return found && { sales: found.sales, isLast: found.count < ORDERS_PER_PAGE };
  },
  isTellingNothing: true,
  /** An update replaces a whole listing, of which we don't know all; what is gone can be taken off. */
  toListing: (listingId, quantity) =>
    quantity === 0
      ? { method: 'DELETE', path: '/listings/v2/delete', query: { internalTicketId: listingId } }
      : undefined,
  authorize: addToken,
  toLimit: ({ path, query }) =>
    path === GET_ORDERS
      ? { name: `getOrders ${query?.['status'] ?? ''}`, everyMs: POLL_MS_MIN }
      : undefined,
};

/** Version 1 wants the token as a parameter, of the query or of the form; version 2 as a header. */
function addToken(
  request: MarketplaceRequest,
  { credentials: { apiToken = '' } }: CallProof,
): MarketplaceRequest {
  const { url, method, body } = request;
  if (url.pathname.includes('/listings/v2/'))
    return withHeaders(request, { 'api-token': apiToken });
  if (method === 'GET') return withQuery(request, 'apiToken', apiToken);
  const form = new URLSearchParams(body);
  form.set('apiToken', apiToken);
  return { ...request, body: String(form) };
}

/** The document's root element, or undefined when it is no XML. */
function readElements(answer: MarketplaceAnswer): unknown[] | undefined {
  try {
    return Object.entries(parser.parse(answer.body))
      .filter(([name]) => !name.startsWith('?'))
      .map(([, element]) => element);
  } catch {
    return undefined;
  }
}

function readOrders(answer: MarketplaceAnswer, currency: string) {
  const [root] = (isSuccess(answer) && readElements(answer)) || [];
  if (root === undefined) return undefined;
  const list = Array.isArray(root) ? root : root === '' ? [] : Object(root).order;
  const { data } = orders.safeParse(list ?? []);
  return (
    data && {
      count: data.length,
      sales: readEach(order, data).map((found) => toSale(found, currency)),
    }
  );
}

function toSale(found: z.output<typeof order>, currency: string): ToldSale {
  const name = [found.firstName, found.lastName].filter(Boolean).join(' ');
  const buyer = {
    name,
    ...given('email', found.emailAddress),
    ...given('phone', found.mobilePhoneNumber),
  };
  return {
    stand: STANDS[found.status],
    sale: {
      marketplaceOrderId: found.orderId,
      listingId: found.brokerTicketId,
      quantity: found.quantity,
      ...given('seats', found.seats?.seat),
      ...given('unitPriceMinor', parseDecimal(found.cost ?? '', currency)),
      ...(name === '' ? {} : { buyer }),
    },
  };
}
