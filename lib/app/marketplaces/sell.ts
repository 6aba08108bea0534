// Sells what a marketplace has sold already: its tickets are chosen among those that are free, and moved by one transaction
// that states each is. Whoever meets others chooses again, until it is decided.
import { chooseSold } from '../../domain/marketplaces/choose-sold.ts';
import type { Listing } from '../../domain/marketplaces/listing.ts';
import type { NoticeBuyer } from '../../domain/marketplaces/notice.ts';
import type { MarketplaceSale, StoredSale } from '../../domain/marketplaces/sale.ts';
import type { Person } from '../../domain/orders/sale.ts';
import { type Ticket, toHolderName } from '../../domain/ticket.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { ListingStore, SaleStore } from '../marketplace-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import { type AvailabilityDeps, isOffered, loadFree } from './availability.ts';
import { loadLeftOrders, prepareMove } from './prepare-move.ts';

export interface SellDeps extends AvailabilityDeps {
  readonly listings: Pick<ListingStore, 'find' | 'loadTickets' | 'findTaken'>;
  readonly sales: Pick<SaleStore, 'sell'>;
  readonly orders: Pick<OrderStore, 'load'>;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
}

export interface Selling {
  readonly before: StoredSale | undefined;
  /** As it becomes when its tickets are there. */
  readonly sale: MarketplaceSale;
  readonly buyer: NoticeBuyer | undefined;
  /** Whose doing it is, for the tickets' history. */
  readonly by: string;
  /** The host wants it also where the listing is no longer offered. */
  readonly isForced: boolean;
  readonly nowMs: number;
}

/** Each further try follows somebody else's change of one of the tickets or of their orders. */
const TRIES_MAX = 60;

/** `changed`: the sale itself is another by now. Throws when it can't be decided. */
export async function sell(
  deps: SellDeps,
  selling: Selling,
): Promise<'sold' | 'unavailable' | 'changed'> {
  const { before: saleBefore, sale, by, nowMs } = selling;
  const secret = await deps.contacts.loadSecret(sale.organizationId);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const listing = await deps.listings.find(sale);
    if (listing === undefined) return 'unavailable';
    const tickets = chooseSold(await findFree(deps, listing, selling), sale);
    if (tickets === undefined) return 'unavailable';
    const orders = await loadLeftOrders(deps, tickets);
    if (orders === undefined) continue;
    const made = prepareMove({
      saleBefore,
      sale,
      offer: { ...listing, unitPriceMinor: toUnitPrice(sale, listing) },
      tickets,
      orders,
      buyer: toPerson(selling.buyer),
      by,
      secret,
      tries,
      nowMs,
    });
    const outcome = await deps.sales.sell(made);
    if (outcome === 'committed') return 'sold';
    if (outcome === 'sold') return 'changed';
  }
  throw new Error('tickets changed all the time while they were sold');
}

/** As the marketplace sold it. An order has the currency of its event: for a price in another one stands the listing's. */
const toUnitPrice = ({ unitPriceMinor, currency }: MarketplaceSale, listing: Listing): number =>
  unitPriceMinor === undefined || (currency ?? listing.currency) !== listing.currency
    ? listing.unitPriceMinor
    : unitPriceMinor;

/** In the order of their seats. */
async function findFree(
  deps: SellDeps,
  listing: Listing,
  { sale: { organizationId, marketplace }, isForced, nowMs }: Selling,
): Promise<readonly Ticket[]> {
  if (isOffered(listing, marketplace)) return loadFree(deps, listing, nowMs);
  if (!isForced) return [];
  const free = await loadFree(deps, { ...listing, status: 'OPEN' }, nowMs);
  if (listing.status === 'OPEN') return free;
  // What is offered by another listing is that one's to sell.
  const ids = free.map(({ eventTicketId }) => eventTicketId);
  const taken = new Set(await deps.listings.findTaken(organizationId, ids));
  return free.filter(({ eventTicketId }) => !taken.has(eventTicketId));
}

function toPerson(buyer: NoticeBuyer | undefined): Person {
  if (buyer === undefined) return {};
  const name = toHolderName(buyer.name.trim());
  return { ...(name === '' ? {} : { name }), email: buyer.email };
}
