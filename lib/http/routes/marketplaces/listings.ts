// POST /v1/listings, GET, PATCH and DELETE /v1/listings/{listingId}, GET /v1/events/{eventId}/listings.
import * as z from 'zod';
import {
  changeListing,
  closeListing,
  createListing,
  type ListingDeps,
  type ListingView,
  listListings,
  readListing,
} from '../../../app/marketplaces/manage-listings.ts';
import { MARKETPLACES } from '../../../domain/access.ts';
import { LISTING_STATUSES, LISTING_TICKETS_MAX } from '../../../domain/marketplaces/listing.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $NumericId, $PageQuery } from '../../schemas.ts';
import { $Money } from '../organizers/bodies.ts';
import { $Quantity } from './bodies.ts';

const areDifferent = (values: readonly unknown[]): boolean =>
  new Set(values).size === values.length;
const DIFFERENT = 'must each be there once';

const SETTINGS = {
  unitPrice: $Money.meta({ description: 'Of one ticket, in the currency of the event.' }),
  channels: z
    .array(z.enum(MARKETPLACES))
    .min(1)
    .max(MARKETPLACES.length)
    .refine(areDifferent, DIFFERENT),
  splits: z
    .union([
      z.enum(['any', 'noSingleLeft']),
      z.array($Quantity).min(1).max(LISTING_TICKETS_MAX).refine(areDifferent, DIFFERENT),
    ])
    .meta({ description: 'How many may be sold together: numbers are the only quantities.' }),
};

const $Listing = z
  .object({
    listingId: z.string(),
    /** The same listing, where ids are numbers. */
    ticketGroupId: $NumericId,
    eventId: z.string(),
    eventTicketIds: z.array($NumericId),
    unitPrice: $Money,
    channels: z.array(z.enum(MARKETPLACES)),
    splits: z.union([z.enum(['any', 'noSingleLeft']), z.array(z.int())]),
    status: z.enum(LISTING_STATUSES),
    available: z.boolean(),
    availableQuantity: z.int(),
    purchasableQuantities: z.array(z.int()),
    createdAt: z.string(),
    version: z.int(),
  })
  .meta({ id: 'Listing' });

const toListingBody = ({ listing, availability }: ListingView) => ({
  listingId: listing.listingId,
  ticketGroupId: listing.number,
  eventId: listing.eventId,
  eventTicketIds: listing.tickets.map(({ eventTicketId }) => eventTicketId),
  ...availability,
  channels: [...listing.channels],
  splits: typeof listing.splits === 'string' ? listing.splits : [...listing.splits],
  status: listing.status,
  createdAt: new Date(listing.createdAtMs).toISOString(),
  version: listing.version,
});

const SHARED = { family: 'marketplaces', scope: 'organizer' } as const;
const ONE = {
  ...SHARED,
  path: '/v1/listings/{listingId}',
  params: z.strictObject({ listingId: $ClientId }),
} as const;

const postContract = {
  ...SHARED,
  operationId: 'createListing',
  method: 'POST',
  path: '/v1/listings',
  summary:
    'Offer stock at marketplaces: imported tickets, or such as an order without a buyer has.',
  body: z.strictObject({
    eventTicketIds: z
      .array($NumericId)
      .min(1)
      .max(LISTING_TICKETS_MAX)
      .refine(areDifferent, DIFFERENT),
    ...SETTINGS,
    splits: SETTINGS.splits.default('any'),
  }),
  success: 201,
  response: $Listing,
  refusals: ['not_found', 'not_listable', 'event_over'],
} as const satisfies Contract;

const post = defineRoute(postContract, async (deps: ListingDeps, { actor, body, nowMs }) => {
  const { organizationId } = actor;
  const made = await createListing(deps, { organizationId, ...body, nowMs });
  return made.ok ? ok(toListingBody(made.value)) : made;
});

const getContract = {
  ...ONE,
  operationId: 'getListing',
  method: 'GET',
  summary: 'Read a listing and what of it is available.',
  success: 200,
  response: $Listing,
  refusals: ['not_found'],
} as const satisfies Contract;

const get = defineRoute(getContract, async (deps: ListingDeps, { actor, params, nowMs }) => {
  const ids = { organizationId: actor.organizationId, ...params };
  const found = await readListing(deps, ids, nowMs);
  return found.ok ? ok(toListingBody(found.value)) : found;
});

const listContract = {
  ...SHARED,
  operationId: 'listListings',
  method: 'GET',
  path: '/v1/events/{eventId}/listings',
  summary: 'List what of an event is offered or was, oldest first.',
  params: z.strictObject({ eventId: $ClientId }),
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Listing), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const POSITION = /^lst_[0-9A-Z]{26}$/;
/** Each listing's tickets are read for it. */
const LISTINGS_PAGE_MAX = 25;

const list = defineRoute(
  listContract,
  async (deps: ListingDeps, { actor, params, query, nowMs }) => {
    const page = parsePage(query, POSITION);
    if (!page.ok) return page;
    const ids = { organizationId: actor.organizationId, ...params };
    const limit = Math.min(page.value.limit, LISTINGS_PAGE_MAX);
    const found = await listListings(deps, ids, { ...page.value, limit, nowMs });
    return found.ok ? ok(toPageBody(found.value, toListingBody)) : found;
  },
);

const patchContract = {
  ...ONE,
  operationId: 'updateListing',
  method: 'PATCH',
  summary: 'Change price, marketplaces or splits. Holds that live keep their price.',
  body: z.strictObject({
    unitPrice: SETTINGS.unitPrice.optional(),
    channels: SETTINGS.channels.optional(),
    splits: SETTINGS.splits.optional(),
  }),
  success: 200,
  response: $Listing,
  refusals: ['not_found', 'precondition_failed'],
} as const satisfies Contract;

const patch = defineRoute(patchContract, async (deps: ListingDeps, request) => {
  const { actor, params, body, ifMatch, nowMs } = request;
  const { organizationId } = actor;
  const changed = await changeListing(deps, { organizationId, ...params, ifMatch, nowMs }, body);
  return changed.ok ? ok(toListingBody(changed.value)) : changed;
});

const deleteContract = {
  ...ONE,
  operationId: 'deleteListing',
  method: 'DELETE',
  summary: 'Offer it no more. Holds that live stay and may be invoiced.',
  success: 204,
  refusals: ['not_found', 'precondition_failed'],
} as const satisfies Contract;

const remove = defineRoute(deleteContract, async (deps: ListingDeps, request) => {
  const { actor, params, ifMatch, nowMs } = request;
  const { organizationId } = actor;
  const closed = await closeListing(deps, { organizationId, ...params, ifMatch, nowMs });
  return closed.ok ? ok(undefined) : closed;
});

export const listingRoutes = [post, get, list, patch, remove];
