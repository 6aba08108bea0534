// The worker of notices over a real table, with a double in the place of the sales.
import { toNewId } from '../../lib/app/ids.ts';
import type { NoticeMessage, NoticeToApply, SaleReader } from '../../lib/app/notice-ports.ts';
import type { Notice } from '../../lib/domain/marketplaces/notice.ts';
import { NOTICE_FORMATS } from '../../lib/marketplaces/notice-formats.ts';
import { createChannelStore } from '../../lib/table/channel-store.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createErasureStore } from '../../lib/table/erasure-store.ts';
import { createPayloadStore } from '../../lib/table/payload-store.ts';
import { createSealer } from '../../lib/table/sealer.ts';
import { createNoticeWorker } from '../../lib/workers/notice-queue.ts';
import { createHookWorld } from './hook-world.ts';
import { SILENT } from './world.ts';

export async function createNoticeWorkerWorld() {
  const world = await createHookWorld();
  const { organizationId } = world;
  const sealer = createSealer(world);
  const applied: NoticeToApply[] = [];
  const theirs: { read: SaleReader['read']; fails: (notice: Notice) => boolean } = {
    read: async () => 'unable',
    fails: () => false,
  };
  const worker = createNoticeWorker({
    sealer,
    contacts: createContactStore(world),
    erasures: createErasureStore(world, (nowMs) => toNewId('outbox', nowMs)),
    payloads: createPayloadStore(world),
    formats: NOTICE_FORMATS,
    channels: createChannelStore(world),
    reader: { read: async (ids) => theirs.read(ids) },
    applyNotice: async (request) => {
      if (theirs.fails(request.notice)) throw new Error('the table is busy');
      applied.push(request);
    },
    retryWaiting: async () => undefined,
    logger: SILENT,
  });

  /** Answers the positions of the messages that come back, and what was applied of the others. */
  async function work(...messages: readonly unknown[]) {
    applied.length = 0;
    const Records = messages.map((message, at) => ({
      messageId: String(at),
      body: typeof message === 'string' ? message : JSON.stringify(message),
    }));
    const { batchItemFailures } = await worker({ Records } as never);
    const failed = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier));
    return { failed, applied: [...applied], told: applied.map(({ notice }) => notice) };
  }

  async function aMessage(
    text: string | object,
    overrides: Partial<NoticeMessage> = {},
  ): Promise<NoticeMessage> {
    const body = typeof text === 'string' ? text : JSON.stringify(text);
    return {
      type: 'notice.received',
      organizationId,
      marketplace: 'axs',
      format: 'canonical',
      receivedAtMs: world.clock.nowMs,
      sealed: await sealer.seal(organizationId, body),
      ...overrides,
    };
  }
  return { ...world, sealer, theirs, work, aMessage };
}
