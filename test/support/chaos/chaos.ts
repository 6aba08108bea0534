// Eleven channels of one organization, and everything between their marketplaces and the table: intake, queues, workers,
// outbox and schedule, over clients that conflict, throttle and lose replies.
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createApplyNotice } from '../../../lib/app/marketplaces/apply-notice.ts';
import { expireHolds } from '../../../lib/app/marketplaces/expire-holds.ts';
import { createSettleSale } from '../../../lib/app/marketplaces/settle-sale.ts';
import { rejectDue, retryWaiting } from '../../../lib/app/marketplaces/waiting-sales.ts';
import type { NoticeQueue } from '../../../lib/app/notice-ports.ts';
import { takeNativeNotice, takeNotice } from '../../../lib/app/notices/take-notice.ts';
import { passOn } from '../../../lib/app/pass-on-outbox.ts';
import type { Marketplace } from '../../../lib/domain/access.ts';
import { NOTICE_FORMATS } from '../../../lib/marketplaces/notice-formats.ts';
import { createNoticesContainer } from '../../../lib/runtime/container/notices.ts';
import { createOutboundContainer } from '../../../lib/runtime/container/outbound.ts';
import { createSaleDeps } from '../../../lib/runtime/container/sales.ts';
import { createChannelStore } from '../../../lib/table/channel-store.ts';
import { createLaneStore } from '../../../lib/table/lane-store.ts';
import { createOutboxStore } from '../../../lib/table/outbox-store.ts';
import { createSealer } from '../../../lib/table/sealer.ts';
import { createTimelineStore } from '../../../lib/table/timeline-store.ts';
import { createNoticeWorker } from '../../../lib/workers/notice-queue.ts';
import { createOutboundWorker } from '../../../lib/workers/outbound-queue.ts';
import { createLeanFaultyClient, createRandom } from '../faulty-client.ts';
import { createHoldWorld, createMarketplaceCalls } from '../hold-world.ts';
import { toLean } from '../lean-client.ts';
import { createTestTable } from '../table.ts';
import { SILENT } from '../world.ts';
import type { Delivery } from './deliveries.ts';
import { createQueues } from './queues.ts';
import { createStandIns, SECRET } from './stand-ins.ts';

const FAULTS = { conflict: 0.005, throttle: 0.005, lostReply: 0.01 };
/** Of one in twenty deliveries the intake's queue is down; the marketplace tries again. */
const QUEUE_DOWN = 0.05;
const OUTBOX_PAGE = 200;
const LANES_PAGE = 500;
const DAY_MS = 86_400_000;
const AUTO_REJECT_MINUTES = 7 * 24 * 60;

export const SELLERS = [
  'axs',
  'fanxchange',
  'ticketmaster',
  'ticketnetwork',
  'stubhub',
  'vivid-seats',
  'seatgeek',
  'gametime',
  'ticket-evolution',
] as const;
export const HOLDERS = ['tickpick', 'ticketnetwork-mercury'] as const;
const CLASSIC: readonly Marketplace[] = ['gametime', 'ticket-evolution'];

export type Chaos = Awaited<ReturnType<typeof createChaos>>;

