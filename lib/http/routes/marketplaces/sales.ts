// What the organizer sees and decides of sales: GET /v1/sales, POST /v1/sales/{saleId}/confirm, /reject and /waive.
import * as z from 'zod';
import {
  type ConfirmDeps,
  confirmSale,
  rejectSale,
  waiveSale,
} from '../../../app/marketplaces/decide-sale.ts';
import type { SaleStore } from '../../../app/marketplace-ports.ts';
import { MARKETPLACES } from '../../../domain/access.ts';
import { REJECT_REASONS } from '../../../domain/marketplaces/notice.ts';
import { SALE_STATUSES } from '../../../domain/marketplaces/sale.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $PageQuery } from '../../schemas.ts';
import { $Sale, toSaleBody } from './bodies.ts';

type Deps = ConfirmDeps & { readonly sales: SaleStore };

const SHARED = { family: 'marketplaces', scope: 'organizer' } as const;
const $SaleIds = z.strictObject({ saleId: $ClientId });

const listContract = {
  ...SHARED,
  operationId: 'listSales',
  method: 'GET',
  path: '/v1/sales',
  summary:
    'List what marketplaces sold, oldest first. UNAVAILABLE ones wait for tickets, or for you.',
  query: z.strictObject({
    ...$PageQuery.shape,
    status: z.enum(SALE_STATUSES).optional(),
    marketplace: z.enum(MARKETPLACES).optional(),
  }),
  success: 200,
  response: z.object({ items: z.array($Sale), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const POSITION = /^sal_[0-9A-Z]{26}$/;

const list = defineRoute(listContract, async ({ sales }: Deps, { actor, query }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const { status, marketplace } = query;
  const { organizationId } = actor;
  const found = await sales.list({ organizationId, status, marketplace }, page.value);
  return ok(toPageBody(found, toSaleBody));
});

const confirmContract = {
  ...SHARED,
  operationId: 'confirmSale',
  method: 'POST',
  path: '/v1/sales/{saleId}/confirm',
  summary:
    'Confirm a sale that had no tickets, if there are some by now; one whose confirmation failed is told again.',
  params: $SaleIds,
  success: 200,
  response: $Sale,
  refusals: ['not_found', 'not_available', 'not_confirmable'],
} as const satisfies Contract;

const confirm = defineRoute(confirmContract, async (deps: Deps, { actor, params, nowMs }) => {
  const { organizationId, keyId: by } = actor;
  const confirmed = await confirmSale(deps, { organizationId, ...params, by, nowMs });
  return confirmed.ok ? ok(toSaleBody(confirmed.value)) : confirmed;
});

const rejectContract = {
  ...SHARED,
  operationId: 'rejectSale',
  method: 'POST',
  path: '/v1/sales/{saleId}/reject',
  summary: 'Reject a sale that has no tickets; one whose rejection failed is told again.',
  params: $SaleIds,
  body: z.strictObject({ reason: z.enum(REJECT_REASONS).default('not_available') }),
  success: 200,
  response: $Sale,
  refusals: ['not_found', 'not_rejectable'],
} as const satisfies Contract;

const reject = defineRoute(rejectContract, async (deps: Deps, { actor, params, body, nowMs }) => {
  const { organizationId } = actor;
  const rejected = await rejectSale(deps, { organizationId, ...params, ...body, nowMs });
  return rejected.ok ? ok(toSaleBody(rejected.value)) : rejected;
});

const waiveContract = {
  ...SHARED,
  operationId: 'waiveSale',
  method: 'POST',
  path: '/v1/sales/{saleId}/waive',
  summary:
    'Note that the marketplace is asked to waive a sale that has no tickets, or that it did (granted).',
  params: $SaleIds,
  body: z.strictObject({ granted: z.boolean().default(false) }),
  success: 200,
  response: $Sale,
  refusals: ['not_found', 'not_waivable'],
} as const satisfies Contract;

const waive = defineRoute(waiveContract, async (deps: Deps, { actor, params, body, nowMs }) => {
  const { organizationId } = actor;
  const isGranted = body.granted;
  const waived = await waiveSale(deps, { organizationId, ...params, isGranted, nowMs });
  return waived.ok ? ok(toSaleBody(waived.value)) : waived;
});

export const saleRoutes = [list, confirm, reject, waive];
