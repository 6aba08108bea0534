// Looks at what a channel's marketplace thinks: its open sales, and those of ours that were sold lately. What a lost message
// left behind is repaired by applying what the marketplace thinks, and what differed is noted for the host. Where nothing
// is told of sales, this is how they come in.
import type { Channel } from '../../domain/marketplaces/channel.ts';
import { compare, type Here, type There } from '../../domain/marketplaces/difference.ts';
import type { ToldSale } from '../../domain/marketplaces/notice.ts';
import { isCanceledAhead, type StoredSale } from '../../domain/marketplaces/sale.ts';
import type { ChannelStore } from '../channel-ports.ts';
import { toNewId } from '../ids.ts';
import type { SaleStore } from '../marketplace-ports.ts';
import type { CallMarketplace, ChannelIds } from '../native-ports.ts';
import { type ApplyStand, type SaleReader, UnreadableSaleError } from '../notice-ports.ts';
import type { Clock, Logger } from '../ports.ts';
import type { DifferenceStore, Progress, ReconcileStore } from '../reconcile-ports.ts';
import type { FindSaleFormat } from '../sale-format-ports.ts';
import { type Native, toNative } from './call.ts';
import { type PageDeps, parseTold } from './read-sale.ts';

export interface ReconcileDeps extends PageDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly sales: Pick<SaleStore, 'find' | 'list'>;
  readonly reconciles: Pick<ReconcileStore, 'load' | 'keep'>;
  readonly differences: Pick<DifferenceStore, 'note'>;
  readonly findSaleFormat: FindSaleFormat;
  readonly callMarketplace: CallMarketplace;
  readonly reader: SaleReader;
  readonly applyStand: ApplyStand;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Ticket Evolution proposes five minutes as a safety net. */
const EVERY_MS = 5 * MINUTE_MS;
/** Where asking is the only way: the sweep's own pace. */
const EVERY_MS_POLLED = MINUTE_MS;
/** Of one look; the next goes on behind them. */
const PAGES_MAX = 5;
const SALES_MAX = 50;
const LOOK_MS_MAX = MINUTE_MS;
/** Whatever is told of a sale is told for three days and a bit. */
const LATELY_MS = 4 * DAY_MS;
/** A marketplace that was told a moment ago may not show it yet. */
const SETTLING_MS = 2 * MINUTE_MS;

interface Look {
  readonly ids: ChannelIds;
  readonly channel: Channel;
  readonly native: Native;
  readonly untilMs: number;
  /** Orders that were looked at. */
  readonly seen: Set<string>;
}

/** Repeat-safe. Throws only when the table fails. */
export async function reconcile(deps: ReconcileDeps, ids: ChannelIds): Promise<void> {
  const { organizationId, marketplace } = ids;
  const channel = await deps.channels.find(organizationId, marketplace);
  const native = toNative(deps, channel);
  const progress = await deps.reconciles.load(ids);
  if (channel?.enabled !== true || native === undefined || progress === undefined) return;
  const untilMs = deps.clock() + LOOK_MS_MAX;
  const look = { ids, channel, native, untilMs, seen: new Set<string>() };
  const page = await lookAtTheirs(deps, look, progress.page);
  const afterSaleId = await lookAtOurs(deps, look, progress);
  const next = { page, ...(afterSaleId === undefined ? {} : { afterSaleId }) };
  const everyMs = native.format.isTellingNothing === true ? EVERY_MS_POLLED : EVERY_MS;
  await deps.reconciles.keep(ids, next, deps.clock() + everyMs);
}

/** Answers the page to begin with the next time. */
async function lookAtTheirs(deps: ReconcileDeps, look: Look, first: number): Promise<number> {
  const { format } = look.native;
  for (let page = first; page < first + PAGES_MAX; page += 1) {
    const atMs = deps.clock();
    if (atMs > look.untilMs) return page;
    const result = await deps.callMarketplace(look.channel, format.toPoll(page, atMs - DAY_MS));
    if (result.as === 'unanswered') return page;
    const { answer } = result;
    const found = await parseTold(deps, look.ids.organizationId, (currency) =>
      format.parsePage(answer, currency),
    );
    if (found === undefined) {
      noteUnreadable(deps, look);
      return 1;
    }
    for (const told of found.sales) await apply(deps, look, { told, atMs });
    if (found.isLast) return 1;
  }
  return first + PAGES_MAX;
}

