// Who bought, for a sale that gets its tickets later: no table of ours has the name meanwhile, only the sealed delivery, and
// the marketplace itself.
import type { NoticeBuyer } from '../../domain/marketplaces/notice.ts';
import type {
  FindBuyer,
  NoticeFormats,
  PayloadStore,
  SaleReader,
  Sealer,
} from '../notice-ports.ts';
import { parseCanonicalNotice } from './canonical-notice.ts';
import { type KnownBuyerDeps, toKnownBuyer } from './known-buyer.ts';

export interface FindBuyerDeps extends KnownBuyerDeps {
  readonly payloads: Pick<PayloadStore, 'find'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly formats: NoticeFormats;
  readonly reader: SaleReader;
}

/** Throws what is worth another try; a marketplace that can't be read isn't, for its tickets matter more than the name. */
export const createFindBuyer =
  (deps: FindBuyerDeps): FindBuyer =>
  async (ids) => {
    const buyer = (await findInDelivery(deps, ids)) ?? (await readBuyer(deps, ids));
    const told = { organizationId: ids.organizationId, toldAtMs: ids.createdAtMs };
    return (await toKnownBuyer(deps, buyer, told)).buyer;
  };

type Ids = Parameters<FindBuyer>[0];

async function findInDelivery(
  { payloads, sealer, formats }: FindBuyerDeps,
  { organizationId, marketplace, marketplaceOrderId, payloadDigest }: Ids,
): Promise<NoticeBuyer | undefined> {
  if (payloadDigest === undefined) return undefined;
  const sealed = await payloads.find(organizationId, payloadDigest);
  const text = sealed && (await sealer.open(organizationId, sealed));
  if (text === undefined) return undefined;
  const canonical = parseCanonicalNotice(text);
  const told = canonical === undefined ? formats[marketplace]?.parseDelivery(text) : [canonical];
  const created = told?.find(
    (notice) => notice.type === 'sale.created' && notice.marketplaceOrderId === marketplaceOrderId,
  );
  return created?.type === 'sale.created' ? created.buyer : undefined;
}

async function readBuyer({ reader }: FindBuyerDeps, ids: Ids): Promise<NoticeBuyer | undefined> {
  const told = await reader.read(ids).catch(() => 'unanswered' as const);
  return typeof told === 'string' ? undefined : told.sale.buyer;
}
