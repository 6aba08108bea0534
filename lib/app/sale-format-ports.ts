// The native formats of marketplaces that tell us of sales, as the use cases see them: pure translations between their
// words and ours. Sending, repeats and limits are somebody else's.
import type { Channel, Credentials } from '../domain/marketplaces/channel.ts';
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

/** A call as it is sent. */
export interface MarketplaceRequest {
  readonly method: MarketplaceCall['method'];
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What proves whose call it is. */
export interface CallProof {
  readonly credentials: Credentials;
  /** Where they buy a token by OAuth2 first. */
  readonly accessToken: string | undefined;
}

export interface CallLimit {
  /** Calls of one name count together. */
  readonly name: string;
  readonly everyMs: number;
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
  readonly parseSale: (
    answer: MarketplaceAnswer,
    currency: string,
  ) => ToldSale | 'unknown' | undefined;
  /**
   * The sales that wait for an answer of ours, a page at a time; where they can't be asked for alone, those that changed
   * since then.
   */
  readonly toPoll: (page: number, sinceMs: number) => MarketplaceCall;
  readonly parsePage: (
    answer: MarketplaceAnswer,
    currency: string,
  ) => { readonly sales: readonly ToldSale[]; readonly isLast: boolean } | undefined;
  /** Without webhooks the sales that are polled are news; elsewhere they were told before. */
  readonly isTellingNothing?: true;
  /** Tells how many of a listing are left; none left takes it off. Undefined where the marketplace has no such call. */
  readonly toListing?: (listingId: string, quantity: number) => MarketplaceCall | undefined;
  /** Its calls need an access token, got for the credentials by OAuth2 with these scopes. */
  readonly tokenScopes?: string;
  readonly authorize: (request: MarketplaceRequest, proof: CallProof) => MarketplaceRequest;
  /** What the marketplace limits beyond a few calls a second. */
  readonly toLimit?: (call: MarketplaceCall) => CallLimit | undefined;
}

/** Undefined for a channel that speaks the canonical protocol. */
export type FindSaleFormat = (
  channel: Pick<Channel, 'marketplace' | 'auth'>,
) => SaleFormat | undefined;
