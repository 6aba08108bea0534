// What marketplaces tell us of sales and of holds that bind nobody, on its way from the channel's address to the sale.
import * as z from 'zod/mini';
import { type Marketplace, MARKETPLACES } from '../domain/access.ts';
import type { Notice, NoticeBuyer, ToldSale } from '../domain/marketplaces/notice.ts';
import type { SaleIds } from './marketplace-ports.ts';
import type { SaleFormat } from './sale-format-ports.ts';

const $Whose = { organizationId: z.string(), marketplace: z.enum(MARKETPLACES) };

/**
 * One delivery as it came in; its being in the queue is what makes it ours. It is read again by the worker, in the words
 * of the canonical protocol or of the marketplace.
 */
export const $NoticeMessage = z.object({
  type: z.literal('notice.received'),
  ...$Whose,
  format: z.enum(['canonical', 'native']),
  receivedAtMs: z.number(),
  /** The body, byte for byte; it names buyers, so queue and dead letters have it sealed. */
  sealed: z.string(),
});
export type NoticeMessage = Readonly<z.output<typeof $NoticeMessage>>;

/** A sale about which the marketplace has to be asked: it refused what we told. */
export const $LookMessage = z.object({
  type: z.literal('sale.look'),
  ...$Whose,
  marketplaceOrderId: z.string(),
  askedAtMs: z.number(),
});
export type LookMessage = Readonly<z.output<typeof $LookMessage>>;

/** Sales wait for tickets of a listing, and some may have come free. */
export const $WaitingMessage = z.object({
  type: z.literal('sale.waiting'),
  organizationId: z.string(),
  listingId: z.string(),
});
export type QueuedNotice = NoticeMessage | LookMessage | z.output<typeof $WaitingMessage>;

export interface NoticeQueue {
  /** Throws unless the queue has it for good. */
  readonly send: (message: QueuedNotice) => Promise<void>;
}

/** Closes texts under the secret of an organization, and opens them. */
export interface Sealer {
  readonly seal: (organizationId: string, text: string) => Promise<string>;
  /** Undefined when it was sealed otherwise. */
  readonly open: (organizationId: string, sealed: string) => Promise<string | undefined>;
}

/** Deliveries as they came in, sealed, by their digest: 30 days from the first time on. */
export interface PayloadStore {
  readonly keep: (payload: {
    readonly organizationId: string;
    readonly payloadDigest: string;
    readonly sealed: string;
    /** Whose addresses stand in it: their erasure takes it away. */
    readonly contactIds: readonly string[];
    readonly receivedAtMs: number;
  }) => Promise<void>;
  /** As it was sealed. */
  readonly find: (organizationId: string, payloadDigest: string) => Promise<string | undefined>;
}

/** How marketplaces tell of sales in their own words; those that aren't here tell nothing so. */
export type NoticeFormats = Readonly<
  Partial<Record<Marketplace, Pick<SaleFormat, 'parseDelivery'>>>
>;

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

/** The marketplace answered, in words that aren't understood: it is out of order for this sale alone. */
export class UnreadableSaleError extends Error {
  override readonly name = 'UnreadableSaleError';
}

export interface SaleReader {
  /**
   * `unknown`: the marketplace has no such sale. `unable`: the channel has no calls to read by. Throws what is worth
   * another try, and `UnreadableSaleError`.
   */
  readonly read: (ids: SaleIds) => Promise<ToldSale | 'unknown' | 'unable'>;
}

/**
 * Who bought, by the delivery that is kept under its digest or read from the marketplace; asked for when a sale gets its
 * tickets later. Undefined when nobody knows any more.
 */
export type FindBuyer = (
  ids: SaleIds & {
    readonly payloadDigest?: string | undefined;
    /** When it was told of the sale: nobody who was erased since is told. */
    readonly createdAtMs: number;
  },
) => Promise<NoticeBuyer | undefined>;

/**
 * What became of telling a marketplace a decision. `taken`: it knows, or nobody has to be told; `failed`: refused or given
 * up, until somebody has it told again.
 */
export type SettleSale = (
  told: SaleIds & {
    /** The sale's `decision` that was told. */
    readonly decision: number;
    readonly as: 'taken' | 'failed';
    readonly nowMs: number;
  },
) => Promise<void>;
