// The native formats of marketplaces that tell us of sales, as the use cases see them: pure translations between their
// words and ours. Sending, secrets, repeats and limits are somebody else's.
import type { Channel } from '../domain/marketplaces/channel.ts';
import type { ToldSale, Notice, RejectReason } from '../domain/marketplaces/notice.ts';

/** A call to a marketplace, before its credentials are added. */
export interface MarketplaceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the channel's base address. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: string;
}

export interface MarketplaceAnswer {
  readonly status: number;
  readonly body: string;
}

/** A sale, as a marketplace has to be told of it. */
export interface SaleToTell {
  readonly marketplaceOrderId: string;
  readonly seats: readonly string[];
  /** Who acts for the broker, where the marketplace wants a number of it. */
  readonly reviewerId?: string;
}

/** `refused` is final: the marketplace said no, or has no such sale. */
export type Verdict = 'done' | 'again' | 'refused';

export interface SaleFormat {
  /** Undefined when the body isn't of this format. Messages that tell nothing of a sale give no notice. */
  readonly parseDelivery: (body: string) => readonly Notice[] | undefined;
  readonly toConfirm: (sale: SaleToTell) => MarketplaceCall;
  readonly toReject: (sale: SaleToTell, reason: RejectReason) => MarketplaceCall;
  readonly toVerdict: (answer: MarketplaceAnswer) => Verdict;
  /** Reads one sale back; the marketplaces whose notices carry no signature are believed only after it. */
  readonly toRead: (marketplaceOrderId: string) => MarketplaceCall;
  readonly parseSale: (answer: MarketplaceAnswer, currency: string) => ToldSale | undefined;
  /** The sales that wait for an answer of ours, a page at a time. */
  readonly toPoll: (page: number) => MarketplaceCall;
  readonly parsePage: (
    answer: MarketplaceAnswer,
    currency: string,
  ) => { readonly sales: readonly ToldSale[]; readonly isLast: boolean } | undefined;
  /** Not at every marketplace: tells how many of a listing are left; none left takes it off. */
  readonly toListing?: (listingId: string, quantity: number) => MarketplaceCall;
}

/** Undefined for a channel that speaks the canonical protocol. */
export type FindSaleFormat = (
  channel: Pick<Channel, 'marketplace' | 'auth'>,
) => SaleFormat | undefined;
