// What a marketplace tells of its sales and of its holds that bind nobody, in our words whatever its own format is
// (product.md section 8). Amounts are minor units, times milliseconds.

/** Who bought; marketplaces often tell it only after the sale is confirmed. */
export interface NoticeBuyer {
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
}

interface NoticeBase {
  /** Tells a repeated notice from a new one, within one channel. */
  readonly noticeId: string;
}

export interface SaleCreated extends NoticeBase {
  readonly type: 'sale.created';
  readonly marketplaceOrderId: string;
  /** Our listing's id, as the marketplace gives it back. */
  readonly listingId: string;
  readonly quantity: number;
  /** Seats that the marketplace has sold by name. */
  readonly seats?: readonly string[];
  /** Of the hold that announced it; absent: the sale's own id. */
  readonly holdRequestId?: string;
  readonly unitPriceMinor?: number;
  /** Of the price; absent: that of the listing. */
  readonly currency?: string;
  readonly buyer?: NoticeBuyer;
  /** Until when the marketplace wants to know. */
  readonly confirmByMs?: number;
}

export interface SaleCanceled extends NoticeBase {
  readonly type: 'sale.canceled';
  readonly marketplaceOrderId: string;
}

export interface HoldPlaced extends NoticeBase {
  readonly type: 'hold.placed';
  readonly holdRequestId: string;
  readonly listingId: string;
  readonly quantity: number;
  readonly seats?: readonly string[];
}

export interface HoldReleased extends NoticeBase {
  readonly type: 'hold.released';
  readonly holdRequestId: string;
}

/** Something happened to a sale: what, has to be read from the marketplace. */
export interface SaleTold extends NoticeBase {
  readonly type: 'sale.told';
  readonly marketplaceOrderId: string;
}

export type Notice = SaleCreated | SaleCanceled | SaleTold | HoldPlaced | HoldReleased;

/** A marketplace's own id: whatever it likes to print, in a key of the table. */
export const OWN_ID_CHARACTERS_MAX = 128;
/** It has parts, and stands in a sort key: at most 1,024 bytes of DynamoDB's, three for a character. */
const NOTICE_ID_CHARACTERS_MAX = 300;

/** Whether the table's keys have room for what a notice names. */
export function areIdsShort(notice: Notice): boolean {
  const ids = ['marketplaceOrderId', 'holdRequestId', 'listingId'] as const;
  const named: Partial<Record<(typeof ids)[number], string>> = notice;
  return (
    notice.noticeId.length <= NOTICE_ID_CHARACTERS_MAX &&
    ids.every((id) => (named[id] ?? '').length <= OWN_ID_CHARACTERS_MAX)
  );
}

/** Why a host doesn't deliver a sale: the six reasons that Ticket Evolution knows; others take them as text. */
export const REJECT_REASONS = [
  'not_available',
  'wrong_price',
  'duplicate',
  'fraud',
  'test',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** What a marketplace thinks of a sale, read from it. */
export const MARKETPLACE_STANDS = [
  'UNDER_REVIEW',
  'OPEN',
  'CONFIRMED',
  'REJECTED',
  'CANCELED',
] as const;
export type MarketplaceStand = (typeof MARKETPLACE_STANDS)[number];

export interface ToldSale {
  readonly stand: MarketplaceStand;
  readonly sale: Omit<SaleCreated, 'noticeId' | 'type'>;
}
