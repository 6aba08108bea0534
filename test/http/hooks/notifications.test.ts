// Canonical notifications: taken by one message in the queue or not at all, from whoever may, whatever comes twice.
import { describe, expect, it } from 'vitest';
import { showAuthorization, signStandard, WEBHOOK_SECRET } from '../../support/hook-world.ts';
import { createNoticeWorld } from '../../support/notice-world.ts';

const world = await createNoticeWorld();
const { queue, marketplaces, organizationId } = world;
const key = await world.newKey('axs');
const SALE = {
  id: 'evt-1',
  type: 'sale.created',
  data: {
    marketplaceOrderId: 'AXS-1',
    listingId: 'lst_1',
    quantity: 2,
    buyer: { name: 'Ada Lovelace', email: 'ada.intake@example.com' },
  },
};
const PATH = 'POST /v1/marketplaces/axs/notifications';
const auth = { mode: 'standardWebhooks', secrets: [WEBHOOK_SECRET] };
const STATIC = 'Bearer a value that TickPick was given';

describe('202', () => {
  it('is one message with the very bytes, sealed, and nothing in the table', async () => {
    const before = await world.readAll();
    const text = `${JSON.stringify(SALE, undefined, 3)}\n`;
    const reply = await marketplaces(PATH, { key, text });
    expect(reply).toMatchObject({ status: 202, body: { id: 'evt-1', status: 'ACCEPTED' } });
    expect(JSON.stringify(queue.sent)).not.toMatch(/lovelace|AXS-1/i);
    expect(await world.takeSent()).toEqual([
      {
        type: 'notice.received',
        organizationId,
        marketplace: 'axs',
        format: 'canonical',
        receivedAtMs: world.clock.nowMs,
        sealed: expect.any(String),
        text,
      },
    ]);
    expect(await world.readAll()).toEqual(before);
  });

  it.each([
    ['axs', { auth }, signStandard()],
    ['tickpick', { auth: { mode: 'authorization', value: STATIC } }, showAuthorization(STATIC)],
  ] as const)('comes from the channel of %s by its own proof, as one message', async (...given) => {
    const [marketplace, settings, sign] = given;
    const channelId = await world.open(marketplace, settings);
    const before = await world.readAll();
    const sent = { method: 'POST', path: '/notifications', body: SALE } as const;
    expect((await world.call(channelId, sent, sign)).status).toBe(202);
    expect(await world.takeSent()).toMatchObject([
      { organizationId, marketplace, text: JSON.stringify(SALE) },
    ]);
    expect(await world.readAll()).toEqual(before);
  });

  it('comes again for the very same delivery: what is repeated changes nothing later on', async () => {
    const channelId = await world.open('axs', { auth });
    const [first] = [
      signStandard()({
        method: '',
        path: '',
        text: JSON.stringify(SALE),
        nowMs: world.clock.nowMs,
      }),
    ];
    const sent = { method: 'POST', path: '/notifications', body: SALE } as const;
    for (let times = 0; times < 3; times += 1) {
      expect((await world.call(channelId, sent, () => first ?? {})).status).toBe(202);
    }
    expect(await world.takeSent()).toHaveLength(3);
  });

  const NEEDED = {
    'sale.created': { marketplaceOrderId: 'o', listingId: 'l', quantity: 1 },
    'sale.canceled': { marketplaceOrderId: 'o' },
    'hold.placed': { holdRequestId: 'h', listingId: 'l', quantity: 1 },
    'hold.released': { holdRequestId: 'h' },
  } as const;
  it.each(Object.entries(NEEDED))(
    'needs of %s no more than %o, and each of it',
    async (...given) => {
      const [type, data] = given;
      const tell = async (told: object) =>
        marketplaces(PATH, { key, body: { id: 'n', type, data: told, more: 'is passed over' } });
      expect((await tell(data)).status).toBe(202);
      for (const name of Object.keys(data)) {
        const { [name as keyof typeof data]: _missing, ...rest } = data;
        const reply = await tell(rest);
        expect(reply.status).toBe(422);
        expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
          `/data/${name}`,
        ]);
      }
      queue.sent.length = 0;
    },
  );
});

