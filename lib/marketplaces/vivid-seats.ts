// Vivid Seats' broker service, version 1 (facts of 2026-11-23, from a transcription and older clients): XML, no webhooks,
// so its orders are polled within its limits. A failure often comes with status 200 and `success` false. Names of the
// XML's outer elements aren't public; any are taken.
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import type { MarketplaceAnswer, SaleFormat, Verdict } from '../app/sale-format-ports.ts';
import type { ToldSale, MarketplaceStand } from '../domain/marketplaces/notice.ts';
import { parseDecimal } from '../domain/money.ts';
import { given, isSuccess, toStatusVerdict } from './read-body.ts';

/** One call of getOrders in ten seconds for each status. */
export const VIVID_POLL_SECONDS_MIN = 10;
const ORDERS_PER_PAGE = 1000;

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
const orders = z.array(order);
const answered = z.object({ success: text });

const STANDS: Readonly<Record<z.output<typeof order>['status'], MarketplaceStand>> = {
  VERIFICATION: 'UNDER_REVIEW',
  PENDING_RESERVATION: 'UNDER_REVIEW',
  UNCONFIRMED: 'OPEN',
  PENDING_SHIPMENT: 'CONFIRMED',
  COMPLETED: 'CONFIRMED',
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
    const { success } = answered.safeParse(readElements(answer)?.[0]).data ?? {};
    return success === 'true' ? 'done' : success === 'false' ? 'refused' : 'again';
  },
  toRead: (marketplaceOrderId) => ({
    method: 'GET',
    path: '/v1/getOrder',
    query: { orderId: marketplaceOrderId },
  }),
  parseSale: (answer, currency) => readOrders(answer, currency)?.[0],
  toPoll: (number) => ({
    method: 'GET',
    path: '/v1/getOrders',
    query: {
      status: 'UNCONFIRMED',
      pageSize: String(ORDERS_PER_PAGE),
      bookmark: String((number - 1) * ORDERS_PER_PAGE),
    },
  }),
  parsePage(answer, currency) {
    const sales = readOrders(answer, currency);
    return sales && { sales, isLast: sales.length < ORDERS_PER_PAGE };
  },
};

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

function readOrders(answer: MarketplaceAnswer, currency: string): ToldSale[] | undefined {
  const [root] = (isSuccess(answer) && readElements(answer)) || [];
  if (root === undefined) return undefined;
  const list = Array.isArray(root) ? root : root === '' ? [] : Object(root).order;
  return orders.safeParse(list ?? []).data?.map((found) => toSale(found, currency));
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
