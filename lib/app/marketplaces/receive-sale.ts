// A marketplace tells that it sold: the sale is invoiced, or waits for tickets. Told again it is the same sale, whatever
// else the repeat says; told after its cancellation it takes nothing.
import type { Marketplace } from '../../domain/access.ts';
import {
  AUTO_REJECT_MINUTES_DEFAULT,
  type Channel,
  isClassic,
} from '../../domain/marketplaces/channel.ts';
import type { NoticeBuyer, ToldSale } from '../../domain/marketplaces/notice.ts';
import { PROFILES } from '../../domain/marketplaces/registry.ts';
import {
  isCanceledAhead,
  type MarketplaceSale,
  toConfirmedThere,
  toStatus,
} from '../../domain/marketplaces/sale.ts';
import type { ChannelStore } from '../channel-ports.ts';
import { toNewId } from '../ids.ts';
import type { SaleStore } from '../marketplace-ports.ts';
import type { FindBuyer } from '../notice-ports.ts';
import { sell, type SellDeps } from './sell.ts';

export interface ReceiveDeps extends SellDeps {
  readonly sales: Pick<SaleStore, 'find' | 'change' | 'sell'>;
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly findBuyer: FindBuyer;
}

export interface ReceivedSale {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly told: ToldSale['sale'];
  readonly payloadDigest?: string | undefined;
  /** It goes ahead there, whether there are tickets or not. */
  readonly isConfirmedThere?: boolean | undefined;
  readonly receivedAtMs: number;
  readonly nowMs: number;
}

const MINUTE_MS = 60_000;
/** Each further try follows another message about this very sale. */
const TRIES_MAX = 20;

/** Repeat-safe. Answers the sale's id. Throws what is worth another try. */
export async function receiveSale(deps: ReceiveDeps, received: ReceivedSale): Promise<string> {
  const { organizationId, marketplace, told, nowMs } = received;
  const ids = { organizationId, marketplace, marketplaceOrderId: told.marketplaceOrderId };
  const channel = await deps.channels.find(organizationId, marketplace);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const before = await deps.sales.find(ids);
    if (before !== undefined && !isCanceledAhead(before)) {
      const known = received.isConfirmedThere ? await keepForHost(deps, before, nowMs) : before;
      if (known === undefined) continue;
      await trySale(deps, known, { channel, nowMs });
      return known.saleId;
    }
    const sale = toNewSale(received);
    if (before !== undefined) {
      const after = { ...sale, status: 'CANCELED', decision: 0 } as const;
      if (await deps.sales.change({ before, after, nowMs })) return sale.saleId;
      continue;
    }
    if (sellsOnNotice(marketplace, channel)) {
      const by = channel?.channelId ?? BY_SYSTEM;
      const { buyer } = told;
      const outcome = await sell(deps, { before, sale, buyer, by, isForced: false, nowMs });
      if (outcome === 'sold') return sale.saleId;
      if (outcome === 'changed') continue;
    }
    const after = toWaiting(sale, received, channel);
    if (!(await deps.sales.change({ before, after, nowMs }))) continue;
    // Tickets that came free before it waited told nobody.
    await trySale(deps, after, { channel, nowMs, buyer: told.buyer });
    return sale.saleId;
  }
  throw new Error('a sale changed all the time while it was received');
}

const BY_SYSTEM = 'system';

/** What sells only what it holds has no sale without a hold: the host decides. */
const sellsOnNotice = (marketplace: Marketplace, channel: Channel | undefined): boolean =>
  PROFILES[marketplace].protocol === 'ION' || (channel !== undefined && isClassic(channel));

