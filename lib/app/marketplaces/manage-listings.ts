// Listings: stock is offered, at which price and where, and taken back.
import type { Marketplace } from '../../domain/access.ts';
import {
  findSaleBar,
  isStock,
  type Listing,
  type Splits,
} from '../../domain/marketplaces/listing.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { Fault } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { findOpenLine } from '../../domain/swaps/swap.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { type Change, changeUnlessGuarded, withoutAbsent } from '../change.ts';
import type { Page, PageRequest } from '../event-ports.ts';
import { toNewId, toNewNumericId } from '../ids.ts';
import type { ListingIds, ListingStore } from '../marketplace-ports.ts';
import type { EventIds, OrderStore } from '../order-ports.ts';
import { type Availability, type AvailabilityDeps, toAvailability } from './availability.ts';

export interface ListingDeps extends AvailabilityDeps {
  readonly listings: ListingStore;
  readonly orders: Pick<OrderStore, 'load'>;
}

export interface ListingSettings {
  readonly unitPrice: { readonly amountMinor: number; readonly currency: string };
  readonly channels: readonly Marketplace[];
  readonly splits: Splits;
}

export interface NewListing extends ListingSettings {
  readonly organizationId: string;
  readonly eventTicketIds: readonly number[];
  readonly nowMs: number;
}

export interface ListingView {
  readonly listing: Listing;
  readonly availability: Availability;
}

/** Each further try follows a change of one of the tickets or their marks. */
const TRIES_MAX = 20;

/**
 * Refuses `not_found` for a ticket that doesn't exist, `validation_failed`, `not_listable` with every ticket that isn't
 * stock, may not be sold or is in an open listing, `event_over`, `unavailable`.
 */
