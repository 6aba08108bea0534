// Holds over HTTP: an organizer who lists, and a marketplace with a key of ours.
import { MARKETPLACE_ROUTES } from '../../lib/http/routes/marketplaces/routes.ts';
import { ok } from '../../lib/domain/result.ts';
import { createMarketplacesContainer } from '../../lib/runtime/container/marketplaces.ts';
import { createApi } from './api.ts';
import { createHoldWorld, UNIT_PRICE } from './hold-world.ts';
import { QUIET } from './world.ts';

export async function createMarketplaceWorld() {
  const world = await createHoldWorld();
  const marketplaces = createApi(MARKETPLACE_ROUTES, {
    ...createMarketplacesContainer(
      { TABLE_NAME: world.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' },
      world.bare,
    ),
    clock: () => world.clock.nowMs,
    limiter: () => ok(undefined),
    logger: QUIET,
  });
  const open = async (marketplace: string, settings: object = {}): Promise<void> => {
    const body = { enabled: true, ...settings };
    const { key } = world;
    const reply = await world.organizers(`PUT /v1/channels/${marketplace}`, { key, body });
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
  };
  const newKey = async (marketplace: string): Promise<string> => {
    await open(marketplace);
    const made = await world.post('/v1/keys', { scope: 'marketplace', marketplace });
    return made.body.key;
  };
  return {
    ...world,
    marketplaces,
    open,
    newKey,
    offer: async (eventTicketIds: readonly number[], settings: Record<string, unknown> = {}) =>
      marketplaces('POST /v1/listings', {
        key: world.key,
        body: { eventTicketIds, unitPrice: UNIT_PRICE, channels: ['gametime'], ...settings },
      }),
  };
}
