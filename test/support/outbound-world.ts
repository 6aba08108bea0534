// What marketplaces are told, with a server that is told it: the outbound worker over a real table, its queue in memory,
// and quantities that a test sets.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOutboundHttp } from '../../lib/adapters/outbound-http.ts';
import { createSettleSale } from '../../lib/app/marketplaces/settle-sale.ts';
import type { QueuedNotice, SaleReader } from '../../lib/app/notice-ports.ts';
import { putChannel } from '../../lib/app/channels/manage-channels.ts';
import type { ListedQuantity } from '../../lib/app/outbound/spread-listing.ts';
import type { DeliverMessage, NativeTeller } from '../../lib/app/outbound-ports.ts';
import type { Marketplace } from '../../lib/domain/access.ts';
import { createCallStore } from '../../lib/table/call-store.ts';
import { createChannelStore } from '../../lib/table/channel-store.ts';
import { createLaneStore } from '../../lib/table/lane-store.ts';
import { createSaleStore } from '../../lib/table/sale-store.ts';
import { createTimelineStore } from '../../lib/table/timeline-store.ts';
import { createOutboundWorker } from '../../lib/workers/outbound-queue.ts';
import { startReceiver } from './receiver.ts';
import { createWorld, SILENT } from './world.ts';

const OUTBOUND_SECRET = `whsec_${'S'.repeat(32)}`;

export async function createOutboundWorld() {
  const world = await createWorld();
  const clock = (): number => world.clock.nowMs;
  const receiver = await startReceiver(OUTBOUND_SECRET, clock);
  const listed = new Map<string, ListedQuantity>();
  const queued: DeliverMessage[] = [];
  const givenUp: DeliverMessage[] = [];
  const looks: QueuedNotice[] = [];
  /** What marketplaces answer by calls of their own, and think of their sales; a test says. */
  const theirs: { tell: NativeTeller['tell']; read: SaleReader['read'] } = {
    tell: async () => undefined,
    read: async () => 'unable',
  };
  const lanes = createLaneStore(world);
  let outboxes = 0;
  const toOutboxId = (): string => `out_${(outboxes += 1)}`;
  const toWorker = (bare: DynamoDBClient) => {
    const access = { client: DynamoDBDocumentClient.from(bare), tableName: world.tableName };
    const findListed = async ({ listingId }: { readonly listingId: string }) =>
      listed.get(listingId);
    const sales = createSaleStore(access, toOutboxId);
    return createOutboundWorker({
      channels: createChannelStore(access),
      lanes: createLaneStore(access),
      queue: {
        send: async (messages) => void queued.push(...messages),
        giveUp: async (message) => void givenUp.push(message),
      },
      http: createOutboundHttp({ allowsLoopback: true }),
      native: { tell: async (channel, news) => theirs.tell(channel, news) },
      reader: { read: async (ids) => theirs.read(ids) },
      notices: { send: async (message) => void looks.push(message) },
      sales,
      settleSale: createSettleSale({ sales }),
      timeline: createTimelineStore(access),
      findListed,
      clock,
      logger: SILENT,
    });
  };
  const work = async (messages: readonly object[], bare = world.bare): Promise<number> => {
    const Records = messages.map((message, at) => ({
      messageId: String(at),
      body: JSON.stringify(message),
    }));
    return (await toWorker(bare)({ Records } as never)).batchItemFailures.length;
  };
  const drain = async (): Promise<void> => {
    while (queued.length > 0) await work(queued.splice(0));
  };
  let made = 0;
  return {
    ...world,
    receiver,
    queued,
    givenUp,
    looks,
    theirs,
    lanes,
    sales: createSaleStore(world, toOutboxId),
    work,
    drain,
    /** An organization that sells a listing at these marketplaces, each told at its own path. */
    async newListing(marketplaces: readonly Marketplace[], quantity = 4) {
      const { organizationId } = await world.newOrganization();
      const listingId = `lst_${(made += 1)}`;
      const setChannel = async (
        marketplace: Marketplace,
        settings: { readonly enabled?: boolean; readonly isTold?: boolean } = {},
      ): Promise<void> => {
        const { enabled = true, isTold = true } = settings;
        const url = `${receiver.url}/${listingId}/${marketplace}`;
        await putChannel(
          {
            channels: createChannelStore(world),
            calls: createCallStore(world),
            http: createOutboundHttp({ allowsLoopback: true }),
          },
          {
            organizationId,
            marketplace,
            settings: {
              enabled,
              ...(isTold ? { outbound: { url, secret: OUTBOUND_SECRET } } : {}),
            },
            ifMatch: undefined,
            nowMs: clock(),
          },
        );
      };
      for (const marketplace of marketplaces) await setChannel(marketplace);
      listed.set(listingId, { channels: marketplaces, quantity, number: 4_711 });
      const change = (causedBy?: Marketplace) => ({
        type: 'listing.changed' as const,
        organizationId,
        listingId,
        ...(causedBy === undefined ? {} : { causedBy }),
      });
      return {
        organizationId,
        listingId,
        setChannel,
        change,
        set: (next: Partial<ListedQuantity> | undefined): void => {
          const before = listed.get(listingId);
          if (next === undefined || before === undefined) listed.delete(listingId);
          else listed.set(listingId, { ...before, ...next });
        },
        /** The event, and all that follows from it. */
        async tell(causedBy?: Marketplace): Promise<void> {
          await work([change(causedBy)]);
          await drain();
        },
        toldAt: (marketplace: Marketplace) =>
          receiver.told.filter(({ path }) => path === `/told/${listingId}/${marketplace}`),
        laneOf: (marketplace: Marketplace) => ({
          organizationId,
          marketplace,
          subject: { kind: 'listing' as const, id: listingId },
        }),
      };
    },
  };
}