describe('503', () => {
  it('while the queue takes nothing: nothing is taken, and a retry is no replay', async () => {
    const channelId = await world.open('axs', { auth });
    const before = await world.readAll();
    const text = JSON.stringify(SALE);
    const sent = { method: 'POST', path: '/notifications', body: SALE } as const;
    const signed = signStandard()({ method: '', path: '', text, nowMs: world.clock.nowMs });
    queue.isDown = true;
    const replies = [
      await world.call(channelId, sent, () => signed),
      await marketplaces(PATH, { key: await world.newKey('axs'), body: SALE }),
    ];
    queue.isDown = false;
    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
      expect(reply.headers['content-type']).toBe('application/problem+json');
    }
    // But for the key that was just made.
    expect((await world.readAll()).filter((item) => !item.includes('"KEY#'))).toEqual(
      before.filter((item) => !item.includes('"KEY#')),
    );
    expect(queue.sent).toEqual([]);
    expect((await world.call(channelId, sent, () => signed)).status).toBe(202);
    expect(await world.takeSent()).toMatchObject([{ text }]);
  });
});

describe('refusals', () => {
  it('422 with every fault at once', async () => {
    const body = {
      occurredAt: 'yesterday',
      type: 'sale.created',
      data: {
        listingId: '',
        quantity: 0,
        seats: ['A1', ''],
        unitPrice: { amountMinor: -1, currency: 'EUR' },
        buyer: { email: 'nobody' },
        confirmBy: 'soon',
      },
    };
    const reply = await marketplaces(PATH, { key, body });
    expect(reply).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    const pointers = reply.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.toSorted()).toEqual([
      '/data/buyer',
      '/data/buyer/email',
      '/data/confirmBy',
      '/data/listingId',
      '/data/marketplaceOrderId',
      '/data/quantity',
      '/data/seats/1',
      '/data/unitPrice/amountMinor',
      '/id',
      '/occurredAt',
    ]);
    expect(queue.sent).toEqual([]);
  });

  it.each([
    ['seats that are not as many as the quantity', { seats: ['A1'], quantity: 2 }, '/data/seats'],
    ['a buyer without a name', { buyer: { email: 'ada@example.com' } }, '/data/buyer'],
  ])('422 for %s', async (_what, change, pointer) => {
    const body = { ...SALE, data: { ...SALE.data, ...change } };
    const reply = await marketplaces(PATH, { key, body });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('413 for what is larger than a message may be, and 202 up to there', async () => {
    const LIMIT = 128 * 1024;
    const fill = (bytes: number): string =>
      JSON.stringify({ ...SALE, more: '€'.repeat(Math.floor(bytes / 3)) });
    const room = LIMIT - Buffer.byteLength(fill(0));
    expect((await marketplaces(PATH, { key, text: fill(room) })).status).toBe(202);
    expect((await marketplaces(PATH, { key, text: fill(room + 3) })).status).toBe(413);
    expect(await world.takeSent()).toHaveLength(1);
  });

  it('401, 403 and 404 as everywhere, and nothing is sent', async () => {
    const channelId = await world.open('axs', { auth });
    const sent = { method: 'POST', path: '/notifications', body: SALE } as const;
    const wrong = signStandard(`whsec_${'X'.repeat(32)}`);
    const statuses = [
      (await world.call(channelId, sent, wrong)).status,
      (await marketplaces(PATH, { body: SALE })).status,
      (await marketplaces(PATH, { key: world.key, body: SALE })).status,
      (await marketplaces('POST /v1/marketplaces/stubhub/notifications', { key, body: SALE }))
        .status,
      (await marketplaces(PATH, { key, text: '{' })).status,
    ];
    expect(statuses).toEqual([401, 401, 403, 404, 400]);
    expect(queue.sent).toEqual([]);
  });
});