/** As it is when its tickets are there. */
function toNewSale({
  organizationId,
  marketplace,
  told,
  payloadDigest,
  nowMs,
}: ReceivedSale): MarketplaceSale {
  const { marketplaceOrderId, listingId, quantity, seats, unitPriceMinor, currency } = told;
  const { holdRequestId } = told;
  return {
    organizationId,
    marketplace,
    marketplaceOrderId,
    saleId: toNewId('sale', nowMs),
    listingId,
    quantity,
    status: 'INVOICED',
    ...(unitPriceMinor === undefined ? {} : { unitPriceMinor }),
    ...(currency === undefined ? {} : { currency }),
    ...(seats === undefined ? {} : { seats }),
    ...(payloadDigest === undefined ? {} : { payloadDigest }),
    ...(holdRequestId === undefined ? {} : { holdRequestId }),
    decision: 1,
    createdAtMs: nowMs,
    changedAtMs: nowMs,
    version: 1,
  };
}

/**
 * Until the marketplace wants to know, else as long as the channel says; what was sold without a hold waits for the host,
 * and so does what goes ahead there: to reject that by itself would be to break a promise.
 */
function toWaiting(
  sale: MarketplaceSale,
  { told, receivedAtMs, isConfirmedThere = false }: ReceivedSale,
  channel: Channel | undefined,
): MarketplaceSale {
  const waiting = { ...sale, status: 'UNAVAILABLE', decision: 0 } as const;
  const confirmByMs = isConfirmedThere ? undefined : told.confirmByMs;
  if (!sellsOnNotice(sale.marketplace, channel)) {
    const attention = 'NO_HOLD';
    return { ...waiting, attention, ...(confirmByMs === undefined ? {} : { confirmByMs }) };
  }
  if (isConfirmedThere) return { ...waiting, attention: 'CONFIRMED_THERE' };
  const minutes = channel?.autoRejectAfterMinutes ?? AUTO_REJECT_MINUTES_DEFAULT;
  return { ...waiting, confirmByMs: confirmByMs ?? receivedAtMs + minutes * MINUTE_MS };
}

/** Its marketplace was refused: it may have given the sale up, whatever tickets there are. */
const isLeftToHost = ({ attention }: MarketplaceSale): boolean =>
  attention === 'NO_HOLD' || attention === 'HOLD_EXPIRED';

/** An unavailable sale that goes ahead there loses its deadline. Undefined when it is another by now. */
export async function keepForHost(
  { sales }: { readonly sales: Pick<SaleStore, 'change'> },
  before: MarketplaceSale,
  nowMs: number,
): Promise<MarketplaceSale | undefined> {
  const after = toConfirmedThere(before, nowMs);
  if (after === undefined) return before;
  return (await sales.change({ before, after, nowMs })) ? after : undefined;
}

/** An unavailable sale is invoiced if there are tickets by now. */
export async function trySale(
  deps: ReceiveDeps,
  before: MarketplaceSale,
  how: {
    readonly channel: Channel | undefined;
    readonly nowMs: number;
    readonly buyer?: NoticeBuyer | undefined;
  },
): Promise<void> {
  if (isLeftToHost(before) || !sellsOnNotice(before.marketplace, how.channel)) return;
  await sellWaiting(deps, before, { ...how, by: BY_SYSTEM, isForced: false });
}

/** Of an unavailable sale; who bought is looked up unless it is known. */
export async function sellWaiting(
  deps: SellDeps & Pick<ReceiveDeps, 'findBuyer'>,
  before: MarketplaceSale,
  how: {
    readonly by: string;
    readonly isForced: boolean;
    readonly nowMs: number;
    readonly buyer?: NoticeBuyer | undefined;
  },
): Promise<'sold' | 'unavailable' | 'changed'> {
  const { by, isForced, nowMs } = how;
  const sale =
    before.status === 'UNAVAILABLE'
      ? toStatus(before, 'INVOICED', nowMs, { decision: before.decision + 1 })
      : undefined;
  if (sale === undefined) return 'changed';
  const buyer = how.buyer ?? (await deps.findBuyer(before));
  return sell(deps, { before, sale, buyer, by, isForced, nowMs });
}
