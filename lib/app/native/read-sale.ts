// What a marketplace thinks of a sale, read by calls of its own.
import { isPassing } from '../../domain/marketplaces/circuit.ts';
import type { ToldSale } from '../../domain/marketplaces/notice.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type { ListingStore } from '../marketplace-ports.ts';
import type { CallMarketplace } from '../native-ports.ts';
import { type SaleReader, UnreadableSaleError } from '../notice-ports.ts';
import type { FindSaleFormat } from '../sale-format-ports.ts';
import { toNative } from './call.ts';

export interface PageDeps {
  readonly listings: Pick<ListingStore, 'find'>;
}

export interface ReadSaleDeps extends PageDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
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
    if (result.as === 'unanswered' || isPassing(result.answer.status)) {
      throw new Error('a sale could not be read back');
    }
    const { answer } = result;
    if (answer.status === 404) return 'unknown';
    let isUnknown = false;
    const found = await parseTold(deps, organizationId, (currency) => {
      const told = format.parseSale(answer, currency);
      isUnknown = told === 'unknown';
      return typeof told === 'object' ? { sales: [told] } : undefined;
    });
    if (isUnknown) return 'unknown';
    const told = found?.sales[0];
    if (told === undefined) throw new UnreadableSaleError('what a sale is could not be understood');
    return told;
  },
});

/** Read with it, amounts without a currency have some number of digits. */
const SOME_CURRENCY = 'USD';

/**
 * What is read is in the currency of the listing, where the marketplace says none: it names the listing, so it is read
 * again when that has another one.
 */
export async function parseTold<P extends { readonly sales: readonly ToldSale[] }>(
  { listings }: PageDeps,
  organizationId: string,
  parse: (currency: string) => P | undefined,
): Promise<P | undefined> {
  const first = parse(SOME_CURRENCY);
  if (first === undefined) return undefined;
  const listingIds = new Set(first.sales.map(({ sale }) => sale.listingId).filter(isListingId));
  const currencies = new Map<string, string>();
  for (const listingId of listingIds) {
    const listing = await listings.find({ organizationId, listingId });
    if (listing !== undefined) currencies.set(listingId, listing.currency);
  }
  const byCurrency = new Map(
    [...new Set(currencies.values())].map((currency) => [currency, toByOrder(parse(currency))]),
  );
  const sales = first.sales.map((told) => {
    const currency = currencies.get(told.sale.listingId);
    const own = currency && byCurrency.get(currency)?.get(told.sale.marketplaceOrderId);
    return own || withoutPrice(told);
  });
  return { ...first, sales };
}

/** A key of the table can't be empty. */
const isListingId = (text: string): boolean => text !== '';

const toByOrder = (found: { readonly sales: readonly ToldSale[] } | undefined) =>
  new Map(found?.sales.map((told) => [told.sale.marketplaceOrderId, told]));

const withoutPrice = ({ stand, sale: { unitPriceMinor: _of, ...sale } }: ToldSale): ToldSale => ({
  stand,
  sale,
});
