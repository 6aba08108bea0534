// The whole way of a sale over HTTP: marketplaces call the address of their channel, the queues are in memory, workers and
// the minute's sweep are the real ones, and what is told goes to servers that keep a book.
import { SQSClient } from '@aws-sdk/client-sqs';
import { createOutboundHttp } from '../../../lib/adapters/outbound-http.ts';
import { toNewId } from '../../../lib/app/ids.ts';
import { createApplyNotice } from '../../../lib/app/marketplaces/apply-notice.ts';
import { createApplyStand } from '../../../lib/app/marketplaces/apply-stand.ts';
import { retryWaiting } from '../../../lib/app/marketplaces/waiting-sales.ts';
import { createCallMarketplace } from '../../../lib/app/native/call.ts';
import { createSaleReader } from '../../../lib/app/native/read-sale.ts';
import { createNativeTeller } from '../../../lib/app/native/tell.ts';
import type { QueuedNotice } from '../../../lib/app/notice-ports.ts';
import { passOn } from '../../../lib/app/pass-on-outbox.ts';
import { type Marketplace, MARKETPLACES } from '../../../lib/domain/access.ts';
import { ok } from '../../../lib/domain/result.ts';
import { ORGANIZER_ROUTES } from '../../../lib/http/routes/organizers/routes.ts';
import { findSaleFormat } from '../../../lib/marketplaces/sale-formats.ts';
import { createNoticesContainer } from '../../../lib/runtime/container/notices.ts';
import { createOrganizersContainer } from '../../../lib/runtime/container/organizers.ts';
import { createOutboundContainer } from '../../../lib/runtime/container/outbound.ts';
import { createReconcileContainer } from '../../../lib/runtime/container/reconcile.ts';
import { createSaleDeps } from '../../../lib/runtime/container/sales.ts';
import { createSweepContainer } from '../../../lib/runtime/container/sweep.ts';
import { createCallStore } from '../../../lib/table/call-store.ts';
import { createListingStore } from '../../../lib/table/listing-store.ts';
import { createTimelineStore } from '../../../lib/table/timeline-store.ts';
import { createNoticeWorker } from '../../../lib/workers/notice-queue.ts';
import { createOutboundWorker } from '../../../lib/workers/outbound-queue.ts';
import { createReconcileWorker } from '../../../lib/workers/reconcile-queue.ts';
import { createSweep } from '../../../lib/workers/sweep.ts';
import { createApi } from '../api.ts';
import { createNoticeWorld } from '../notice-world.ts';
import { SILENT } from '../world.ts';

const NOWHERE = 'http://127.0.0.1:9/none';
const QUEUES = [
  'IMPORTS',
  'EMAIL',
  'MESSAGES',
  'REFUNDS',
  'LINKS',
  'MARKETPLACE',
  'NOTICES',
  'RECONCILE',
].map((name) => [`${name}_QUEUE_URL`, NOWHERE]);
const DEAD_LETTERS = ['MARKETPLACE', 'DISPATCH'].map((name) => [
  `${name}_DEAD_LETTERS_URL`,
  NOWHERE,
]);

/** Shorter than its stand-ins are late. */
const CALL_MS = 700;
/** Until an outbox item counts as not sent. */
const UNSENT_MS = 24 * 3_600_000;

