// What a marketplace tells of a sale, or of a hold that binds nobody, is kept as evidence and applied. In any order and
// told again it comes to the same.
import type { SaleTold } from '../../domain/marketplaces/notice.ts';
import type { ApplyNotice, NoticeToApply, SaleReader } from '../notice-ports.ts';
import type { TimelineStore } from '../timeline-ports.ts';
import { createApplyStand, type StandDeps, takeSale } from './apply-stand.ts';
import { cancelSale } from './cancel-sale.ts';
import { noteHoldPlaced, noteHoldReleased } from './loose-holds.ts';

export type NoticeDeps = StandDeps & {
  readonly timeline: Pick<TimelineStore, 'add'>;
  readonly reader: SaleReader;
};

export const createApplyNotice =
  (deps: NoticeDeps): ApplyNotice =>
  async (request) => {
    const { organizationId, marketplace, notice, receivedAtMs, payloadDigest } = request;
    const whose = { organizationId, marketplace };
    const nowMs = deps.clock();
    await keepEvidence(deps, request);
    switch (notice.type) {
      case 'sale.created':
        return takeSale(deps, { ...whose, told: notice, payloadDigest, receivedAtMs, nowMs });
      case 'sale.canceled': {
        const { marketplaceOrderId } = notice;
        return cancelSale(deps, { ...whose, marketplaceOrderId }, nowMs);
      }
      case 'sale.told':
        return readBack(deps, request, notice);
      case 'hold.placed':
        return noteHoldPlaced(deps, { ...whose, ...notice, nowMs });
      case 'hold.released':
        return noteHoldReleased(deps, { ...whose, ...notice, nowMs });
    }
  };

async function keepEvidence({ timeline }: NoticeDeps, request: NoticeToApply): Promise<void> {
  const { organizationId, marketplace, notice, receivedAtMs: atMs, payloadDigest } = request;
  if (notice.type === 'hold.placed' || notice.type === 'hold.released') return;
  const { type: what, noticeId, marketplaceOrderId } = notice;
  const entryId = `received-${noticeId}`;
  await timeline.add({ organizationId, marketplace, marketplaceOrderId }, [
    { entryId, kind: 'RECEIVED', what, atMs, payloadDigest },
  ]);
}

/** Throws where it can't be read: an operator gives the channel its credentials, and has the notice come again. */
async function readBack(
  deps: NoticeDeps,
  { organizationId, marketplace }: NoticeToApply,
  { noticeId, marketplaceOrderId }: SaleTold,
): Promise<void> {
  const ids = { organizationId, marketplace, marketplaceOrderId };
  const atMs = deps.clock();
  const told = await deps.reader.read(ids);
  if (told === 'unable') throw new Error('the channel has no calls to read a sale by');
  const what = told === 'unknown' ? 'unknown' : told.stand;
  const entryId = `read-${noticeId}`;
  await deps.timeline.add(ids, [{ entryId, kind: 'ANSWERED', what, atMs }]);
  if (told !== 'unknown') {
    await createApplyStand(deps)({ organizationId, marketplace, told, atMs });
  }
}
