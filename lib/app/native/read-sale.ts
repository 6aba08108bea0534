// What a marketplace thinks of a sale, read by calls of its own.
import type { ToldSale } from '../../domain/marketplaces/notice.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type { ListingStore } from '../marketplace-ports.ts';
import type { CallMarketplace } from '../native-ports.ts';
import type { SaleReader } from '../notice-ports.ts';
import type { FindSaleFormat, MarketplaceAnswer, SaleFormat } from '../sale-format-ports.ts';
import { toNative } from './call.ts';

export interface ReadSaleDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly listings: Pick<ListingStore, 'find'>;
  readonly findSaleFormat: FindSaleFormat;
  readonly callMarketplace: CallMarketplace;
}

export const createSaleReader = (deps: ReadSaleDeps): SaleReader => ({
  async read({ organizationId, marketplace, marketplaceOrderId }) {
    const channel = await deps.channels.find(organizationId, marketplace);
    const native = toNative(deps, channel);
    if (channel === undefined || native === undefined) return 'unable';
    const { format } = native;
    const result = await deps.callMarketplace(channel, format.toRead(marketplaceOrderId));
    if (result.as === 'unanswered') throw new Error('a sale could not be read back');
    if (result.answer.status === 404) return 'unknown';
    const told = await toTold(deps, organizationId, { format, answer: result.answer });
    if (told === undefined) throw new Error('what a sale is could not be understood');
    return told;
  },
});

/** Money where no currency stands is read with the listing's, which the sale itself names. */
const SOME_CURRENCY = 'USD';

async function toTold(
  { listings }: ReadSaleDeps,
  organizationId: string,
  { format, answer }: { readonly format: SaleFormat; readonly answer: MarketplaceAnswer },
): Promise<ToldSale | 'unknown' | undefined> {
  const told = format.parseSale(answer, SOME_CURRENCY);
  if (told === undefined || told === 'unknown') return told;
  const { listingId } = told.sale;
  const listing = await listings.find({ organizationId, listingId });
  return listing === undefined ? withoutPrice(told) : format.parseSale(answer, listing.currency);
}

export const withoutPrice = ({
  stand,
  sale: { unitPriceMinor: _of, ...sale },
}: ToldSale): ToldSale => ({
  stand,
  sale,
});
