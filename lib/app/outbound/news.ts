// What there is to tell of a thing at this moment.
import { isCanceledAhead, toToldType } from '../../domain/marketplaces/sale.ts';
import type { SaleStore } from '../marketplace-ports.ts';
import type { LaneIds, OutboundMessage, ToldNews } from '../outbound-ports.ts';
import type { FindListed } from './spread-listing.ts';

export interface NewsDeps {
  readonly findListed: FindListed;
  readonly sales: Pick<SaleStore, 'find'>;
}

/** The same in the canonical protocol, and for a marketplace's own calls. */
export interface News {
  readonly message: OutboundMessage;
  readonly told: ToldNews;
  /** What it is about, by an id of ours. */
  readonly aboutId: string;
  /** Which decision about a sale this is: each is told once. */
  readonly decision?: number;
}

/** Undefined: there is nothing that has to be told. */
export async function findNews(
  deps: NewsDeps,
  ids: LaneIds,
  nowMs: number,
): Promise<News | undefined> {
  switch (ids.subject.kind) {
    case 'listing':
      return tellListing(deps, ids, nowMs);
    case 'sale':
      return tellSale(deps, ids);
  }
}

/** Where it is listed no longer, nothing is left of it. */
async function tellListing(
  { findListed }: NewsDeps,
  { organizationId, marketplace, subject }: LaneIds,
  nowMs: number,
): Promise<News> {
  const listingId = subject.id;
  const listed = await findListed({ organizationId, listingId }, nowMs);
  const isListed = listed?.channels.includes(marketplace) === true;
  const quantity = isListed ? listed.quantity : 0;
  // As Mercury calls it.
  const isMercury = listed !== undefined && marketplace === 'ticketnetwork-mercury';
  const number = isMercury ? { ticketGroupId: listed.number } : {};
  return {
    message: { type: 'listing.updated', data: { listingId, ...number, quantity } },
    told: { type: 'listing.updated', listingId, quantity },
    aboutId: listingId,
  };
}

/** Whom a sale waits for, or who has canceled it, needs to hear nothing. */
async function tellSale(
  { sales }: NewsDeps,
  { organizationId, marketplace, subject }: LaneIds,
): Promise<News | undefined> {
  const marketplaceOrderId = subject.id;
  const sale = await sales.find({ organizationId, marketplace, marketplaceOrderId });
  if (sale === undefined || isCanceledAhead(sale)) return undefined;
  const type = toToldType(sale);
  if (type === undefined) return undefined;
  const { saleId, listingId, quantity, orderId, seats = [], rejectReason = 'other' } = sale;
  const data = { saleId, marketplaceOrderId, listingId, quantity };
  const shared = { aboutId: saleId, decision: sale.decision };
  const told = { marketplaceOrderId, seats };
  return type === 'sale.confirmed'
    ? {
        ...shared,
        message: { type, data: { ...data, ...(orderId === undefined ? {} : { orderId }) } },
        told: { type, sale: told },
      }
    : {
        ...shared,
        message: { type, data: { ...data, reason: rejectReason } },
        told: { type, sale: told, reason: rejectReason },
      };
}
