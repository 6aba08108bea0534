// A hall whose seats are listed everywhere, and marketplaces that know nothing but their own protocol and secret.
import { createHmac, randomUUID } from 'node:crypto';
import { signWebhook } from '../../lib/domain/marketplaces/webhook-signature.ts';
import type { Marketplace } from '../../lib/domain/access.ts';
import { MARKETPLACES } from '../../lib/domain/access.ts';
import { ok } from '../../lib/domain/result.ts';
import { HOOK_ROUTES } from '../../lib/http/routes/hooks/routes.ts';
import { listingRoutes } from '../../lib/http/routes/marketplaces/listings.ts';
import { createHooksContainer, type HooksDeps } from '../../lib/runtime/container/hooks.ts';
import { type Call, createApi, type Reply } from './api.ts';
import { createHoldWorld } from './hold-world.ts';
import { QUIET } from './world.ts';

/** A call as a marketplace makes it, before it is signed. */
export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Behind the channel's address. */
  readonly path: `/${string}`;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Adds what proves the caller. */
export type Sign = (call: {
  readonly method: string;
  readonly path: string;
  readonly text: string;
  readonly nowMs: number;
}) => Readonly<Record<string, string>>;

let asked = 0;
/** Counted, so that a run can be repeated. */
export const newUuid = (): string =>
  `1b4e28ba-2fa1-4d3b-a3f5-${String((asked += 1)).padStart(12, '0')}`;

export const WEBHOOK_SECRET = `whsec_${'S'.repeat(32)}`;
export const signStandard =
  (secret = WEBHOOK_SECRET): Sign =>
  ({ text, nowMs }) => ({ ...signWebhook({ id: `msg_${randomUUID()}`, text, nowMs }, secret) });
export const signTicketEvolution =
  (secret: string): Sign =>
  ({ method, path, text }) => ({
    'x-token': 'ticket-evolution-token',
    'x-signature': createHmac('sha256', secret)
      .update(`${method} localhost${path}?${text}`)
      .digest('base64'),
  });

export const signBody =
  (secret: string): Sign =>
  ({ text }) => ({
    'ms-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
  });
export const showAuthorization =
  (authorization: string): Sign =>
  () => ({ authorization });

export async function createHookWorld(overrides: Partial<HooksDeps> = {}) {
  const world = await createHoldWorld();
  const hooks = createApi(HOOK_ROUTES, {
    ...createHooksContainer(
      { TABLE_NAME: world.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' },
      world.bare,
    ),
    clock: () => world.clock.nowMs,
    limiter: () => ok(undefined),
    logger: QUIET,
    ...overrides,
  });
  const listings = createApi(listingRoutes, {
    ...createHooksContainer(
      { TABLE_NAME: world.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' },
      world.bare,
    ),
    clock: () => world.clock.nowMs,
    logger: QUIET,
  });
  const open = async (
    marketplace: Marketplace,
    settings: object,
    key = world.key,
  ): Promise<string> => {
    const body = { enabled: true, ...settings };
    const reply = await world.organizers(`PUT /v1/channels/${marketplace}`, { key, body });
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    return reply.body.channelId;
  };
  const call = async (channelId: string, outgoing: Outgoing, sign: Sign): Promise<Reply> => {
    const { method, body } = outgoing;
    world.clock.nowMs += 1;
    const text = outgoing.text ?? (body === undefined ? '' : JSON.stringify(body));
    const path = `/hooks/${channelId}${outgoing.path}`;
    const signed = sign({ method, path, text, nowMs: world.clock.nowMs });
    const sent: Call = {
      ...(text === '' ? {} : { text }),
      headers: { ...outgoing.headers, ...signed },
    };
    return hooks(`${method} ${path as `/${string}`}`, sent);
  };
  return {
    ...world,
    hooks,
    open,
    call,
    /** Seats in one row, listed everywhere. */
    listRow: async (count: number): Promise<string> => {
      const event = await world.newEvent();
      return (await world.listSeats(event, count, { channels: MARKETPLACES })).listingId;
    },
    listing: async (listingId: string): Promise<Reply> =>
      listings(`GET /v1/listings/${listingId}`, { key: world.key }),
    left: async (listingId: string): Promise<number> => {
      const asked = await world.calls.ask(listingId, 1, 'axs');
      return asked.ok ? asked.value.availableQuantity : -1;
    },
  };
}
