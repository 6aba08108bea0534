// An order and its ledger as they lie in the table. The ledger's items are written once; only the status of a refund
// changes on them.
import * as z from 'zod';
import {
  ENTRY_STATUSES,
  LEDGER_KINDS,
  type LedgerEntry,
  LINE_ENDS,
  type Order,
  PROVIDERS,
  REFUND_CAUSES,
} from '../domain/orders/order.ts';
import {
  contactOrdersList,
  eventOrdersList,
  ledgerKey,
  ORDER_SHARDS,
  orderKey,
  padId,
} from './keys.ts';

const $Line = z.object({
  eventTicketId: z.number(),
  ticketTypeId: z.number(),
  barcode: z.string(),
  priceMinor: z.number(),
  subtotalMinor: z.number(),
  flatMinor: z.number(),
  end: z.enum(LINE_ENDS).exactOptional(),
  importedMinor: z.number().exactOptional(),
  exchange: z
    .object({ digest: z.string(), requestKey: z.string().exactOptional() })
    .exactOptional(),
});

const $OrderItem = z.object({
  kind: z.literal('order'),
  organizationId: z.string(),
  orderId: z.number(),
  eventId: z.string(),
  currency: z.string(),
  contactId: z.string().exactOptional(),
  buyer: z.object({
    firstName: z.string().exactOptional(),
    lastName: z.string().exactOptional(),
  }),
  complimentary: z.boolean(),
  canceled: z.boolean(),
  createdAtMs: z.number(),
  lines: z.array($Line),
  version: z.number(),
  /** Came of an import, which may still add tickets to it. */
  imported: z.boolean(),
  /** Keyed digest of the sale's request. */
  mac: z.string().exactOptional(),
});
export type OrderItem = z.output<typeof $OrderItem>;

const $LedgerItem = z.object({
  kind: z.literal('ledger'),
  entry: z.object({
    transactionId: z.string(),
    kind: z.enum(LEDGER_KINDS),
    paymentType: z.string(),
    amountMinor: z.number(),
    cardFeeMinor: z.number(),
    excessMinor: z.number().exactOptional(),
    allocations: z.array(
      z.object({
        eventTicketId: z.number(),
        subtotalMinor: z.number(),
        cardFeeMinor: z.number(),
      }),
    ),
    atMs: z.number(),
    status: z.enum(ENTRY_STATUSES),
    of: z.string().exactOptional(),
    cause: z.enum(REFUND_CAUSES).exactOptional(),
    withCancel: z.literal(true).exactOptional(),
    external: z.literal(true).exactOptional(),
    provider: z.enum(PROVIDERS).exactOptional(),
    providerPaymentId: z.string().exactOptional(),
    note: z.string().exactOptional(),
    reference: z.string().exactOptional(),
    paidOn: z.string().exactOptional(),
    documentLink: z.string().exactOptional(),
    createdBy: z.number().exactOptional(),
    requestKey: z.string().exactOptional(),
    retries: z.number().exactOptional(),
    retryKey: z.string().exactOptional(),
  }),
});

/** A whole new item: of a sale, or of an imported order that is changed for the first time. */
export function toOrderItem(
  order: Order,
  more: { readonly imported: boolean; readonly mac?: string },
) {
  const { ledger: _ledger, ...facts } = order;
  const { organizationId, orderId, eventId, contactId } = order;
  return {
    ...orderKey(organizationId, orderId),
    g2: eventOrdersList(organizationId, eventId, orderId % ORDER_SHARDS),
    ...(contactId === undefined ? {} : { g3: contactOrdersList(organizationId, contactId) }),
    srt: padId(orderId),
    kind: 'order',
    ...facts,
    ...more,
  };
}

export const toLedgerItem = (order: Order, entry: LedgerEntry, sequence: number) => ({
  ...ledgerKey(order.organizationId, order.orderId, sequence),
  kind: 'ledger',
  entry,
});

export const parseOrderItem = (item: unknown): OrderItem => $OrderItem.parse(item);
export const fromLedgerItem = (item: unknown): LedgerEntry => $LedgerItem.parse(item).entry;
