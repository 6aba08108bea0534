// What becomes of telling a sale: the sale hears it, and a refusal is looked into before it counts as one.
import type { MarketplaceStand } from '../../domain/marketplaces/notice.ts';
import type { NoticeQueue, SaleReader, SettleSale } from '../notice-ports.ts';
import type { LaneEnd, LaneIds, OutboundOutcome } from '../outbound-ports.ts';
import type { Clock } from '../ports.ts';
import type { News } from './news.ts';

export interface EndSaleDeps {
  readonly reader: SaleReader;
  readonly notices: Pick<NoticeQueue, 'send'>;
  readonly settleSale: SettleSale;
  readonly clock: Clock;
}

/** `over`: the marketplace has decided otherwise, so that nothing is left to tell; the sale will hear it. */
export type SaleOutcome = OutboundOutcome | { readonly as: 'over' };

const toSaleIds = ({ organizationId, marketplace, subject }: LaneIds) => ({
  organizationId,
  marketplace,
  marketplaceOrderId: subject.id,
});

/** A refusal stays one only while the marketplace waits, or knows nothing of a sale that it should have confirmed. */
export async function lookInto(
  { reader, notices, clock }: EndSaleDeps,
  ids: LaneIds,
  { message }: News,
): Promise<SaleOutcome> {
  const sale = toSaleIds(ids);
  const read = await reader.read(sale).catch(() => 'unanswered' as const);
  if (read === 'unanswered') return { as: 'failed' };
  // What isn't there needs no rejection.
  if (read === 'unknown' && message.type === 'sale.rejected') return { as: 'taken' };
  if (read === 'unable' || read === 'unknown' || OPEN.includes(read.stand)) {
    return { as: 'refused' };
  }
  if (isAgreed(message.type, read.stand)) return { as: 'taken' };
  await notices.send({ type: 'sale.look', ...sale, askedAtMs: clock() });
  return { as: 'over' };
}

const OPEN: readonly MarketplaceStand[] = ['OPEN', 'UNDER_REVIEW'];
/** A sale that was canceled there needs no rejection. */
const isAgreed = (type: News['message']['type'], stand: MarketplaceStand): boolean =>
  (stand === 'CONFIRMED') === (type === 'sale.confirmed');

/** Before the lane ends: dying in between tells the sale twice, not never. */
export async function settle(
  { settleSale, clock }: EndSaleDeps,
  {
    ids,
    news,
    outcome,
    end,
  }: {
    readonly ids: LaneIds;
    readonly news: News;
    readonly outcome: SaleOutcome;
    readonly end: LaneEnd;
  },
): Promise<void> {
  const { decision } = news;
  if (decision === undefined) return;
  const sale = { ...toSaleIds(ids), decision, nowMs: clock() };
  if (outcome.as === 'taken') await settleSale({ ...sale, as: 'taken' });
  if (end.as === 'givenUp') await settleSale({ ...sale, as: 'failed' });
}
