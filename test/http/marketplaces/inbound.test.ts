// Calls at a channel's address: whose they are, and that nobody else's have an effect or learn anything.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../lib/app/authenticate.ts';
import { admitInbound } from '../../../lib/app/channels/admit-inbound.ts';
import { createRateLimiter, REQUESTS_BURST } from '../../../lib/app/rate-limiter.ts';
import { signWebhook } from '../../../lib/domain/marketplaces/webhook-signature.ts';
import { ok } from '../../../lib/domain/result.ts';
import { type Contract, defineRoute } from '../../../lib/http/contract.ts';
import type { PipelineDeps } from '../../../lib/http/pipeline.ts';
import { createChannelStore } from '../../../lib/table/channel-store.ts';
import { createDeliveryMemory } from '../../../lib/table/delivery-memory.ts';
import { createKeyReader } from '../../../lib/table/key-reader.ts';
import { type Call, createApi, type Reply } from '../../support/api.ts';
import { createWorld, QUIET } from '../../support/world.ts';

const world = await createWorld({ limiter: () => ok(undefined) });
const SECRET = `whsec_${'S'.repeat(32)}`;
const UNKNOWN = `chn_${'0'.repeat(26)}`;
const DAY_MS = 24 * 3_600_000;

const effects: string[] = [];
const contract = {
  operationId: 'touch',
  method: 'POST',
  path: '/hooks/{channelId}/touch/{what}',
  family: 'public',
  scope: 'channel',
  summary: 'Has an effect.',
  params: z.object({ channelId: z.string(), what: z.string() }),
  body: z.object({}),
  success: 204,
  refusals: [],
  idempotency: 'own',
} as const satisfies Contract;
const touch = defineRoute(contract, async (_deps: PipelineDeps, { actor }) => {
  effects.push(`${actor.organizationId} ${actor.marketplace}`);
  return ok(undefined);
});

const deps = {
  access: createAccess(createKeyReader({ client: world.bare, tableName: world.tableName })),
  channels: createChannelStore(world),
  deliveries: createDeliveryMemory(world),
};
const limiter = createRateLimiter();
const hooks = createApi([touch], {
  ...deps,
  admitInbound: async (request) => admitInbound(deps, request),
  limiter,
  clock: () => world.clock.nowMs,
  logger: QUIET,
});
const touchAt = async (channelId: string, call: Call, what = 'it'): Promise<Reply> =>
  hooks(`POST /hooks/${channelId}/touch/${what}`, call);

async function setUp(marketplace: string, settings: Record<string, unknown> = {}) {
  const { key, organizationId } = await world.newOrganization();
  const put = async (change: Record<string, unknown>): Promise<string> => {
    const body = { enabled: true, ...change };
    const reply = await world.organizers(`PUT /v1/channels/${marketplace}`, { key, body });
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    return reply.body.channelId;
  };
  const newKey = async (of = marketplace): Promise<string> => {
    const body = { scope: 'marketplace', marketplace: of };
    return (await world.organizers('POST /v1/keys', { key, body })).body.key;
  };
  const channelId = await put(settings);
  return { key, organizationId, channelId, put, newKey };
}
const withSecret = { auth: { mode: 'standardWebhooks', secrets: [SECRET] } };
let made = 0;
function aSigned({
  text = '{}',
  secret = SECRET,
  id = `msg_${(made += 1)}`,
  offMs = 0,
} = {}): Call {
  const nowMs = world.clock.nowMs + offMs;
  return { text, headers: { ...signWebhook({ id, text, nowMs }, secret) } };
}
async function effectsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const before = effects.length;
  await run();
  return effects.slice(before);
}
const told = ({ status, body, headers }: Reply) => {
  const { 'x-request-id': _id, ...rest } = headers;
  return { status, body: { ...body, instance: '' }, headers: rest };
};