function noteUnreadable({ logger }: ReconcileDeps, { ids }: Look): void {
  const { organizationId, marketplace } = ids;
  const code = 'marketplace_unreadable';
  logger.info('sales could not be read', { organizationId, marketplace, code });
}

/** Answers behind which sale to go on the next time; undefined: with the first. */
async function lookAtOurs(
  deps: ReconcileDeps,
  look: Look,
  { afterSaleId }: Progress,
): Promise<string | undefined> {
  const since = toNewId('sale', deps.clock() - LATELY_MS);
  const after = afterSaleId !== undefined && afterSaleId > since ? afterSaleId : since;
  const { items, next } = await deps.sales.list(look.ids, { after, limit: SALES_MAX });
  let last = after;
  for (const { marketplaceOrderId, saleId } of items) {
    if (deps.clock() > look.untilMs) return last;
    if (!look.seen.has(marketplaceOrderId) && !(await lookAtOne(deps, look, marketplaceOrderId))) {
      return last;
    }
    last = saleId;
  }
  return next;
}

/** False: the marketplace doesn't answer at this moment. */
async function lookAtOne(
  deps: ReconcileDeps,
  look: Look,
  marketplaceOrderId: string,
): Promise<boolean> {
  const atMs = deps.clock();
  const ids = { ...look.ids, marketplaceOrderId };
  const told = await deps.reader.read(ids).catch(toUnread);
  if (told === 'unanswered' || told === 'unable') return false;
  if (told === 'unreadable') {
    noteUnreadable(deps, look);
    return true;
  }
  if (told !== 'unknown') await apply(deps, look, { told, atMs });
  else
    await noteIfDifferent(deps, look, {
      known: await deps.sales.find(ids),
      there: 'UNKNOWN',
      marketplaceOrderId,
    });
  return true;
}

const toUnread = (error: unknown) =>
  error instanceof UnreadableSaleError ? ('unreadable' as const) : ('unanswered' as const);

/** One that can't be applied now keeps none of the others: the next look finds it again. */
async function apply(
  deps: ReconcileDeps,
  look: Look,
  { told, atMs }: { readonly told: ToldSale; readonly atMs: number },
): Promise<void> {
  const {
    stand,
    sale: { marketplaceOrderId },
  } = told;
  look.seen.add(marketplaceOrderId);
  const known = await deps.sales.find({ ...look.ids, marketplaceOrderId });
  const agreement = await noteIfDifferent(deps, look, { known, there: stand, marketplaceOrderId });
  if (agreement === 'agreed') return;
  const { organizationId } = look.ids;
  try {
    await deps.applyStand({ ...look.ids, told, atMs });
  } catch (error) {
    const code = 'reconcile_failed';
    deps.logger.error('a sale could not be reconciled', { organizationId, code, error });
  }
}

interface Compared {
  readonly known: StoredSale | undefined;
  readonly there: There;
  readonly marketplaceOrderId: string;
}

async function noteIfDifferent(
  deps: ReconcileDeps,
  look: Look,
  { known, there, marketplaceOrderId }: Compared,
): Promise<ReturnType<typeof compare>> {
  const here: Here = known?.status ?? 'UNKNOWN';
  const agreement = compare(here, there);
  const nowMs = deps.clock();
  const isSettling =
    known !== undefined && !isCanceledAhead(known) && nowMs < known.changedAtMs + SETTLING_MS;
  // Nobody told of it, because nobody tells there.
  const isNews = here === 'UNKNOWN' && look.native.format.isTellingNothing === true;
  if (agreement !== 'different' || isSettling || isNews) return agreement;
  await deps.differences.note(look.ids, { marketplaceOrderId, here, there }, nowMs);
  const { organizationId, marketplace } = look.ids;
  const code = 'marketplace_difference';
  deps.logger.info('a sale differs', { organizationId, marketplace, code });
  return agreement;
}
