// The parts of a transaction that change a sale: the sale under its version, its place among those that wait, and its
// timeline, and what its marketplace has to be told.
import type { SaleChange } from '../app/marketplace-ports.ts';
import type { MarketplaceSale, StoredSale } from '../domain/marketplaces/sale.ts';
import type { TimelineEntry } from '../domain/marketplaces/timeline.ts';
import { waitingKey } from './marketplace-keys.ts';
import { toOutboxItem } from './outbox.ts';
import { toSaleCondition, toSaleItem, toWaitingItem } from './sale-item.ts';
import { toTimelineItem } from './timeline-store.ts';
import type { LabelledItem } from './transact.ts';

export type SaleLabel = 'sale' | 'waiting' | 'entry' | 'outbox';
type SaleWrite = LabelledItem<SaleLabel>;

export function toSaleWrites(
  TableName: string,
  { before, after, nowMs }: SaleChange,
  outboxId: string,
): SaleWrite[] {
  const { organizationId, marketplace, marketplaceOrderId } = after;
  const message = {
    type: 'sale.decided',
    organizationId,
    marketplace,
    marketplaceOrderId,
  } as const;
  return [
    {
      as: 'sale',
      Put: { TableName, Item: toSaleItem(after), ...toSaleCondition(before) },
    },
    ...toWaitingWrites(TableName, { before, after }),
    { as: 'entry', Put: { TableName, Item: toTimelineItem(after, toDecided(after)) } },
    ...(after.decision > toDecision(before)
      ? [
          {
            as: 'outbox' as const,
            Put: { TableName, Item: toOutboxItem(outboxId, message, nowMs) },
          },
        ]
      : []),
  ];
}

function toDecided({
  status,
  version,
  changedAtMs,
  attention,
  rejectReason,
}: MarketplaceSale): TimelineEntry {
  const detail = attention ?? rejectReason;
  return {
    entryId: `decided-${version}`,
    kind: 'DECIDED',
    what: status,
    atMs: changedAtMs,
    ...(detail === undefined ? {} : { detail }),
  };
}

const toDecision = (sale: StoredSale | undefined): number =>
  sale === undefined || 'isAhead' in sale ? 0 : sale.decision;

function toWaitingWrites(
  TableName: string,
  { before, after }: Pick<SaleChange, 'before' | 'after'>,
): SaleWrite[] {
  const isWaiting = after.status === 'UNAVAILABLE';
  const waited = before?.status === 'UNAVAILABLE' ? before : undefined;
  if (isWaiting === (waited !== undefined)) return [];
  if (waited === undefined) {
    return [{ as: 'waiting', Put: { TableName, Item: toWaitingItem(after) } }];
  }
  // It may end as a sale of another listing than the one under which it waited.
  const Key = waitingKey(waited.organizationId, waited.listingId, waited.saleId);
  return [{ as: 'waiting', Delete: { TableName, Key } }];
}