describe('a channel with a marketplace key', () => {
  it("takes its marketplace's key, as its organization", async () => {
    const { channelId, organizationId, newKey } = await setUp('gametime');
    const key = await newKey();
    const done = await effectsOf(async () => touchAt(channelId, { key, body: {} }));
    expect(done).toEqual([`${organizationId} gametime`]);
  });

  it('answers any other key like an unknown channel', async () => {
    const [mine, theirs] = [await setUp('gametime'), await setUp('gametime')];
    const key = await mine.newKey();
    const replies: Reply[] = [];
    const done = await effectsOf(async () => {
      replies.push(await touchAt(UNKNOWN, { key, body: {} }));
      replies.push(await touchAt('nothing', { key, body: {} }));
      replies.push(await touchAt(theirs.channelId, { key, body: {} }));
      replies.push(await touchAt(mine.channelId, { key: await mine.newKey('tickpick'), body: {} }));
    });
    expect(done).toEqual([]);
    expect(replies[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(new Set(replies.map((reply) => JSON.stringify(told(reply)))).size).toBe(1);
  });

  it('refuses 401 without a key and with a wrong one, 403 with one of the organizer', async () => {
    const { channelId, key } = await setUp('gametime');
    const forged = `${(await setUp('gametime')).key.slice(0, -1)}~`;
    const statuses: number[] = [];
    const done = await effectsOf(async () => {
      for (const call of [{}, { key: forged }, { key }]) {
        statuses.push((await touchAt(channelId, { ...call, body: {} })).status);
      }
    });
    expect([statuses, done]).toEqual([[401, 401, 403], []]);
  });
});

describe('a channel with signatures', () => {
  it('takes what is signed and fresh, without anything said of the organization', async () => {
    const { channelId, organizationId } = await setUp('tickpick', withSecret);
    const done = await effectsOf(async () => touchAt(channelId, aSigned()));
    expect(done).toEqual([`${organizationId} tickpick`]);
  });

  it('refuses a wrong signature, an old time and an unknown channel alike, without effect', async () => {
    const { channelId, newKey } = await setUp('tickpick', withSecret);
    const replies: Reply[] = [];
    const done = await effectsOf(async () => {
      replies.push(await touchAt(UNKNOWN, aSigned()));
      replies.push(await touchAt(channelId, aSigned({ secret: `whsec_${'X'.repeat(32)}` })));
      replies.push(await touchAt(channelId, { ...aSigned(), text: '{"a":1}' }));
      replies.push(await touchAt(channelId, aSigned({ offMs: -301_000 })));
      replies.push(await touchAt(channelId, aSigned({ offMs: 301_000 })));
      replies.push(await touchAt(channelId, { body: {} }));
      replies.push(await touchAt(channelId, { body: {}, key: await newKey() }));
    });
    expect(done).toEqual([]);
    expect(replies[0]).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(new Set(replies.map((reply) => JSON.stringify(told(reply)))).size).toBe(1);
  });

  it("refuses another organization's signature", async () => {
    const [mine, theirs] = [
      await setUp('tickpick', withSecret),
      await setUp('tickpick', withSecret),
    ];
    await theirs.put({ auth: { ...withSecret.auth, secrets: [`whsec_${'T'.repeat(32)}`] } });
    expect(await effectsOf(async () => touchAt(theirs.channelId, aSigned()))).toEqual([]);
    expect(await effectsOf(async () => touchAt(mine.channelId, aSigned()))).toHaveLength(1);
  });

  it('takes a new secret from its answer on, and no longer an old one', async () => {
    const { channelId, put } = await setUp('tickpick', withSecret);
    const secret = `whsec_${'N'.repeat(32)}`;
    await put({ auth: { ...withSecret.auth, secrets: [secret] } });
    expect((await touchAt(channelId, aSigned({ secret }))).status).toBe(204);
    expect((await touchAt(channelId, aSigned())).status).toBe(401);
  });
});

describe('a delivery that comes again', () => {
  it('409 replayed when it is the very same, or an older attempt', async () => {
    const { channelId } = await setUp('tickpick', withSecret);
    const first = aSigned({ id: 'again' });
    world.clock.nowMs += 2_000;
    const second = aSigned({ id: 'again' });
    const statuses: number[] = [];
    const done = await effectsOf(async () => {
      for (const call of [second, second, first]) {
        statuses.push((await touchAt(channelId, call)).status);
      }
    });
    expect([statuses, done.length]).toEqual([[204, 409, 409], 1]);
    expect((await touchAt(channelId, second)).body.code).toBe('replayed');
  });

  it('passes as a later attempt of the same, so that an answer that got lost can be asked for', async () => {
    const { channelId } = await setUp('tickpick', withSecret);
    const id = 'later';
    expect((await touchAt(channelId, aSigned({ id }))).status).toBe(204);
    world.clock.nowMs += 1_000;
    expect((await touchAt(channelId, aSigned({ id }))).status).toBe(204);
  });

  it('is refused with another body or at another address, whatever its time', async () => {
    const { channelId } = await setUp('tickpick', withSecret);
    const id = 'moved';
    await touchAt(channelId, aSigned({ id }));
    world.clock.nowMs += 1_000;
    expect((await touchAt(channelId, aSigned({ id, text: '{"a":1}' }))).status).toBe(409);
    expect((await touchAt(channelId, aSigned({ id }), 'another')).status).toBe(409);
  });

  it('of two at once one has an effect', async () => {
    const { channelId } = await setUp('tickpick', withSecret);
    const call = aSigned();
    const done = await effectsOf(async () =>
      Promise.all([touchAt(channelId, call), touchAt(channelId, call), touchAt(channelId, call)]),
    );
    expect(done).toHaveLength(1);
  });

  it('is remembered for 30 days, and by each channel for itself', async () => {
    const [mine, theirs] = [
      await setUp('tickpick', withSecret),
      await setUp('tickpick', withSecret),
    ];
    const call = aSigned();
    expect((await touchAt(mine.channelId, call)).status).toBe(204);
    expect((await touchAt(theirs.channelId, call)).status).toBe(204);
    const { nowMs } = world.clock;
    const ids = { id: 'msg', attempt: 1, fingerprint: 'f', channelId: mine.channelId };
    expect(await deps.deliveries.remember({ ...ids, claimant: 'a' }, nowMs)).toBe(true);
    const later = nowMs + 29 * DAY_MS;
    expect(await deps.deliveries.remember({ ...ids, claimant: 'b' }, later)).toBe(false);
    // A write that is sent again after its reply was lost.
    expect(await deps.deliveries.remember({ ...ids, claimant: 'a' }, later)).toBe(true);
  });
});

describe('the limit', () => {
  it('429 rate_limited, for each channel by itself', async () => {
    const [busy, calm] = [await setUp('gametime'), await setUp('gametime')];
    const [key, other] = [await busy.newKey(), await calm.newKey()];
    for (let sent = 0; sent < REQUESTS_BURST; sent += 1) {
      limiter(busy.channelId, world.clock.nowMs);
    }
    expect((await touchAt(busy.channelId, { key, body: {} })).status).toBe(429);
    expect((await touchAt(calm.channelId, { key: other, body: {} })).status).toBe(204);
  });
});
