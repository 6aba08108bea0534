// The keys of listings, holds and sales; their patterns stand in the table of keys.ts.
import { eventPartition, type Key, padId } from './keys.ts';

/** Before every id in a list: a position is never empty. */
export const FROM_THE_START = ' ';

/** Partition of a listing; in `byOwner` the list of its holds. */
export const listingPartition = (organizationId: string, listingId: string): string =>
  `LST#${organizationId}#${listingId}`;
export const listingKey = (organizationId: string, listingId: string): Key => ({
  pk: listingPartition(organizationId, listingId),
  sk: 'LISTING',
});
/** Which listing a number leads to. */
export const listingNumberKey = (organizationId: string, number: number): Key => ({
  pk: `LSN#${organizationId}#${padId(number)}`,
  sk: 'NUMBER',
});
export const eventListingsList = (organizationId: string, eventId: string): string =>
  `${eventPartition(organizationId, eventId)}#L`;
/** In which listing a ticket was put last. */
export const listingMarkKey = (organizationId: string, eventTicketId: number | '*'): Key => ({
  pk: `LMK#${organizationId}#${padId(eventTicketId)}`,
  sk: 'MARK',
});

/** Tickets of this event were listed. Beside the marks, so that who looks for marks may look for it. */
export const listedEventKey = (organizationId: string, eventId: string): Key => ({
  pk: `LMK#${organizationId}#${eventId}`,
  sk: 'LISTED',
});

export interface HoldIds {
  readonly organizationId: string;
  readonly marketplace: string;
  readonly holdRequestId: string;
}

/** The marketplace's own id is the tail of the key, so any character in it is safe. */
export const holdKey = ({ organizationId, marketplace, holdRequestId }: HoldIds): Key => ({
  pk: `HLD#${organizationId}#${marketplace}#${holdRequestId}`,
  sk: 'HOLD',
});
/** Holds that are not resolved, beside each other for each event, so that what they hold can be counted. */
export const heldPartition = (organizationId: string, eventId: string): string =>
  `HEL#${organizationId}#${eventId}`;
export const heldKey = (organizationId: string, eventId: string, holdId: string): Key => ({
  pk: heldPartition(organizationId, eventId),
  sk: holdId,
});
export const holdLookup = (organizationId: string, holdId: string): string =>
  `HLD#${organizationId}#${holdId}`;
export const holdsList = (organizationId: string, status: string): string =>
  `ORG#${organizationId}#HLD#${status}`;
export const holdsDue = (): string => 'DUE#hold';

export interface SaleIds {
  readonly organizationId: string;
  readonly marketplace: string;
  readonly marketplaceOrderId: string;
}

export const saleKey = ({ organizationId, marketplace, marketplaceOrderId }: SaleIds): Key => ({
  pk: `SAL#${organizationId}#${marketplace}#${marketplaceOrderId}`,
  sk: 'SALE',
});
/** What went between the marketplace and us about the sale, also before there is one. */
export const TIMELINE_PREFIX = 'ENTRY#';
export const timelineKey = (ids: SaleIds, entryId: string): Key => ({
  pk: saleKey(ids).pk,
  sk: `${TIMELINE_PREFIX}${entryId}`,
});
export const saleLookup = (organizationId: string, saleId: string): string =>
  `SAL#${organizationId}#${saleId}`;
export const salesList = (organizationId: string, status: string): string =>
  `ORG#${organizationId}#SAL#${status}`;
export const salesDue = (): string => 'DUE#sale';
/** Whatever its status: a list of all of them neither misses a sale that changes nor shows it twice. */
export const allSalesList = (organizationId: string): string => `ORG#${organizationId}#SAL`;
/** In its listing's partition, while the sale waits for tickets of it. */
export const WAITING_PREFIX = 'WAITS#';
export const waitingKey = (organizationId: string, listingId: string, saleId: string): Key => ({
  pk: listingPartition(organizationId, listingId),
  sk: `${WAITING_PREFIX}${saleId}`,
});
