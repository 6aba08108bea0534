// Channels: set up, read, changed; and what was entrusted to them is never told again.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { MARKETPLACES } from '../../lib/domain/access.ts';
import { PROFILES } from '../../lib/domain/marketplaces/registry.ts';
import { ok } from '../../lib/domain/result.ts';
import { channelKey } from '../../lib/table/channel-keys.ts';
import { createChannelStore } from '../../lib/table/channel-store.ts';
import type { Reply } from '../support/api.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld({ limiter: () => ok(undefined) });
const SECRET = `whsec_${'S'.repeat(32)}`;
const OTHER = `whsec_${'T'.repeat(32)}`;
const URL = 'https://sell.example.com/told';

async function setUp() {
  const { key, organizationId } = await world.newOrganization();
  const put = async (
    marketplace: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => world.organizers(`PUT /v1/channels/${marketplace}`, { key, body, headers });
  const get = async (marketplace: string): Promise<Reply> =>
    world.organizers(`GET /v1/channels/${marketplace}`, { key });
  const list = async (): Promise<Reply> => world.organizers('GET /v1/channels', { key });
  const stored = async (marketplace: (typeof MARKETPLACES)[number]) =>
    createChannelStore(world).find(organizationId, marketplace);
  return { key, organizationId, put, get, list, stored };
}
const pointersOf = ({ status, body }: Reply) => [
  status,
  body.errors?.map(({ pointer }: { pointer: string }) => pointer),
];

describe('PUT /v1/channels/{marketplace}', () => {
  it('makes a channel with defaults, whose address says nothing but its id', async () => {
    const { put } = await setUp();
    const { status, body, headers } = await put('tickpick', { enabled: true });
    expect(status).toBe(200);
    expect(body).toEqual({
      channelId: expect.stringMatching(/^chn_/),
      marketplace: 'tickpick',
      protocol: 'OI',
      wireFormat: 'canonical',
      enabled: true,
      inboundUrl: `http://localhost/hooks/${body.channelId}`,
      auth: { mode: 'key' },
      holdMinutes: 10,
      autoRejectAfterMinutes: 60,
      createdAt: expect.any(String),
      version: 1,
    });
    expect(headers['etag']).toBe('"1"');
  });

  it('replaces the settings and keeps the id', async () => {
    const { put, get } = await setUp();
    const first = await put('tickpick', { enabled: true, holdMinutes: 3, feePercent: 12.35 });
    const second = await put('tickpick', { enabled: false, autoRejectAfterMinutes: 5 });
    expect(second.body).toMatchObject({
      channelId: first.body.channelId,
      enabled: false,
      holdMinutes: 10,
      autoRejectAfterMinutes: 5,
      version: 2,
    });
    expect(second.body).not.toHaveProperty('feePercent');
    expect((await get('tickpick')).body).toEqual(second.body);
  });

  it('makes a secret for an address that brings none, and shows it once', async () => {
    const { put, get, stored } = await setUp();
    const made = await put('tickpick', { enabled: true, outbound: { url: URL } });
    const { newSecret } = made.body.outbound;
    expect(newSecret).toMatch(/^whsec_/);
    expect((await stored('tickpick'))?.outbound).toEqual({ url: URL, secret: newSecret });
    expect((await get('tickpick')).body.outbound).toEqual({ url: URL });
    const again = await put('tickpick', { enabled: true, outbound: { url: `${URL}/2` } });
    expect(again.body.outbound).toEqual({ url: `${URL}/2` });
    expect((await stored('tickpick'))?.outbound?.secret).toBe(newSecret);
  });

  it('keeps secrets that are not sent again, as long as the mode stays', async () => {
    const { put, stored } = await setUp();
    const auth = { mode: 'standardWebhooks', secrets: [SECRET, OTHER] };
    await put('gametime', { enabled: true, auth });
    await put('gametime', { enabled: true, auth: { mode: 'standardWebhooks' } });
    expect((await stored('gametime'))?.auth).toEqual(auth);
    await put('gametime', { enabled: true });
    expect((await stored('gametime'))?.auth).toEqual(auth);
    const wrong = await put('gametime', { enabled: true, auth: { mode: 'authorization' } });
    expect(pointersOf(wrong)).toEqual([422, ['/auth/value']]);
  });

  it('tells no secret, neither in an answer nor in what the table holds', async () => {
    const { put, get, list, organizationId } = await setUp();
    const mercury = {
      mode: 'mercury',
      clientId: 'client',
      clientSecret: 'a very secret secret',
      brokerId: 7,
    };
    const settings = { enabled: true, outbound: { url: URL, secret: SECRET }, auth: mercury };
    const replies = [await put('ticketnetwork-mercury', settings)];
    replies.push(await get('ticketnetwork-mercury'), await list());
    expect(replies[0]?.body.auth).toEqual({ mode: 'mercury', clientId: 'client', brokerId: 7 });
    const Key = channelKey(organizationId, 'ticketnetwork-mercury');
    const item = await world.client.send(new GetCommand({ TableName: world.tableName, Key }));
    for (const text of [...replies.map(({ body }) => body), item.Item].map((one) =>
      JSON.stringify(one),
    )) {
      expect(text).not.toContain(SECRET.slice(6));
      expect(text).not.toContain(mercury.clientSecret);
    }
  });

  it.each(MARKETPLACES)('%s takes the ways of proof of its profile, and no other', async (name) => {
    const { put } = await setUp();
    const { authModes } = PROFILES[name];
    const modes = Object.values({
      key: { mode: 'key' },
      standardWebhooks: { mode: 'standardWebhooks', secrets: [SECRET] },
      authorization: { mode: 'authorization', value: 'Bearer 0123456789abcdef' },
      bodyHmac: { mode: 'bodyHmac', secret: '0123456789abcdef' },
      ticketEvolution: {
        mode: 'ticketEvolution',
        token: '0123456789abcdef',
        secret: '0123456789abcdef',
      },
      mercury: {
        mode: 'mercury',
        clientId: 'client',
        clientSecret: '0123456789abcdef',
        brokerId: 1,
      },
    });
    for (const auth of modes) {
      const reply = await put(name, { enabled: true, auth });
      const isTheirs = authModes.some((mode) => mode === auth.mode);
      expect(pointersOf(reply)).toEqual(isTheirs ? [200, undefined] : [422, ['/auth/mode']]);
    }
  });

  it.each([
    ['http://sell.example.com/', 'plain'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://localhost/', 'loopback by name'],
    ['https://10.1.2.3/', 'private'],
    ['https://0x7f.1/', 'loopback, written otherwise'],
    ['https://169.254.169.254/latest', 'link-local'],
    ['https://[::1]/', 'loopback of IPv6'],
    ['https://[::ffff:10.0.0.1]/', 'private, mapped'],
    ['https://[fd00::1]/', 'private of IPv6'],
    ['https://user:word@sell.example.com/', 'with a password'],
    ['ftp://sell.example.com/', 'no web address'],
    ['sell.example.com', 'no address at all'],
  ])('refuses to call %s (%s)', async (url) => {
    const { put } = await setUp();
    const reply = await put('tickpick', { enabled: true, outbound: { url } });
    expect(pointersOf(reply)).toEqual([422, ['/outbound/url']]);
  });

  it('tells all faults at once', async () => {
    const { put } = await setUp();
    const reply = await put('tickpick', {
      holdMinutes: 0,
      autoRejectAfterMinutes: 1.5,
      feePercent: 101,
      outbound: { url: URL, secret: 'whsec_short' },
      more: 1,
    });
    expect(pointersOf(reply)[1]).toEqual(
      expect.arrayContaining([
        '/enabled',
        '/holdMinutes',
        '/autoRejectAfterMinutes',
        '/feePercent',
        '/outbound/secret',
        '/more',
      ]),
    );
  });

  it('412 precondition_failed for another version, and for one that is not there', async () => {
    const { put } = await setUp();
    const body = { enabled: true };
    expect((await put('tickpick', body, { 'if-match': '"1"' })).status).toBe(412);
    await put('tickpick', body);
    expect((await put('tickpick', body, { 'if-match': '"1"' })).status).toBe(200);
    expect((await put('tickpick', body, { 'if-match': '"1"' })).status).toBe(412);
  });

  it('of many at once makes one channel', async () => {
    const { put, list } = await setUp();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => put('tickpick', { enabled: true })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(replies.map(({ body }) => body.channelId)).size).toBe(1);
    expect((await list()).body.items).toHaveLength(1);
  });
});

describe('GET', () => {
  it("shows an organization's own channels only, and 404 for one that it doesn't have", async () => {
    const [mine, theirs] = [await setUp(), await setUp()];
    await theirs.put('tickpick', { enabled: true });
    await mine.put('stubhub', { enabled: true });
    await mine.put('axs', { enabled: true });
    const { items } = (await mine.list()).body;
    expect(items.map(({ marketplace }: { marketplace: string }) => marketplace)).toEqual([
      'axs',
      'stubhub',
    ]);
    const [missing, unknown] = [await mine.get('tickpick'), await mine.get('nowhere')];
    expect(missing.status).toBe(404);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await mine.put('nowhere', { enabled: true })).status).toBe(404);
  });
});
