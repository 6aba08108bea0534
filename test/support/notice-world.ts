// What marketplaces tell, up to the queue: their channels, the queue in memory, which fails when it is told to, and all
// that stands in the table.
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { QueuedNotice } from '../../lib/app/notice-ports.ts';
import type { Marketplace } from '../../lib/domain/access.ts';
import { ok } from '../../lib/domain/result.ts';
import { MARKETPLACE_ROUTES } from '../../lib/http/routes/marketplaces/routes.ts';
import { createMarketplacesContainer } from '../../lib/runtime/container/marketplaces.ts';
import { createSealer } from '../../lib/table/sealer.ts';
import { createApi } from './api.ts';
import { createHookWorld } from './hook-world.ts';
import { SILENT } from './world.ts';

export async function createNoticeWorld() {
  const queue = { sent: [] as QueuedNotice[], isDown: false };
  const notices = {
    async send(message: QueuedNotice): Promise<void> {
      if (queue.isDown) throw new Error('the queue is down');
      queue.sent.push(message);
    },
  };
  const world = await createHookWorld({ notices, logger: SILENT });
  const sealer = createSealer(world);
  const marketplaces = createApi(MARKETPLACE_ROUTES, {
    ...createMarketplacesContainer(
      { TABLE_NAME: world.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' },
      world.bare,
    ),
    clock: () => world.clock.nowMs,
    limiter: () => ok(undefined),
    logger: SILENT,
    notices,
  });
  return {
    ...world,
    queue,
    sealer,
    marketplaces,
    newKey: async (marketplace: Marketplace): Promise<string> =>
      (await world.post('/v1/keys', { scope: 'marketplace', marketplace })).body.key,
    /** What was sent since, opened. */
    async takeSent() {
      const sent = queue.sent.splice(0);
      return Promise.all(
        sent.map(async (message) =>
          message.type === 'notice.received'
            ? { ...message, text: await sealer.open(message.organizationId, message.sealed) }
            : message,
        ),
      );
    },
    /** Every item, as text. */
    async readAll(): Promise<readonly string[]> {
      const items: string[] = [];
      for (let start: Record<string, unknown> | undefined; ;) {
        const page = await world.client.send(
          new ScanCommand({
            TableName: world.tableName,
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        items.push(...(page.Items ?? []).map((item) => JSON.stringify(item)));
        start = page.LastEvaluatedKey;
        if (start === undefined) return items.toSorted();
      }
    },
  };
}
