// What makes calls to marketplaces in their own words.
import { createOutboundHttp } from '../../adapters/outbound-http.ts';
import { createCallMarketplace } from '../../app/native/call.ts';
import type { Clock } from '../../app/ports.ts';
import { findSaleFormat } from '../../marketplaces/sale-formats.ts';
import { createCallStore } from '../../table/call-store.ts';
import type { TableAccess } from '../../table/table-access.ts';
import { allowsLoopback } from '../env.ts';

export function createNativeDeps(
  env: NodeJS.ProcessEnv,
  access: TableAccess,
  clock: Clock = Date.now,
) {
  const http = createOutboundHttp({ allowsLoopback: allowsLoopback(env) });
  const calls = createCallStore(access);
  const callMarketplace = createCallMarketplace({ http, calls, findSaleFormat, clock });
  return { http, findSaleFormat, callMarketplace };
}
