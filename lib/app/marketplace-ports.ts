// Listings, holds and sales, as the use cases see the table.
import type { Marketplace } from '../domain/access.ts';
import type { Hold, HoldSale, HoldStatus, ReleasedAhead } from '../domain/marketplaces/hold.ts';
import type { Listing } from '../domain/marketplaces/listing.ts';
import type { GiveBack } from '../domain/marketplaces/give-back.ts';
import type { Move } from '../domain/marketplaces/move.ts';
import type { MarketplaceSale, SaleStatus, StoredSale } from '../domain/marketplaces/sale.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Buyer } from './contact-ports.ts';
import type { Page, PageRequest } from './event-ports.ts';
import type { OutboxMessage } from './outbox-ports.ts';

export interface ListingIds {
  readonly organizationId: string;
  readonly listingId: string;
}

/** Whom the stream's follower tells that a ticket can be sold no more, or again. */
export interface ListingTeller {
  /** Changes of one shard (`lane`); the same ones again tell the same again. */
  readonly tell: (lane: string, changes: readonly OfferChange[], nowMs: number) => Promise<void>;
}

export interface OfferChange {
  readonly organizationId: string;
  readonly eventId: string;
  readonly eventTicketId: number;
  readonly sequence: string;
}

export interface ListingStore {
  readonly find: (ids: ListingIds) => Promise<Listing | undefined>;
  readonly findByNumber: (organizationId: string, number: number) => Promise<Listing | undefined>;
  /** Tickets by their ids, strongly consistent, under the barcodes that they have now; unknown ones are left out. */
  readonly findTickets: (
    organizationId: string,
    eventTicketIds: readonly number[],
  ) => Promise<readonly Ticket[]>;
  /** Strongly consistent, under the barcodes that they have now. */
  readonly loadTickets: (listing: Listing) => Promise<readonly Ticket[]>;
  /** Those of the tickets that are in an open listing. */
  readonly findTaken: (
    organizationId: string,
    eventTicketIds: readonly number[],
  ) => Promise<readonly number[]>;
  /** `taken`: one of its tickets is in another open listing. `changed`: a ticket is another by now, or its id or number is used. */
  readonly create: (listing: Listing, nowMs: number) => Promise<'created' | 'taken' | 'changed'>;
  /** False: it is no longer the one `before`. */
  readonly change: (before: Listing, after: Listing, nowMs: number) => Promise<boolean>;
  readonly listByEvent: (
    ids: { readonly organizationId: string; readonly eventId: string },
    page: PageRequest,
  ) => Promise<Page<Listing>>;
}

export interface HoldIds {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly holdRequestId: string;
}

export interface NewHold {
  readonly hold: Hold;
  /** By whose version the price and the channels were looked up. */
  readonly listing: Listing;
  readonly tickets: readonly Ticket[];
  readonly nowMs: number;
}

export interface NewMove {
  readonly move: Move;
  readonly buyer: Buyer | undefined;
  readonly nowMs: number;
}

/**
 * `changed`: it is no longer held as it was read. `lost`: a ticket is no longer its own, so by somebody's clock its time
 * was over.
 */
export type HoldOutcome = 'committed' | 'changed' | 'lost';

export interface HoldStore {
  readonly find: (ids: HoldIds) => Promise<Hold | ReleasedAhead | undefined>;
  readonly findById: (organizationId: string, holdId: string) => Promise<Hold | undefined>;
  /** All tickets or none. False: a ticket, the listing or the request is another by now; decide again. */
  readonly place: (made: NewHold) => Promise<boolean>;
  readonly extend: (hold: Hold, expiresAtMs: number, nowMs: number) => Promise<HoldOutcome>;
  /** Resolves it for good. */
  readonly resolve: (
    hold: Hold,
    status: Extract<HoldStatus, 'RELEASED' | 'EXPIRED'>,
    nowMs: number,
  ) => Promise<HoldOutcome>;
  /** Remembers that the release came first. False when there is a hold. */
  readonly releaseAhead: (ids: HoldIds, nowMs: number) => Promise<boolean>;
  /** Its tickets, strongly consistent. */
  readonly loadTickets: (
    hold: Pick<Hold, 'organizationId' | 'tickets'>,
  ) => Promise<readonly Ticket[]>;
  /** The sale as one transaction. `changed`: decide again; `sold`: the marketplace's order has a sale already. */
  readonly invoice: (made: NewMove) => Promise<'committed' | 'changed' | 'sold'>;
  readonly list: (query: HoldQuery, page: PageRequest) => Promise<Page<Hold>>;
  /** Over by this moment, and not resolved yet. */
  readonly listDue: (nowMs: number, limit: number) => Promise<readonly Hold[]>;
}

/** Holds that bind nobody; `HoldStore` finds, lists, extends and resolves them like others. */
export interface LooseHoldStore {
  /** In the place of what came before it, if that is all there is. False: there is something else by now. */
  readonly place: (hold: Hold, ahead: ReleasedAhead | undefined) => Promise<boolean>;
  /** The sale ends the hold, whatever was told of it before and whatever comes later. The first sale stays. */
  readonly supersede: (ids: HoldIds, sale: HoldSale, nowMs: number) => Promise<void>;
}

export interface HoldQuery {
  readonly organizationId: string;
  readonly status?: HoldStatus | undefined;
  readonly listingId?: string | undefined;
}

export interface SaleIds {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
}

export interface SaleQuery {
  readonly organizationId: string;
  readonly status?: SaleStatus | undefined;
  readonly marketplace?: Marketplace | undefined;
}

export interface SaleChange {
  readonly before: StoredSale | undefined;
  readonly after: MarketplaceSale;
  readonly nowMs: number;
}

export interface NewGiveBack extends GiveBack {
  readonly messages: readonly OutboxMessage[];
  readonly nowMs: number;
}

export interface SaleStore {
  readonly find: (ids: SaleIds) => Promise<StoredSale | undefined>;
  readonly findById: (
    organizationId: string,
    saleId: string,
  ) => Promise<MarketplaceSale | undefined>;
  /** With the message for its marketplace, if there is a new decision. False: it is no longer the one `before`. */
  readonly change: (change: SaleChange) => Promise<boolean>;
  /** Remembers that the cancellation came first. False when something is known of the sale. */
  readonly cancelAhead: (ids: SaleIds, nowMs: number) => Promise<boolean>;
  /** Moves free tickets, as one transaction. `changed`: decide again; `sold`: the sale is another one by now. */
  readonly sell: (made: NewMove) => Promise<'committed' | 'changed' | 'sold'>;
  /** Tickets of a canceled sale return to stock. False: something is another by now; decide again. */
  readonly giveBack: (made: NewGiveBack) => Promise<boolean>;
  /** Those that wait for tickets of a listing, oldest first. */
  readonly listWaiting: (ids: ListingIds) => Promise<readonly SaleIds[]>;
  /** Those that have waited long enough by this moment. */
  readonly listDue: (nowMs: number, limit: number) => Promise<readonly MarketplaceSale[]>;
  readonly list: (query: SaleQuery, page: PageRequest) => Promise<Page<MarketplaceSale>>;
}