export async function createListing(
  deps: ListingDeps,
  request: NewListing,
): Promise<Result<ListingView>> {
  const { organizationId, eventTicketIds, nowMs } = request;
  const listingId = toNewId('listing', nowMs);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const tickets = await deps.listings.findTickets(organizationId, eventTicketIds);
    const [first] = tickets;
    if (first === undefined || tickets.length < eventTicketIds.length) return refuse('not_found');
    const event = await deps.events.findBare(organizationId, first.eventId);
    if (event === undefined) return refuse('not_found');
    if (Date.parse(event.endsAt) < nowMs) return refuse('event_over');
    const errors = findFaults(request, tickets, event.currency);
    if (errors.length > 0) return refuse('validation_failed', { errors });
    const barred = await findBarred(deps, tickets, nowMs);
    if (barred.length > 0) return refuseBarred(request, barred);
    const listing = toListing(request, { listingId, tickets, currency: event.currency });
    if ((await deps.listings.create(listing, nowMs)) === 'created')
      return ok(await view(deps, listing, nowMs));
    // A reply that was lost.
    const made = await deps.listings.find({ organizationId, listingId });
    if (made !== undefined) return ok(await view(deps, made, nowMs));
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

function findFaults(
  { unitPrice }: NewListing,
  tickets: readonly Ticket[],
  currency: string,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (new Set(tickets.map(({ eventId }) => eventId)).size > 1) {
    faults.push({ pointer: '/eventTicketIds', detail: 'must be of one event' });
  }
  if (unitPrice.currency !== currency) {
    faults.push({ pointer: '/unitPrice/currency', detail: `must be ${currency}` });
  }
  return faults;
}

interface Barred {
  readonly eventTicketId: number;
  readonly why: string;
}

async function findBarred(
  deps: ListingDeps,
  tickets: readonly Ticket[],
  nowMs: number,
): Promise<readonly Barred[]> {
  const [{ organizationId } = { organizationId: '' }] = tickets;
  const orders = new Map<number, Order>();
  const orderIds = new Set(tickets.flatMap(({ orderId }) => orderId ?? []));
  await Promise.all(
    [...orderIds].map(async (orderId) => {
      const order = await deps.orders.load(organizationId, orderId);
      if (order !== undefined) orders.set(orderId, order);
    }),
  );
  const ids = tickets.map(({ eventTicketId }) => eventTicketId);
  const taken = new Set(await deps.listings.findTaken(organizationId, ids));
  return tickets.flatMap((ticket) => {
    const order = orders.get(ticket.orderId ?? 0);
    const why = toReason(ticket, { order, isTaken: taken.has(ticket.eventTicketId), nowMs });
    return why === undefined ? [] : [{ eventTicketId: ticket.eventTicketId, why }];
  });
}

function toReason(
  ticket: Ticket,
  facts: { readonly order: Order | undefined; readonly isTaken: boolean; readonly nowMs: number },
): string | undefined {
  const { order } = facts;
  const bar = findSaleBar(ticket, facts.nowMs);
  if (bar !== undefined) return `is ${bar}`;
  if (order === undefined || !isStock(ticket, order)) return 'is not stock';
  if (order.isCut !== true && findOpenLine(order, ticket.eventTicketId) === undefined) {
    return 'is not stock';
  }
  return facts.isTaken ? 'is in an open listing' : undefined;
}

function refuseBarred({ eventTicketIds }: NewListing, barred: readonly Barred[]) {
  const errors = barred.map(({ eventTicketId, why }) => ({
    pointer: `/eventTicketIds/${eventTicketIds.indexOf(eventTicketId)}`,
    detail: why,
  }));
  return refuse('not_listable', { errors });
}

const toListing = (
  { organizationId, unitPrice, channels, splits, nowMs }: NewListing,
  {
    listingId,
    tickets,
    currency,
  }: {
    readonly listingId: string;
    readonly tickets: readonly Ticket[];
    readonly currency: string;
  },
): Listing => ({
  organizationId,
  listingId,
  number: toNewNumericId(nowMs),
  eventId: tickets[0]?.eventId ?? '',
  currency,
  tickets: tickets.map(({ eventTicketId, barcode, orderId = 0 }) => ({
    eventTicketId,
    barcode,
    orderId,
  })),
  unitPriceMinor: unitPrice.amountMinor,
  channels,
  splits,
  status: 'OPEN',
  createdAtMs: nowMs,
  version: 1,
});

const view = async (deps: ListingDeps, listing: Listing, nowMs: number): Promise<ListingView> => ({
  listing,
  availability: await toAvailability(deps, listing, { nowMs }),
});

/** Refuses `not_found`. */
export async function readListing(
  deps: ListingDeps,
  ids: ListingIds,
  nowMs: number,
): Promise<Result<ListingView>> {
  const listing = await deps.listings.find(ids);
  return listing === undefined ? refuse('not_found') : ok(await view(deps, listing, nowMs));
}

/** Refuses `not_found`, without the event. */
export async function listListings(
  deps: ListingDeps,
  ids: EventIds,
  { nowMs, ...page }: PageRequest & { readonly nowMs: number },
): Promise<Result<Page<ListingView>>> {
  if ((await deps.events.findBare(ids.organizationId, ids.eventId)) === undefined) {
    return refuse('not_found');
  }
  const found = await deps.listings.listByEvent(ids, page);
  const items = await Promise.all(found.items.map(async (listing) => view(deps, listing, nowMs)));
  return ok({ ...found, items });
}

export interface ListingRequest extends ListingIds {
  readonly ifMatch: number | undefined;
  readonly nowMs: number;
}

/** Holds that live keep the price at which they were placed. Refuses `not_found`, `precondition_failed`, `validation_failed`. */
export const changeListing = async (
  deps: ListingDeps,
  request: ListingRequest,
  change: Change<ListingSettings>,
): Promise<Result<ListingView>> =>
  write(deps, request, (before) => {
    const { unitPrice, ...settings } = withoutAbsent(change);
    if (unitPrice !== undefined && unitPrice.currency !== before.currency) {
      const errors = [{ pointer: '/unitPrice/currency', detail: `must be ${before.currency}` }];
      return refuse('validation_failed', { errors });
    }
    const price = unitPrice === undefined ? {} : { unitPriceMinor: unitPrice.amountMinor };
    return ok({ ...before, ...settings, ...price });
  });

/** Nothing of it is sold any more; holds that live stay. Repeat-safe. */
export const closeListing = async (
  deps: ListingDeps,
  request: ListingRequest,
): Promise<Result<ListingView>> =>
  write(deps, request, (before) => ok({ ...before, status: 'CLOSED' }));

const write = async (
  deps: ListingDeps,
  { ifMatch, nowMs, ...ids }: ListingRequest,
  decide: (before: Listing) => Result<Listing>,
): Promise<Result<ListingView>> =>
  changeUnlessGuarded(ifMatch, async () => {
    const before = await deps.listings.find(ids);
    if (before === undefined) return refuse('not_found');
    if (ifMatch !== undefined && ifMatch !== before.version) return refuse('precondition_failed');
    const decided = decide(before);
    if (!decided.ok) return decided;
    const after = { ...decided.value, version: before.version + 1 };
    if (!(await deps.listings.change(before, after, nowMs))) return refuse('precondition_failed');
    return ok(await view(deps, after, nowMs));
  });
