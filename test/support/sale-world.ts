// Stock that marketplaces of Instant Notification sell: what they tell is applied as the worker of notices does it.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createApplyNotice } from '../../lib/app/marketplaces/apply-notice.ts';
import { createApplyStand } from '../../lib/app/marketplaces/apply-stand.ts';
import { confirmSale, rejectSale, waiveSale } from '../../lib/app/marketplaces/decide-sale.ts';
import { createSettleSale } from '../../lib/app/marketplaces/settle-sale.ts';
import { rejectDue, retryWaiting } from '../../lib/app/marketplaces/waiting-sales.ts';
import type { SaleReader } from '../../lib/app/notice-ports.ts';
import type { Marketplace } from '../../lib/domain/access.ts';
import type {
  MarketplaceStand,
  Notice,
  RejectReason,
  SaleCreated,
} from '../../lib/domain/marketplaces/notice.ts';
import { isCanceledAhead, type MarketplaceSale } from '../../lib/domain/marketplaces/sale.ts';
import { createSaleDeps } from '../../lib/runtime/container/sales.ts';
import { createTimelineStore } from '../../lib/table/timeline-store.ts';
import { createHoldWorld } from './hold-world.ts';
import type { OrderWorld } from './order-world.ts';

const SELLER: Marketplace = 'axs';

/** What is told, over this client and by a clock of its own. */
export function createSaleCalls(
  { organizationId, tableName }: Pick<OrderWorld, 'organizationId' | 'tableName'>,
  bare: DynamoDBClient,
  clock: () => number,
) {
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const read: { answer: Awaited<ReturnType<SaleReader['read']>> } = { answer: 'unable' };
  const reader: SaleReader = { read: async () => read.answer };
  const timeline = createTimelineStore(access);
  const deps = { ...createSaleDeps(access, reader), timeline, reader, clock };
  const apply = createApplyNotice(deps);
  const applyStand = createApplyStand(deps);
  const settle = createSettleSale(deps);
  const ids = (marketplaceOrderId: string, marketplace: Marketplace = SELLER) => ({
    organizationId,
    marketplace,
    marketplaceOrderId,
  });
  let told = 0;
  const tell = async (notice: Notice, marketplace: Marketplace = SELLER): Promise<void> =>
    apply({
      organizationId,
      marketplace,
      notice,
      receivedAtMs: clock(),
      payloadDigest: notice.noticeId,
    });
  return {
    deps,
    read,
    tell,
    created: async (
      sale: Omit<SaleCreated, 'type' | 'noticeId' | 'quantity'> & { readonly quantity?: number },
      marketplace?: Marketplace,
    ) => {
      told += 1;
      const noticeId = `n-${told}`;
      await tell({ type: 'sale.created', noticeId, quantity: 1, ...sale }, marketplace);
    },
    canceled: async (marketplaceOrderId: string, marketplace?: Marketplace) => {
      told += 1;
      await tell({ type: 'sale.canceled', noticeId: `n-${told}`, marketplaceOrderId }, marketplace);
    },
    stand: async (
      stand: MarketplaceStand,
      sale: Omit<SaleCreated, 'type' | 'noticeId' | 'quantity'> & { readonly quantity?: number },
      marketplace: Marketplace = SELLER,
    ) =>
      applyStand({
        organizationId,
        marketplace,
        told: { stand, sale: { quantity: 1, ...sale } },
        atMs: clock(),
      }),
    /** Undefined also while only its cancellation is known. */
    find: async (
      marketplaceOrderId: string,
      marketplace?: Marketplace,
    ): Promise<MarketplaceSale | undefined> => {
      const sale = await deps.sales.find(ids(marketplaceOrderId, marketplace));
      return sale !== undefined && !isCanceledAhead(sale) ? sale : undefined;
    },
    settle: async (
      marketplaceOrderId: string,
      as: 'taken' | 'failed',
      decision: number,
      marketplace?: Marketplace,
    ) => settle({ ...ids(marketplaceOrderId, marketplace), as, decision, nowMs: clock() }),
    timeline: async (marketplaceOrderId: string, marketplace?: Marketplace) =>
      (await timeline.list(ids(marketplaceOrderId, marketplace))).map(
        ({ kind, what }) => `${kind} ${what}`,
      ),
    confirm: async (saleId: string) =>
      confirmSale(deps, { organizationId, saleId, by: 'key_test', nowMs: clock() }),
    reject: async (saleId: string, reason: RejectReason = 'not_available') =>
      rejectSale(deps, { organizationId, saleId, reason, nowMs: clock() }),
    waive: async (saleId: string, isGranted = false) =>
      waiveSale(deps, { organizationId, saleId, isGranted, nowMs: clock() }),
    rejectDue: async () => rejectDue(deps, clock()),
    retry: async (listingId: string) => retryWaiting(deps, { organizationId, listingId }, clock()),
  };
}

export async function createSaleWorld() {
  const world = await createHoldWorld();
  const sales = createSaleCalls(world, world.bare, () => world.clock.nowMs);
  return { ...world, sales };
}