export async function createIonWorld() {
  const world = await createNoticeWorld();
  const clock = (): number => world.clock.nowMs;
  const env = {
    TABLE_NAME: world.tableName,
    OUTBOUND_LOOPBACK: 'allowed',
    ...Object.fromEntries([...QUEUES, ...DEAD_LETTERS]),
  };
  const settings = createApi(ORGANIZER_ROUTES, {
    ...createOrganizersContainer(env, world.bare),
    clock,
    limiter: () => ok(undefined),
    logger: SILENT,
  });
  const sqs = new SQSClient({});
  const queued = {
    marketplace: [] as object[],
    reconcile: [] as object[],
    givenUp: [] as object[],
  };
  const toMarketplace = {
    send: async (sent: readonly object[]) => void queued.marketplace.push(...sent),
  };

  const http = createOutboundHttp({ allowsLoopback: true, callMs: CALL_MS });
  const calls = createCallStore(world);
  const callMarketplace = createCallMarketplace({ http, calls, findSaleFormat, clock });
  const listings = createListingStore(world, (nowMs) => toNewId('outbox', nowMs));
  const outbound = createOutboundContainer(env, world.bare, sqs);
  const shared = { findSaleFormat, callMarketplace, clock, logger: SILENT };
  const reader = createSaleReader({ ...shared, channels: outbound.channels, listings });
  const sales = createSaleDeps(world, reader);
  const stand = { ...sales, reader, timeline: createTimelineStore(world), clock };
  const notices = {
    send: async (message: QueuedNotice) => void world.queue.sent.push(message),
  };
  const workNotices = createNoticeWorker({
    ...createNoticesContainer(env, world.bare),
    ...shared,
    reader,
    applyNotice: createApplyNotice(stand),
    retryWaiting: async (listing) => retryWaiting(stand, listing, clock()),
  });
  const workOutbound = createOutboundWorker({
    ...outbound,
    ...shared,
    http,
    native: createNativeTeller(shared),
    reader,
    notices,
    queue: { ...toMarketplace, giveUp: async (message) => void queued.givenUp.push(message) },
  });
  const workReconcile = createReconcileWorker({
    ...createReconcileContainer(env, world.bare),
    ...shared,
    reader,
    applyStand: createApplyStand(stand),
  });
  const sweepDeps = createSweepContainer(env, world.bare, sqs);
  const passing = {
    outbox: sweepDeps.outbox,
    queues: {
      send: async (queue: string, entries: readonly { readonly message: object }[]) => {
        if (queue === 'marketplace')
          queued.marketplace.push(...entries.map(({ message }) => message));
        return [];
      },
      report: async () => undefined,
    },
    logger: SILENT,
  };
  const runSweep = createSweep({
    ...sweepDeps,
    ...passing,
    clock,
    outbound: toMarketplace,
    reconcile: { send: async (sent) => void queued.reconcile.push(...sent) },
  });

  const work = async (worker: typeof workNotices, messages: readonly object[]): Promise<void> => {
    const Records = messages.map((message, at) => ({
      messageId: String(at),
      body: JSON.stringify(message),
    }));
    const { batchItemFailures } = await worker({ Records } as never);
    if (batchItemFailures.length > 0)
      throw new Error(`${messages.length} messages: not all were worked off`);
  };
  /** All that follows from what happened, without any time going by. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const unsent = await sweepDeps.outbox.listUnsent(clock() + UNSENT_MS, 200);
      await passOn(passing, unsent);
      const told = world.queue.sent.splice(0);
      const news = queued.marketplace.splice(0);
      const looks = queued.reconcile.splice(0);
      if (unsent.length + told.length + news.length + looks.length === 0) return;
      await work(workNotices, told);
      await work(workOutbound, news);
      await work(workReconcile, looks);
    }
  };
  // Time goes by in these tests.
  const endsAt = '2027-06-01T22:00:00Z';
  const event = await world.newEvent({ endsAt });
  return {
    ...world,
    /** Seats in one row, listed everywhere. */
    async listRow(count: number): Promise<string> {
      return (await world.listSeats(event, count, { channels: MARKETPLACES })).listingId;
    },
    settings,
    /** With its stand-in's address, which is on this machine. */
    async open(marketplace: Marketplace, body: object): Promise<string> {
      const { key } = world;
      const path = `/v1/channels/${marketplace}` as const;
      const reply = await settings(`PUT ${path}`, { key, body: { enabled: true, ...body } });
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
      return reply.body.channelId;
    },
    givenUp: queued.givenUp,
    settle,
    /** Time goes by, and the schedule runs at its end. */
    async pass(minutes: number): Promise<void> {
      world.clock.nowMs += minutes * 60_000;
      await runSweep();
      await settle();
    },
    async sale(marketplaceOrderId: string) {
      const { body } = await world.marketplaces('GET /v1/sales', { key: world.key });
      const items = body.items as readonly {
        readonly marketplaceOrderId: string;
        readonly [field: string]: unknown;
      }[];
      return items.find((item) => item.marketplaceOrderId === marketplaceOrderId);
    },
  };
}
export type IonWorld = Awaited<ReturnType<typeof createIonWorld>>;
