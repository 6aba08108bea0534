// GET /v1/channels/{marketplace}/differences: what didn't go together when the marketplace was asked.
import * as z from 'zod';
import type { ChannelStore } from '../../../app/channel-ports.ts';
import type { DifferenceStore } from '../../../app/reconcile-ports.ts';
import { MARKETPLACES } from '../../../domain/access.ts';
import type { Difference } from '../../../domain/marketplaces/difference.ts';
import { MARKETPLACE_STANDS } from '../../../domain/marketplaces/notice.ts';
import { SALE_STATUSES } from '../../../domain/marketplaces/sale.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $PageQuery } from '../../schemas.ts';

interface Deps {
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly differences: Pick<DifferenceStore, 'list'>;
}

const $Difference = z
  .object({
    marketplaceOrderId: z.string(),
    here: z.enum([...SALE_STATUSES, 'UNKNOWN']),
    there: z.enum([...MARKETPLACE_STANDS, 'UNKNOWN']),
    firstSeenAt: z.string(),
    lastSeenAt: z.string(),
    times: z.int(),
  })
  .meta({ id: 'Difference' });

const contract = {
  family: 'organizers',
  scope: 'organizer',
  operationId: 'listDifferences',
  method: 'GET',
  path: '/v1/channels/{marketplace}/differences',
  summary: 'List sales of which the marketplace thought otherwise, as seen in the last 30 days.',
  params: z.strictObject({ marketplace: z.enum(MARKETPLACES) }),
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Difference), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const POSITION = /^[A-Z_]{1,20}#[A-Z_]{1,20}#.+$/su;

const list = defineRoute(contract, async (deps: Deps, { actor, params, query }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const { organizationId } = actor;
  const { marketplace } = params;
  if ((await deps.channels.find(organizationId, marketplace)) === undefined) {
    return refuse('not_found');
  }
  const found = await deps.differences.list({ organizationId, marketplace }, page.value);
  return ok(toPageBody(found, toBody));
});

const toBody = ({ firstSeenAtMs, lastSeenAtMs, ...difference }: Difference) => ({
  ...difference,
  firstSeenAt: new Date(firstSeenAtMs).toISOString(),
  lastSeenAt: new Date(lastSeenAtMs).toISOString(),
});

export const differenceRoutes = [list];
