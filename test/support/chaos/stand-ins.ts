// All marketplaces at once, in this process: what each thinks of its sales, and what it was told with effect. One call in
// ten fails; of those every other one was done, and only its reply is lost.
import type { NativeTeller, OutboundHttp } from '../../../lib/app/outbound-ports.ts';
import type { SaleReader } from '../../../lib/app/notice-ports.ts';
import type { Marketplace } from '../../../lib/domain/access.ts';
import type { MarketplaceStand } from '../../../lib/domain/marketplaces/notice.ts';
import { verifyWebhook } from '../../../lib/domain/marketplaces/webhook-signature.ts';

const FAILING = 0.1;
export const SECRET = `whsec_${'C'.repeat(32)}`;
/** They are called, and read, in their own words. */
export const NATIVE = [
  'stubhub',
  'vivid-seats',
  'seatgeek',
  'gametime',
  'ticket-evolution',
] as const;

export interface Booked {
  readonly marketplace: Marketplace;
  readonly orderId: string;
  readonly listingId: string;
  readonly quantity: number;
  stand: MarketplaceStand;
  /** How often it was told so with effect. */
  confirmed: number;
  rejected: number;
}

export function createStandIns(random: () => number, clock: () => number) {
  const books = new Map<string, Booked>();
  const quantities = new Map<string, { sequence: number; quantity: number }>();
  const seen = new Set<string>();
  const faults: string[] = [];
  const counts = { calls: 0, failed: 0, lost: 0 };
  const toKey = (marketplace: Marketplace, orderId: string): string => `${marketplace} ${orderId}`;

  /** False: it can't be done any more. */
  const decide = (sale: Booked, to: 'CONFIRMED' | 'REJECTED'): boolean => {
    if (sale.stand !== 'OPEN') return false;
    sale.stand = to;
    if (to === 'CONFIRMED') sale.confirmed += 1;
    else sale.rejected += 1;
    return true;
  };
  /** What becomes of a call, and whether its caller hears it. */
  const call = <T>(act: () => T): T | undefined => {
    counts.calls += 1;
    const dice = random();
    if (dice < FAILING / 2) {
      counts.failed += 1;
      return undefined;
    }
    const done = act();
    if (dice >= FAILING) return done;
    counts.lost += 1;
    return undefined;
  };
  const tellQuantity = (of: string, told: { sequence: number; quantity: number }): void => {
    const before = quantities.get(of);
    if (before !== undefined && told.sequence < before.sequence) faults.push(`older: ${of}`);
    quantities.set(of, told);
  };

  const native: NativeTeller = {
    async tell({ marketplace }, news) {
      if (!(NATIVE as readonly string[]).includes(marketplace)) return undefined;
      const done = call(() => {
        if (news.type === 'listing.updated') {
          const of = toKey(marketplace, news.listingId);
          const sequence = (quantities.get(of)?.sequence ?? 0) + 1;
          quantities.set(of, { sequence, quantity: news.quantity });
          return true;
        }
        const sale = books.get(toKey(marketplace, news.sale.marketplaceOrderId));
        return sale && decide(sale, news.type === 'sale.confirmed' ? 'CONFIRMED' : 'REJECTED');
      });
      if (done === undefined) return { as: 'failed' };
      return { as: done ? 'taken' : 'refused' };
    },
  };
  const http: Pick<OutboundHttp, 'post'> = {
    async post({ url, headers, body: text }) {
      const marketplace = new URL(url).pathname.slice(1) as Marketplace;
      const done = call(() => {
        if (verifyWebhook({ headers, text, nowMs: clock() }, [SECRET]) === undefined) {
          faults.push(`unsigned: ${text}`);
        }
        const id = `${marketplace} ${headers['webhook-id']}`;
        if (seen.has(id)) return true;
        seen.add(id);
        const { type, data } = JSON.parse(text);
        if (type === 'listing.updated') tellQuantity(toKey(marketplace, data.listingId), data);
        const sale = books.get(toKey(marketplace, String(data.marketplaceOrderId)));
        if (type !== 'listing.updated' && sale === undefined) faults.push(`unknown: ${text}`);
        if (type === 'sale.confirmed' && sale !== undefined && !decide(sale, 'CONFIRMED')) {
          if (sale.stand !== 'CANCELED') faults.push(`confirmed again: ${text}`);
        }
        if (type === 'sale.rejected' && sale !== undefined && !decide(sale, 'REJECTED')) {
          faults.push(`rejected again: ${text}`);
        }
        return true;
      });
      return { as: done === true ? 'taken' : 'failed' };
    },
  };
  const reader: SaleReader = {
    async read({ marketplace, marketplaceOrderId }) {
      if (!(NATIVE as readonly string[]).includes(marketplace)) return 'unable';
      const told = call(() => {
        const found = books.get(toKey(marketplace, marketplaceOrderId));
        if (found === undefined) return 'unknown' as const;
        const { stand, listingId, quantity } = found;
        return { stand, sale: { marketplaceOrderId, listingId, quantity } };
      });
      if (told === undefined) throw new Error('no answer');
      return told;
    },
  };
  return {
    native,
    http,
    reader,
    counts,
    faults,
    books,
    book: (sale: Omit<Booked, 'confirmed' | 'rejected'>): Booked => {
      const booked = { ...sale, confirmed: 0, rejected: 0 };
      books.set(toKey(sale.marketplace, sale.orderId), booked);
      return booked;
    },
    toldQuantity: (marketplace: Marketplace, listingId: string): number | undefined =>
      quantities.get(toKey(marketplace, listingId))?.quantity,
    /** Those of a round are over. */
    forget: (): void => {
      books.clear();
      quantities.clear();
      seen.clear();
    },
  };
}
