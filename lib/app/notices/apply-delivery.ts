// A delivery from the queue: kept as it came in, then each thing that it tells is applied. Repeat-safe as a whole, for
// all of its steps are.
import { createHash } from 'node:crypto';
import type { Marketplace } from '../../domain/access.ts';
import type { Notice } from '../../domain/marketplaces/notice.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type {
  ApplyNotice,
  LookMessage,
  NoticeFormats,
  NoticeMessage,
  PayloadStore,
  SaleReader,
  Sealer,
} from '../notice-ports.ts';
import { parseCanonicalNotice } from './canonical-notice.ts';
import { type KnownBuyerDeps, toKnownNotices } from './known-buyer.ts';

export interface DeliveryDeps extends KnownBuyerDeps {
  readonly sealer: Pick<Sealer, 'open'>;
  readonly payloads: Pick<PayloadStore, 'keep'>;
  readonly formats: NoticeFormats;
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly reader: SaleReader;
  readonly applyNotice: ApplyNotice;
}

/**
 * `malformed`: it can't be read, and won't be by another try. Of several notices in one delivery a failing one keeps
 * none of the others.
 */
export async function applyDelivery(
  deps: DeliveryDeps,
  { organizationId, marketplace, format, receivedAtMs, sealed }: NoticeMessage,
): Promise<'applied' | 'malformed'> {
  const text = await deps.sealer.open(organizationId, sealed);
  if (text === undefined) return 'malformed';
  const payloadDigest = createHash('sha256').update(text).digest('hex');
  const told = parse(deps.formats, { format, marketplace, text });
  const whom = { organizationId, toldAtMs: receivedAtMs };
  const { notices, contactIds, isCut } = await toKnownNotices(deps, told ?? [], whom);
  if (!isCut) {
    const payload = { organizationId, payloadDigest, sealed, receivedAtMs, contactIds };
    await deps.payloads.keep(payload);
  }
  if (told === undefined) return 'malformed';
  const whose = { organizationId, marketplace, receivedAtMs, payloadDigest };
  const ends: PromiseSettledResult<void>[] = [];
  for (const notice of notices) {
    ends.push(...(await Promise.allSettled([applyOne(deps, { ...whose, notice }, format)])));
  }
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return 'applied';
}

function parse(
  formats: NoticeFormats,
  {
    format,
    marketplace,
    text,
  }: {
    readonly format: NoticeMessage['format'];
    readonly marketplace: Marketplace;
    readonly text: string;
  },
): readonly Notice[] | undefined {
  if (format === 'native') return formats[marketplace]?.parseDelivery(text);
  const notice = parseCanonicalNotice(text);
  return notice && [notice];
}

async function applyOne(
  deps: DeliveryDeps,
  request: Parameters<ApplyNotice>[0],
  format: NoticeMessage['format'],
): Promise<void> {
  const { notice } = request;
  const marketplaceOrderId = format === 'canonical' ? await findPointer(deps, request) : undefined;
  await deps.applyNotice(
    marketplaceOrderId === undefined
      ? request
      : {
          ...request,
          notice: { noticeId: notice.noticeId, type: 'sale.told', marketplaceOrderId },
        },
  );
}

/**
 * A fixed Authorization value proves little, so such a notice only points at a sale, as long as that can be read. Where
 * it can't, the notice is believed: its caller showed the channel's secret.
 */
async function findPointer(
  { channels, reader }: DeliveryDeps,
  { organizationId, marketplace, notice }: Parameters<ApplyNotice>[0],
): Promise<string | undefined> {
  if (notice.type !== 'sale.created' && notice.type !== 'sale.canceled') return undefined;
  const channel = await channels.find(organizationId, marketplace);
  if (channel?.auth.mode !== 'authorization') return undefined;
  const { marketplaceOrderId } = notice;
  const read = await reader.read({ organizationId, marketplace, marketplaceOrderId });
  return read === 'unable' ? undefined : marketplaceOrderId;
}

/** Asks the marketplace what it thinks of a sale, and goes on from there. */
export async function lookAtSale(
  { applyNotice }: Pick<DeliveryDeps, 'applyNotice'>,
  { organizationId, marketplace, marketplaceOrderId, askedAtMs: receivedAtMs }: LookMessage,
): Promise<void> {
  const noticeId = `look ${marketplaceOrderId} ${receivedAtMs}`;
  const payloadDigest = createHash('sha256').update(noticeId).digest('hex');
  const notice = { noticeId, type: 'sale.told', marketplaceOrderId } as const;
  await applyNotice({ organizationId, marketplace, notice, receivedAtMs, payloadDigest });
}
