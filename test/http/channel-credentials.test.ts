// With what calls of ours to marketplaces prove themselves: as write-only as other secrets of a channel.
import { describe, expect, it } from 'vitest';
import type { MARKETPLACES } from '../../lib/domain/access.ts';
import { ok } from '../../lib/domain/result.ts';
import { createChannelStore } from '../../lib/table/channel-store.ts';
import type { Reply } from '../support/api.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld({ limiter: () => ok(undefined) });
const URL = 'https://sell.example.com/told';

async function setUp() {
  const { key, organizationId } = await world.newOrganization();
  return {
    put: async (marketplace: string, body: unknown): Promise<Reply> =>
      world.organizers(`PUT /v1/channels/${marketplace}`, { key, body }),
    get: async (marketplace: string): Promise<Reply> =>
      world.organizers(`GET /v1/channels/${marketplace}`, { key }),
    stored: async (marketplace: (typeof MARKETPLACES)[number]) =>
      createChannelStore(world).find(organizationId, marketplace),
  };
}
const pointersOf = ({ status, body }: Reply) => [
  status,
  body.errors?.map(({ pointer }: { pointer: string }) => pointer),
];

describe('PUT /v1/channels/{marketplace}', () => {
  const STUBHUB = {
    clientId: 'broker',
    clientSecret: 'known to StubHub alone',
    tokenUrl: 'https://account.example.com/oauth2/token',
    userAgent: 'Test Hall',
  };

  it('keeps the credentials of native calls, and shows those that are no secrets', async () => {
    const { put, get, stored } = await setUp();
    const outbound = { url: URL, credentials: STUBHUB };
    const made = await put('stubhub', { enabled: true, outbound });
    expect(made.status).toBe(200);
    const { clientSecret, ...shown } = STUBHUB;
    expect((await get('stubhub')).body.outbound.credentials).toEqual(shown);
    expect(JSON.stringify(made.body)).not.toContain(clientSecret);
    const changed = { url: URL, credentials: { userAgent: 'Other Hall' } };
    await put('stubhub', { enabled: true, outbound: changed });
    expect((await stored('stubhub'))?.outbound?.credentials).toEqual({
      ...STUBHUB,
      userAgent: 'Other Hall',
    });
  });

  it('names every credential that is missing, not used, or leads elsewhere', async () => {
    const { put } = await setUp();
    const credentials = { clientId: 'broker', tokenUrl: 'http://10.0.0.1/', apiKey: 'x' };
    const reply = await put('stubhub', { enabled: true, outbound: { url: URL, credentials } });
    const own = (name: string) => `/outbound/credentials/${name}`;
    expect(pointersOf(reply)).toEqual([
      422,
      ['apiKey', 'clientSecret', 'userAgent', 'tokenUrl'].map(own),
    ]);
  });

  it('takes the classic flow where there is one, with the credentials that it needs', async () => {
    const { put, stored } = await setUp();
    const auth = { mode: 'key', flow: 'classic' };
    const none = await put('gametime', { enabled: true, auth, outbound: { url: URL } });
    expect(pointersOf(none)).toEqual([422, ['/outbound/credentials/apiKey']]);
    const outbound = { url: URL, credentials: { apiKey: 'of Gametime' } };
    const made = await put('gametime', { enabled: true, auth, outbound });
    expect(made).toMatchObject({ status: 200, body: { auth } });
    expect(pointersOf(await put('tickpick', { enabled: true, auth }))).toEqual([
      422,
      ['/auth/flow'],
    ]);
    const back = await put('gametime', {
      enabled: true,
      auth: { mode: 'key' },
      outbound: { url: URL },
    });
    expect(back.body.auth).toEqual({ mode: 'key' });
    expect((await stored('gametime'))?.outbound).not.toHaveProperty('credentials');
  });
});
