// Bodies that the marketplaces' contracts share.
import * as z from 'zod';
import { MARKETPLACES } from '../../../domain/access.ts';
import { type Hold, HOLD_STATUSES } from '../../../domain/marketplaces/hold.ts';
import { LISTING_TICKETS_MAX } from '../../../domain/marketplaces/listing.ts';
import { OWN_ID_CHARACTERS_MAX, REJECT_REASONS } from '../../../domain/marketplaces/notice.ts';
import {
  type MarketplaceSale,
  SALE_ATTENTIONS,
  SALE_STATUSES,
} from '../../../domain/marketplaces/sale.ts';
import { $NumericId } from '../../schemas.ts';
import { $Money } from '../organizers/bodies.ts';

export const $OwnId = z
  .string()
  .min(1)
  .max(OWN_ID_CHARACTERS_MAX)
  .refine((id) => !/[\p{Cc}\p{Surrogate}]/u.test(id), 'must be text without control characters');

export const $Quantity = z.int().min(1).max(LISTING_TICKETS_MAX);

/** Of the key: another one is answered like an unknown id. */
export const $MarketplaceParam = z.string().min(1).max(40);

export const $Seat = z.object({
  section: z.string().exactOptional(),
  row: z.string().exactOptional(),
  seat: z.string().exactOptional(),
});

export const $Hold = z
  .object({
    holdId: z.string(),
    holdRequestId: z.string(),
    marketplace: z.enum(MARKETPLACES),
    listingId: z.string(),
    status: z.enum(HOLD_STATUSES),
    binding: z.boolean(),
    quantity: z.int(),
    seats: z.array($Seat),
    unitPrice: $Money,
    expiresAt: z.string(),
    createdAt: z.string(),
    saleId: z.string().exactOptional(),
    marketplaceOrderId: z.string().exactOptional(),
    orderId: z.int().exactOptional(),
  })
  .meta({ id: 'Hold' });

export const toHoldBody = (hold: Hold) => ({
  holdId: hold.holdId,
  holdRequestId: hold.holdRequestId,
  marketplace: hold.marketplace,
  listingId: hold.listingId,
  status: hold.status,
  binding: hold.binding,
  quantity: hold.quantity,
  seats: hold.seats?.map((seat) => ({ seat })) ?? hold.tickets.map(toSeat),
  unitPrice: { amountMinor: hold.unitPriceMinor, currency: hold.currency },
  expiresAt: new Date(hold.expiresAtMs).toISOString(),
  createdAt: new Date(hold.createdAtMs).toISOString(),
  ...hold.sale,
});

const toSeat = ({ section, row, seat }: Hold['tickets'][number]) => ({
  ...(section === undefined ? {} : { section }),
  ...(row === undefined ? {} : { row }),
  ...(seat === undefined ? {} : { seat }),
});

export const $Availability = {
  available: z.boolean(),
  availableQuantity: z.int(),
  purchasableQuantities: z.array(z.int()),
  unitPrice: $Money,
};

export const $Sale = z
  .object({
    saleId: z.string(),
    marketplace: z.enum(MARKETPLACES),
    marketplaceOrderId: z.string(),
    listingId: z.string(),
    quantity: z.int(),
    seats: z.array(z.string()).exactOptional(),
    status: z.enum(SALE_STATUSES),
    orderId: z.exactOptional($NumericId),
    confirmBy: z.string().exactOptional(),
    rejectReason: z.enum(REJECT_REASONS).exactOptional(),
    attention: z.enum(SALE_ATTENTIONS).exactOptional(),
    createdAt: z.string(),
  })
  .meta({ id: 'Sale' });

export const toSaleBody = (sale: MarketplaceSale) => ({
  saleId: sale.saleId,
  marketplace: sale.marketplace,
  marketplaceOrderId: sale.marketplaceOrderId,
  listingId: sale.listingId,
  quantity: sale.quantity,
  ...(sale.seats === undefined ? {} : { seats: [...sale.seats] }),
  status: sale.status,
  ...(sale.orderId === undefined ? {} : { orderId: sale.orderId }),
  ...(sale.confirmByMs === undefined ? {} : { confirmBy: toTime(sale.confirmByMs) }),
  ...(sale.rejectReason === undefined ? {} : { rejectReason: sale.rejectReason }),
  ...(sale.attention === undefined ? {} : { attention: sale.attention }),
  createdAt: toTime(sale.createdAtMs),
});

const toTime = (ms: number): string => new Date(ms).toISOString();
