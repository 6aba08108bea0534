// Sales as they lie in the table. A cancellation that came before its sale leaves an item in the sale's place, and a sale
// that waits for tickets has one more in the partition of the listing.
import * as z from 'zod';
import type { SaleIds } from '../app/marketplace-ports.ts';
import { MARKETPLACES } from '../domain/access.ts';
import { REJECT_REASONS } from '../domain/marketplaces/notice.ts';
import {
  type MarketplaceSale,
  SALE_ATTENTIONS,
  SALE_STATUSES,
  type StoredSale,
} from '../domain/marketplaces/sale.ts';
import {
  allSalesList,
  saleKey,
  saleLookup,
  salesDue,
  salesList,
  waitingKey,
} from './marketplace-keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';

const $SaleIds = {
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  marketplaceOrderId: z.string(),
};

const $SaleItem = z.object({
  kind: z.literal('sale'),
  ...$SaleIds,
  saleId: z.string(),
  listingId: z.string(),
  quantity: z.number(),
  status: z.enum(SALE_STATUSES),
  unitPriceMinor: z.number().exactOptional(),
  currency: z.string().exactOptional(),
  seats: z.array(z.string()).exactOptional(),
  orderId: z.number().exactOptional(),
  confirmByMs: z.number().exactOptional(),
  rejectReason: z.enum(REJECT_REASONS).exactOptional(),
  isAutoRejected: z.literal(true).exactOptional(),
  attention: z.enum(SALE_ATTENTIONS).exactOptional(),
  payloadDigest: z.string().exactOptional(),
  holdRequestId: z.string().exactOptional(),
  decision: z.number(),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
  version: z.number(),
});
const AHEAD_KIND = 'canceledAhead';
const $AheadItem = z.object({ kind: z.literal(AHEAD_KIND), ...$SaleIds });

export const toSaleItem = (sale: MarketplaceSale) => ({
  ...saleKey(sale),
  g1: saleLookup(sale.organizationId, sale.saleId),
  g2: salesList(sale.organizationId, sale.status),
  g3: allSalesList(sale.organizationId),
  srt: sale.saleId,
  ...(sale.confirmByMs === undefined ? {} : { g4: salesDue(), due: sale.confirmByMs }),
  kind: 'sale',
  ...sale,
});

/** As long as marketplaces' messages are remembered (product.md section 2); no sale comes later than that. */
const AHEAD_KEPT_MS = 30 * 24 * 3_600_000;

export const toAheadItem = (ids: SaleIds, nowMs: number) => ({
  ...saleKey(ids),
  kind: AHEAD_KIND,
  organizationId: ids.organizationId,
  marketplace: ids.marketplace,
  marketplaceOrderId: ids.marketplaceOrderId,
  [TTL_ATTRIBUTE]: Math.ceil((nowMs + AHEAD_KEPT_MS) / 1_000),
});

export function fromSaleItem(item: unknown): StoredSale {
  const { kind: _kind, ...found } = z
    .discriminatedUnion('kind', [$SaleItem, $AheadItem])
    .parse(item);
  return 'saleId' in found ? found : { ...found, status: 'CANCELED', isAhead: true };
}

/** The condition of a write on what was known of the sale. */
export function toSaleCondition(before: StoredSale | undefined) {
  if (before === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return 'isAhead' in before
    ? { ConditionExpression: 'kind = :ahead', ExpressionAttributeValues: { ':ahead': AHEAD_KIND } }
    : {
        ConditionExpression: 'version = :before',
        ExpressionAttributeValues: { ':before': before.version },
      };
}

export const toWaitingItem = (sale: MarketplaceSale) => ({
  ...waitingKey(sale.organizationId, sale.listingId, sale.saleId),
  kind: 'saleWaiting',
  organizationId: sale.organizationId,
  marketplace: sale.marketplace,
  marketplaceOrderId: sale.marketplaceOrderId,
});
export const fromWaitingItem = (item: unknown): SaleIds => z.object($SaleIds).parse(item);
