// What marketplaces tell us of sales and of holds that bind nobody, on its way from the channel's address to the sale.
import * as z from 'zod/mini';
import { type Marketplace, MARKETPLACES } from '../domain/access.ts';
import type { Notice, ToldSale } from '../domain/marketplaces/notice.ts';
import type { SaleIds } from './marketplace-ports.ts';

/**
 * One delivery as it came in; its being in the queue is what makes it ours. It is read again by the worker, in the words
 * of the canonical protocol or of the marketplace.
 */
export const $NoticeMessage = z.object({
  type: z.literal('notice.received'),
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  format: z.enum(['canonical', 'native']),
  receivedAtMs: z.number(),
  /** The body, byte for byte. */
  text: z.string(),
});
export type NoticeMessage = Readonly<z.output<typeof $NoticeMessage>>;

export interface NoticeQueue {
  /** Throws unless the queue has it for good. */
  readonly send: (message: NoticeMessage) => Promise<void>;
}

export interface NoticeToApply {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly notice: Notice;
  readonly receivedAtMs: number;
  /** SHA-256 of the delivery, in hex. */
  readonly payloadDigest: string;
}

/** Repeat-safe and in any order. Throws what is worth another try. */
export type ApplyNotice = (request: NoticeToApply) => Promise<void>;

/** What a marketplace thinks of a sale: by a notice that says all, or read from the marketplace. Repeat-safe. */
export type ApplyStand = (request: {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly told: ToldSale;
  readonly atMs: number;
}) => Promise<void>;

export interface SaleReader {
  /** `unknown`: the marketplace has no such sale. `unable`: the channel has no calls to read by. Throws what is worth another try. */
  readonly read: (ids: SaleIds) => Promise<ToldSale | 'unknown' | 'unable'>;
}
