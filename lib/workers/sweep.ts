// Every minute: outbox messages that were not sent are sent, and imports under way, running or being undone, whose
// worker fell silent get another one, and so do erasures that are not complete. Holds that are over are taken off the
// count, sales that waited long enough for tickets are rejected, and what marketplaces did not take is told again when it
// is due. Two of any are harmless.
import { PASS_MS_MAX } from '../app/erase-contact.ts';
import type { ErasureStore } from '../app/erasure-ports.ts';
import type { ImportQueue, ImportStore } from '../app/import-ports.ts';
import type { LaneStore, OutboundQueue } from '../app/outbound-ports.ts';
import type { ReconcileQueue, ReconcileStore } from '../app/reconcile-ports.ts';
import type { OutboxStore } from '../app/outbox-ports.ts';
import { expireHolds } from '../app/marketplaces/expire-holds.ts';
import { rejectDue } from '../app/marketplaces/waiting-sales.ts';
import type { HoldStore, SaleStore } from '../app/marketplace-ports.ts';
import { passOn, type PassOnDeps } from '../app/pass-on-outbox.ts';

/** Imports looked after in one minute; more wait for the next. */
const IMPORTS_MAX = 100;
/** Erasures looked after in one minute; more wait for the next. */
const ERASURES_MAX = 100;
/** Attempts to tell a marketplace that are made in one minute, and how long one is given before it is due again. */
const LANES_MAX = 500;
const LANE_POSTPONED_MS = 5 * 60_000;
/** Marketplaces asked what they think in one minute, and how long a look is given before it is due again. */
const LOOKS_MAX = 200;
const LOOK_POSTPONED_MS = 5 * 60_000;
/** Outbox messages read at once, and how often in one minute: they take half of it. */
const OUTBOX_PAGE = 200;
const OUTBOX_PAGES_MAX = 40;

export interface SweepDeps extends PassOnDeps {
  readonly outbox: OutboxStore;
  readonly imports: Pick<ImportStore, 'listDue' | 'postpone'>;
  readonly erasures: Pick<ErasureStore, 'find' | 'listDue' | 'postpone'>;
  readonly holds: Pick<HoldStore, 'listDue' | 'resolve'>;
  readonly sales: Pick<SaleStore, 'listDue' | 'change'>;
  readonly queue: ImportQueue;
  readonly lanes: Pick<LaneStore, 'listDue' | 'postpone'>;
  readonly outbound: Pick<OutboundQueue, 'send'>;
  readonly reconciles: Pick<ReconcileStore, 'listDue' | 'postpone'>;
  readonly reconcile: ReconcileQueue;
  readonly clock: () => number;
}

export const createSweep = (deps: SweepDeps) => async (): Promise<void> => {
  // None keeps another from being done.
  const ends = await Promise.allSettled([
    sweepImports(deps),
    sweepOutbox(deps),
    sweepErasures(deps),
    sweepLanes(deps),
    sweepReconciles(deps),
    sweepHolds(deps),
    sweepSales(deps),
  ]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};

async function sweepOutbox(deps: SweepDeps): Promise<void> {
  const nowMs = deps.clock();
  let sent = 0;
  for (let pages = 0; pages < OUTBOX_PAGES_MAX; pages += 1) {
    const unsent = await deps.outbox.listUnsent(nowMs, OUTBOX_PAGE);
    const failed = await passOn(deps, unsent);
    sent += unsent.length - failed.size;
    if (unsent.length < OUTBOX_PAGE || failed.size > 0) break;
  }
  if (sent > 0) deps.logger.error('outbox sent late', { code: 'outbox_sent_late', count: sent });
}

async function sweepImports(deps: SweepDeps): Promise<void> {
  const nowMs = deps.clock();
  const due = await deps.imports.listDue(nowMs, IMPORTS_MAX);
  if (due.length === 0) return;
  await deps.queue.send(due.map((ids) => ({ type: 'import.run', ...ids })));
  for (const ids of due) await deps.imports.postpone(ids, nowMs);
  deps.logger.info('imports stood still', { count: due.length });
}

async function sweepErasures(deps: SweepDeps): Promise<void> {
  const nowMs = deps.clock();
  const due = await deps.erasures.listDue(nowMs, ERASURES_MAX);
  if (due.length === 0) return;
  await deps.queue.send(due.map((ids) => ({ type: 'contact.erase', ...ids })));
  for (const ids of due) {
    const erasure = await deps.erasures.find(ids);
    if (erasure !== undefined) await deps.erasures.postpone(erasure, nowMs + PASS_MS_MAX);
  }
}

async function sweepLanes({ lanes, outbound, clock }: SweepDeps): Promise<void> {
  const nowMs = clock();
  const due = await lanes.listDue(nowMs, LANES_MAX);
  if (due.length === 0) return;
  await outbound.send(due.map((ids) => ({ type: 'outbound.deliver', ...ids, isScheduled: true })));
  for (const ids of due) await lanes.postpone(ids, nowMs + LANE_POSTPONED_MS);
}

async function sweepReconciles({ reconciles, reconcile, clock }: SweepDeps): Promise<void> {
  const nowMs = clock();
  const due = await reconciles.listDue(nowMs, LOOKS_MAX);
  if (due.length === 0) return;
  await reconcile.send(due.map((ids) => ({ type: 'channel.reconcile', ...ids })));
  for (const ids of due) await reconciles.postpone(ids, nowMs + LOOK_POSTPONED_MS);
}

async function sweepHolds({ holds, clock, logger }: SweepDeps): Promise<void> {
  const count = await expireHolds({ holds }, clock());
  if (count > 0) logger.info('holds were over', { count });
}

async function sweepSales({ sales, clock, logger }: SweepDeps): Promise<void> {
  const count = await rejectDue({ sales }, clock());
  if (count > 0) logger.info('sales were rejected', { count });
}
