// Holds as they lie in the table. A release that came before its hold leaves an item in the hold's place.
import * as z from 'zod';
import type { HoldIds } from '../app/marketplace-ports.ts';
import { MARKETPLACES } from '../domain/access.ts';
import {
  type Hold,
  HOLD_STATUSES,
  type HoldSale,
  type ReleasedAhead,
} from '../domain/marketplaces/hold.ts';
import { holdKey, holdLookup, holdsDue, holdsList, listingPartition } from './marketplace-keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';

const $HoldIds = {
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  holdRequestId: z.string(),
};

const $HoldSale = z.object({
  saleId: z.string(),
  marketplaceOrderId: z.string(),
  orderId: z.number().exactOptional(),
});

const $HoldItem = z.object({
  kind: z.literal('hold'),
  ...$HoldIds,
  holdId: z.string(),
  listingId: z.string(),
  eventId: z.string(),
  binding: z.boolean(),
  tickets: z.array(
    z.object({
      eventTicketId: z.number(),
      ticketTypeId: z.number(),
      barcode: z.string(),
      section: z.string().exactOptional(),
      row: z.string().exactOptional(),
      seat: z.string().exactOptional(),
    }),
  ),
  seats: z.array(z.string()).exactOptional(),
  quantity: z.number(),
  unitPriceMinor: z.number(),
  currency: z.string(),
  status: z.enum(HOLD_STATUSES),
  expiresAtMs: z.number(),
  createdAtMs: z.number(),
  extendedAtMs: z.number().exactOptional(),
  resolvedAtMs: z.number().exactOptional(),
  digest: z.string(),
  sale: $HoldSale.exactOptional(),
});
const $ReleasedItem = z.object({
  kind: z.literal('releasedAhead'),
  ...$HoldIds,
  sale: $HoldSale.exactOptional(),
});

/** A hold; what becomes of it changes status, expiry and the index entries that go with them. */
export const toHoldItem = (hold: Hold) => ({
  ...holdKey(hold),
  g1: holdLookup(hold.organizationId, hold.holdId),
  g2: holdsList(hold.organizationId, hold.status),
  g3: listingPartition(hold.organizationId, hold.listingId),
  srt: hold.holdId,
  ...(hold.status === 'HELD' ? { g4: holdsDue(), due: hold.expiresAtMs } : {}),
  kind: 'hold',
  ...hold,
});

/** As long as marketplaces' messages are remembered (product.md section 2); no hold comes later than that. */
const RELEASED_KEPT_MS = 30 * 24 * 3_600_000;

export const toReleasedItem = (ids: HoldIds, nowMs: number, sale?: HoldSale) => ({
  ...holdKey(ids),
  kind: 'releasedAhead',
  organizationId: ids.organizationId,
  marketplace: ids.marketplace,
  holdRequestId: ids.holdRequestId,
  ...(sale === undefined ? {} : { sale }),
  [TTL_ATTRIBUTE]: Math.ceil((nowMs + RELEASED_KEPT_MS) / 1_000),
});

export function fromHoldItem(item: unknown): Hold | ReleasedAhead {
  const { kind: _kind, ...found } = z
    .discriminatedUnion('kind', [$HoldItem, $ReleasedItem])
    .parse(item);
  return 'holdId' in found ? found : { ...found, status: 'RELEASED', isAhead: true };
}
