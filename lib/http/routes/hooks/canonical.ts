// The canonical protocol at a channel's address: the routes of /v1/marketplaces/{marketplace}, whose marketplace is the
// channel's, for callers that prove themselves otherwise than by a key.
import * as z from 'zod';
import { present } from '../../../domain/assert.ts';
import type { AnyRoute, Contract } from '../../contract.ts';
import type { TakeNoticeDeps } from '../../../app/notices/take-notice.ts';
import { holdRoutes, type MarketplaceDeps } from '../../routes/marketplaces/holds.ts';
import { notify } from '../../routes/marketplaces/notifications.ts';
import { $Channel, HOOKS } from './shared.ts';

const BASE = '/v1/marketplaces/{marketplace}';

type CanonicalDeps = MarketplaceDeps & TakeNoticeDeps;

export const canonicalRoutes = [...holdRoutes, notify].map((route) => atChannel(route));

function atChannel({ contract, handle }: AnyRoute<CanonicalDeps>): AnyRoute<CanonicalDeps> {
  const own: Contract = contract;
  const { marketplace: _named, ...params } = (own.params as z.ZodObject).shape;
  return {
    contract: {
      ...own,
      ...HOOKS,
      operationId: `${own.operationId}AtChannel`,
      path: `/hooks/{channelId}${own.path.slice(BASE.length)}`,
      params: z.object({ ...params, ...$Channel }),
    } satisfies Contract,
    handle: async (deps, request) => {
      const marketplace = present(request.actor?.marketplace, 'a channel has a marketplace');
      const { channelId: _own, ...rest } = request.params;
      return handle(deps, { ...request, params: { ...rest, marketplace } });
    },
  };
}
