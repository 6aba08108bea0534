// In whose own format a channel tells of sales and is told of them. AXS, FanXchange, Ticketmaster and TicketNetwork have
// published none for this and speak the canonical protocol; the day that one of them hands over its documents, its file
// stands beside the others and its line here.
import type { FindSaleFormat, SaleFormat } from '../app/sale-format-ports.ts';
import type { Marketplace } from '../domain/access.ts';
import { isClassic } from '../domain/marketplaces/channel.ts';
import { PROFILES } from '../domain/marketplaces/registry.ts';
import { gametime } from './gametime.ts';
import { seatgeek } from './seatgeek.ts';
import { stubhub } from './stubhub.ts';
import { ticketEvolutionOrders } from './ticket-evolution-orders.ts';
import { vividSeats } from './vivid-seats.ts';

const FORMATS: Readonly<Partial<Record<Marketplace, SaleFormat>>> = {
  gametime,
  'ticket-evolution': ticketEvolutionOrders,
  seatgeek,
  stubhub,
  'vivid-seats': vividSeats,
};

export const findSaleFormat: FindSaleFormat = (channel) => {
  const { marketplace } = channel;
  const isSpoken = PROFILES[marketplace].hasClassicFlow !== true || isClassic(channel);
  return isSpoken ? FORMATS[marketplace] : undefined;
};