export async function createChaos(seed: number) {
  const world = await createHoldWorld(toLean(await createTestTable()));
  const { organizationId, tableName } = world;
  const random = createRandom(seed);
  const clock = (): number => world.clock.nowMs;
  const { client: bare } = createLeanFaultyClient(FAULTS, seed);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const standIns = createStandIns(random, clock);
  const queues = createQueues(random);
  const counts = { messages: 0, refused: 0 };
  const notices: NoticeQueue = {
    send: async (message) => {
      if (message.type === 'notice.received' && random() < QUEUE_DOWN) throw new Error('down');
      queues.send('notices', message);
    },
  };
  const { reader, native, http } = standIns;
  const sqs = new SQSClient({});
  const env = {
    TABLE_NAME: tableName,
    NOTICES_QUEUE_URL: 'none',
    MARKETPLACE_QUEUE_URL: 'none',
    MARKETPLACE_DEAD_LETTERS_URL: 'none',
  };
  const deps = createSaleDeps(access, reader);
  const timeline = createTimelineStore(access);
  queues.handlers.notices = createNoticeWorker({
    ...createNoticesContainer(env, bare),
    reader,
    applyNotice: createApplyNotice({ ...deps, reader, timeline, clock }),
    retryWaiting: async (listing) => retryWaiting(deps, listing, clock()),
    logger: SILENT,
  });
  const givenUp: unknown[] = [];
  const outbound = {
    ...createOutboundContainer(env, bare, sqs),
    queue: {
      send: async (messages: readonly unknown[]) => {
        for (const message of messages) queues.send('marketplace', message);
      },
      giveUp: async (message: unknown) => void givenUp.push(message),
    },
    native,
    http,
    reader,
    notices,
    settleSale: createSettleSale(deps),
    clock,
    logger: SILENT,
  };
  queues.handlers.marketplace = createOutboundWorker(outbound);
  const lanes = createLaneStore(access);
  const outbox = createOutboxStore(world);
  /** What the stream's dispatcher does. */
  const dispatch = async (): Promise<void> => {
    for (;;) {
      const unsent = await outbox.listUnsent(clock() + DAY_MS, OUTBOX_PAGE);
      if (unsent.length === 0) return;
      await passOn(
        {
          outbox,
          logger: SILENT,
          queues: {
            async send(queue, entries) {
              for (const { outboxId, message } of entries) {
                if (queue === 'marketplace') queues.send(queue, { ...message, outboxId });
              }
              return [];
            },
            report: async () => undefined,
          },
        },
        unsent,
      );
    }
  };
  const sealer = createSealer(access);
  const given = { notices, sealer, formats: NOTICE_FORMATS, logger: SILENT };
  await openChannels(organizationId, createChannelStore(world), clock());
  return {
    world,
    random,
    pick: <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T,
    standIns,
    queues,
    counts,
    givenUp,
    /** What marketplaces of holds ask, over the faulty client. */
    calls: createMarketplaceCalls(world, bare, clock),
    /** As the routes take it; whoever is told to come again comes again. */
    async deliver({ marketplace, format, text }: Delivery): Promise<void> {
      for (;;) {
        counts.messages += 1;
        const notice = { organizationId, marketplace, text, nowMs: clock() };
        const taken =
          format === 'native'
            ? await takeNativeNotice(given, notice)
            : await takeNotice(given, notice, format);
        if (taken.ok) return;
        if (taken.refusal.code !== 'unavailable') throw new Error(taken.refusal.code);
        counts.refused += 1;
      }
    },
    drain: async () => queues.drain(dispatch),
    /** The minute's schedule until nothing is due any more: then every marketplace has taken what it is told. */
    async settle(): Promise<void> {
      for (;;) {
        await queues.drain(dispatch);
        await expireHolds(deps, clock());
        await rejectDue(deps, clock());
        await queues.drain(dispatch);
        const planned = await lanes.listDue(clock() + 3 * DAY_MS, LANES_PAGE);
        if (planned.length === 0) return;
        world.clock.nowMs += 6 * 60_000;
        for (const ids of await lanes.listDue(clock(), LANES_PAGE)) {
          queues.send('marketplace', { type: 'outbound.deliver', ...ids, isScheduled: true });
        }
      }
    },
    look: (marketplace: Marketplace, marketplaceOrderId: string): void =>
      queues.send('notices', {
        type: 'sale.look',
        organizationId,
        marketplace,
        marketplaceOrderId,
        askedAtMs: clock(),
      }),
    /** Sales that wait for tickets are rejected by then. */
    passDeadline: (): void => void (world.clock.nowMs += AUTO_REJECT_MINUTES * 60_000 + 1),
  };
}

async function openChannels(
  organizationId: string,
  channels: ReturnType<typeof createChannelStore>,
  nowMs: number,
): Promise<void> {
  for (const marketplace of [...SELLERS, ...HOLDERS]) {
    const opened = await channels.put(undefined, {
      organizationId,
      marketplace,
      channelId: `chn_${marketplace}`,
      enabled: true,
      auth: { mode: 'key', ...(CLASSIC.includes(marketplace) ? { flow: 'classic' } : {}) },
      holdMinutes: 24 * 60,
      autoRejectAfterMinutes: AUTO_REJECT_MINUTES,
      outbound: { url: `https://told.example/${marketplace}`, secret: SECRET },
      createdAt: new Date(nowMs).toISOString(),
      version: 1,
    });
    if (!opened.ok) throw new Error(opened.refusal.code);
  }
}
