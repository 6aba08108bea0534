// Tells a marketplace by calls of its own. One that was done before and is refused now is looked up: a reply that was
// lost must not make a confirmed sale look refused.
import type { Channel } from '../../domain/marketplaces/channel.ts';
import type { MarketplaceStand } from '../../domain/marketplaces/notice.ts';
import type { CallMarketplace } from '../native-ports.ts';
import type { NativeTeller, OutboundOutcome, ToldNews } from '../outbound-ports.ts';
import type { FindSaleFormat, MarketplaceCall, SaleFormat } from '../sale-format-ports.ts';
import { type Native, toNative } from './call.ts';

export interface TellDeps {
  readonly findSaleFormat: FindSaleFormat;
  readonly callMarketplace: CallMarketplace;
}

type SaleNews = Exclude<ToldNews, { readonly type: 'listing.updated' }>;

export const createNativeTeller = (deps: TellDeps): NativeTeller => ({
  async tell(channel, news) {
    const native = toNative(deps, channel);
    if (native === undefined) return undefined;
    return news.type === 'listing.updated'
      ? tellListing(deps, channel, { format: native.format, news })
      : tellSale(deps, channel, { native, news });
  },
});

/** Where the marketplace has no such call it is told nothing; what it then sells in vain is rejected. */
async function tellListing(
  { callMarketplace }: TellDeps,
  channel: Channel,
  {
    format,
    news: { listingId, quantity },
  }: {
    readonly format: SaleFormat;
    readonly news: Extract<ToldNews, { readonly type: 'listing.updated' }>;
  },
): Promise<OutboundOutcome> {
  const call = format.toListing?.(listingId, quantity);
  if (call === undefined) return { as: 'taken' };
  const outcome = await attempt(callMarketplace, channel, { format, call });
  // A listing that isn't there offers nothing.
  return outcome.as === 'refused' && quantity === 0 ? { as: 'taken' } : outcome;
}

async function attempt(
  callMarketplace: CallMarketplace,
  channel: Channel,
  { format, call }: { readonly format: SaleFormat; readonly call: MarketplaceCall },
): Promise<OutboundOutcome> {
  const result = await callMarketplace(channel, call);
  if (result.as === 'unanswered') return toFailed(result.retryAfterMs);
  const verdict = format.toVerdict(result.answer);
  if (verdict === 'done') return { as: 'taken' };
  return verdict === 'refused' ? { as: 'refused' } : toFailed(result.answer.retryAfterMs);
}

const toFailed = (retryAfterMs: number | undefined): OutboundOutcome => ({
  as: 'failed',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

async function tellSale(
  deps: TellDeps,
  channel: Channel,
  { native, news }: { readonly native: Native; readonly news: SaleNews },
): Promise<OutboundOutcome> {
  const { format } = native;
  const outcome = await attempt(deps.callMarketplace, channel, {
    format,
    call: toCall(native, news),
  });
  return outcome.as === 'refused' ? lookUp(deps, channel, { format, news }) : outcome;
}

function toCall({ format, credentials: { reviewerId } }: Native, news: SaleNews): MarketplaceCall {
  const sale = { ...news.sale, ...(reviewerId === undefined ? {} : { reviewerId }) };
  return news.type === 'sale.confirmed'
    ? format.toConfirm(sale)
    : format.toReject(sale, news.reason);
}

/** What a marketplace thinks when it has taken what it was told. A sale that it gave up itself needs no rejection. */
const TAKEN: Readonly<Record<SaleNews['type'], readonly MarketplaceStand[]>> = {
  'sale.confirmed': ['CONFIRMED'],
  'sale.rejected': ['REJECTED', 'CANCELED'],
};

async function lookUp(
  { callMarketplace }: TellDeps,
  channel: Channel,
  { format, news }: { readonly format: SaleFormat; readonly news: SaleNews },
): Promise<OutboundOutcome> {
  const result = await callMarketplace(channel, format.toRead(news.sale.marketplaceOrderId));
  if (result.as === 'unanswered') return toFailed(result.retryAfterMs);
  // Of its money nothing is asked here, so any currency does.
  const told = result.answer.status === 404 ? 'unknown' : format.parseSale(result.answer, 'USD');
  if (told === undefined) return toFailed(result.answer.retryAfterMs);
  if (told === 'unknown') return { as: news.type === 'sale.rejected' ? 'taken' : 'refused' };
  if (TAKEN[news.type].includes(told.stand)) return { as: 'taken' };
  return told.stand === 'UNDER_REVIEW' ? toFailed(undefined) : { as: 'refused' };
}
