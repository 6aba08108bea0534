// Which marketplaces tell of sales in their own words. The others speak the canonical protocol, or are polled.
import type { NoticeFormats } from '../app/notice-ports.ts';
import { gametime } from './gametime.ts';
import { seatgeek } from './seatgeek.ts';
import { stubhub } from './stubhub.ts';
import { ticketEvolutionOrders } from './ticket-evolution-orders.ts';
import { ticketnetwork } from './ticketnetwork.ts';

export const NOTICE_FORMATS: NoticeFormats = {
  gametime,
  seatgeek,
  stubhub,
  'ticket-evolution': ticketEvolutionOrders,
  ticketnetwork,
};
