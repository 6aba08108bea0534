// Tells a marketplace by calls of its own, one attempt each. Whether a refusal is one, or says only that it was told
// before, is looked into by who asked for the attempt.
import type { Channel } from '../../domain/marketplaces/channel.ts';
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
      : attempt(deps.callMarketplace, channel, {
          format: native.format,
          call: toCall(native, news),
        });
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

function toCall({ format, credentials: { reviewerId } }: Native, news: SaleNews): MarketplaceCall {
  const sale = { ...news.sale, ...(reviewerId === undefined ? {} : { reviewerId }) };
  return news.type === 'sale.confirmed'
    ? format.toConfirm(sale)
    : format.toReject(sale, news.reason);
}
