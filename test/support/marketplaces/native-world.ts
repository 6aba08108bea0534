// Marketplaces that are called in their own words: a stand-in for each, and the client over a real table.
import { createOutboundHttp } from '../../../lib/adapters/outbound-http.ts';
import { createCallMarketplace } from '../../../lib/app/native/call.ts';
import { createNativeTeller } from '../../../lib/app/native/tell.ts';
import type { Channel, Outbound } from '../../../lib/domain/marketplaces/channel.ts';
import type { Marketplace } from '../../../lib/domain/access.ts';
import { findSaleFormat } from '../../../lib/marketplaces/sale-formats.ts';
import { createCallStore } from '../../../lib/table/call-store.ts';
import { createWorld } from '../world.ts';
import { startGametime } from './gametime.ts';
import { startSeatgeek } from './seatgeek.ts';
import { startStubhub } from './stubhub.ts';
import { startTicketEvolution } from './ticket-evolution.ts';
import { startVividSeats } from './vivid-seats.ts';

export const STARTS = {
  stubhub: startStubhub,
  'vivid-seats': startVividSeats,
  seatgeek: startSeatgeek,
  gametime: startGametime,
  'ticket-evolution': startTicketEvolution,
} as const;
export type NativeMarketplace = keyof typeof STARTS;

/** Its stand-ins answer late after a second and a half. */
const CALL_MS = 700;

export async function createNativeWorld() {
  const world = await createWorld();
  const clock = (): number => world.clock.nowMs;
  const calls = createCallStore(world);
  /** As each process of a worker has its own. */
  const newProcess = () => {
    const http = createOutboundHttp({ allowsLoopback: true, callMs: CALL_MS });
    const callMarketplace = createCallMarketplace({ http, calls, findSaleFormat, clock });
    return { callMarketplace, teller: createNativeTeller({ findSaleFormat, callMarketplace }) };
  };
  const newChannel = async (
    marketplace: Marketplace,
    outbound: Omit<Outbound, 'secret'>,
  ): Promise<Channel> => {
    const { organizationId } = await world.newOrganization();
    return {
      organizationId,
      marketplace,
      channelId: `chn_${organizationId}`,
      enabled: true,
      auth: { mode: 'key', flow: 'classic' },
      holdMinutes: 10,
      autoRejectAfterMinutes: 60,
      outbound: { ...outbound, secret: 'unused' },
      createdAt: '2026-01-01T00:00:00.000Z',
      version: 1,
    };
  };
  return { ...world, clock: world.clock, calls, newProcess, newChannel };
}
