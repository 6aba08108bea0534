// Marketplaces that tell of sales in their own words, each at its own path, with its own proof and its own error bodies.
import { describe, expect, it } from 'vitest';
import type { Marketplace } from '../../../lib/domain/access.ts';
import {
  type Outgoing,
  showAuthorization,
  type Sign,
  signBody,
  signTicketEvolution,
} from '../../support/hook-world.ts';
import { createNoticeWorld } from '../../support/notice-world.ts';

const world = await createNoticeWorld();
const { queue, organizationId } = world;
const STATIC = 'Bearer what the marketplace was given';
const SECRET = 'a secret that both sides know';

interface Native {
  readonly path: `/${string}`;
  readonly auth: object;
  readonly sign: Sign;
  readonly wrong: Sign;
  /** Of a sale. */
  readonly told: Pick<Outgoing, 'body' | 'text' | 'headers'>;
  /** Tells nothing of a sale. */
  readonly idle: Pick<Outgoing, 'body' | 'text' | 'headers'>;
  readonly fault: object;
}

const byHeader = {
  auth: { mode: 'authorization', value: STATIC },
  sign: showAuthorization(STATIC),
  wrong: showAuthorization('Bearer something else'),
};
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const toForm = (fields: Readonly<Record<string, string>>) => ({
  text: String(new URLSearchParams(fields)),
  headers: FORM,
});
const PLAIN = { error: 'validation_failed', message: expect.any(String) };

const NATIVE: Readonly<Partial<Record<Marketplace, Native>>> = {
  stubhub: {
    path: '/stubhub/webhooks',
    ...byHeader,
    told: { body: { topic: 'Sales', _embedded: { sale: { id: 77 } } } },
    idle: { body: { topic: 'Ping' } },
    fault: { code: 'invalid_request_body', message: expect.any(String) },
  },
  seatgeek: {
    path: '/seatgeek/webhooks',
    ...byHeader,
    told: {
      body: {
        metadata: { schema_version: 1 },
        data: [
          { id: 'm1', type: 'order.created', order_id: 'SG-1' },
          { id: 'm2', type: 'order.broken', order_id: 'SG-2' },
        ],
      },
    },
    idle: { body: { data: [{ type: 'ping' }] } },
    fault: PLAIN,
  },
  gametime: {
    path: '/gametime/purchases',
    ...byHeader,
    auth: { ...byHeader.auth, flow: 'classic' },
    told: { body: { id: 'GT-1', source_id: 'lst_1', quantity: 2, unit_price: 4000 } },
    // Every one of its messages is a sale.
    idle: { body: { id: 'GT-2', source_id: 'lst_1', quantity: 2 } },
    fault: PLAIN,
  },
  'ticket-evolution': {
    path: '/ticket-evolution/notifications',
    auth: {
      mode: 'ticketEvolution',
      token: 'ticket-evolution-token',
      secret: SECRET,
      flow: 'classic',
    },
    sign: signTicketEvolution(SECRET),
    wrong: signTicketEvolution('another secret than theirs'),
    told: toForm({
      recipient: 'seller',
      event_type: 'order_created',
      order_group_id: '9',
      body: JSON.stringify({
        id: 9,
        seller_state: 'pending',
        items: [{ quantity: 2, ticket_group: { remote_id: 'lst_1' } }],
      }),
    }),
    idle: toForm({ recipient: 'buyer', event_type: 'order_accepted', body: '{}' }),
    fault: PLAIN,
  },
  ticketnetwork: {
    path: '/ticketnetwork/webhooks',
    auth: { mode: 'bodyHmac', secret: SECRET },
    sign: signBody(SECRET),
    wrong: signBody('another secret than theirs'),
    told: {
      body: {
        Id: 'a1',
        Attempt: 1,
        Properties: {},
        Notifications: [
          {
            Action: 'sale.created',
            MarketplaceOrderId: 5,
            ListingId: 'lst_1',
            Quantity: 2,
          },
        ],
      },
    },
    idle: { body: { Id: 'a2', Attempt: 1, Notifications: [{ Action: 'delivery.updated' }] } },
    fault: PLAIN,
  },
};

describe.each(Object.entries(NATIVE))('%s', async (name, native) => {
  const marketplace = name as Marketplace;
  const { path, sign, wrong, told } = native;
  const channelId = await world.open(marketplace, { auth: native.auth });
  const send = async (what: Pick<Outgoing, 'body' | 'text' | 'headers'>, by = sign, at = path) =>
    world.call(channelId, { method: 'POST', path: at, ...what }, by);

  it('is taken at its path by one message, sealed, and nothing stands in the table', async () => {
    const before = await world.readAll();
    const reply = await send(told);
    expect(reply).toMatchObject({ status: 202, body: { status: 'ACCEPTED' } });
    const text = told.text ?? JSON.stringify(told.body);
    expect(JSON.stringify(queue.sent)).not.toContain(text.slice(1, 20));
    expect(await world.takeSent()).toMatchObject([
      { organizationId, marketplace, format: 'native', text },
    ]);
    expect(await world.readAll()).toEqual(before);
  });

  it('is answered as well, and forgotten, when it tells nothing of a sale', async () => {
    expect((await send(native.idle)).status).toBe(202);
    const isAlwaysSale = marketplace === 'gametime';
    expect(await world.takeSent()).toHaveLength(isAlwaysSale ? 1 : 0);
  });

  it('is refused 400 in its own words when it is something else', async () => {
    const reply = await send({ text: '{"nothing":1' });
    expect(reply).toMatchObject({ status: 400, body: native.fault });
    expect(reply.headers['content-type']).toBe('application/json');
  });

  it('is answered 503 with nothing taken while the queue is down, and taken when it comes again', async () => {
    const before = await world.readAll();
    queue.isDown = true;
    const reply = await send(told);
    queue.isDown = false;
    expect(reply.status).toBe(503);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(await world.readAll()).toEqual(before);
    expect((await send(told)).status).toBe(202);
    expect(await world.takeSent()).toHaveLength(1);
  });

  it('is refused with a wrong proof, and at the path of another marketplace', async () => {
    expect((await send(told, wrong)).status).toBe(401);
    const other = path === '/stubhub/webhooks' ? '/seatgeek/webhooks' : '/stubhub/webhooks';
    expect((await send(told, sign, other)).status).toBe(404);
    expect(queue.sent).toEqual([]);
  });
});

describe('an id that no key of the table has room for', async () => {
  const auth = { ...byHeader.auth, flow: 'classic' };
  const channelId = await world.open('gametime', { auth });
  it('is refused 400, and nothing is taken', async () => {
    const body = { id: 'x'.repeat(129), source_id: 'lst_1', quantity: 2 };
    const purchase = { method: 'POST', path: '/gametime/purchases', body } as const;
    const reply = await world.call(channelId, purchase, byHeader.sign);
    expect(reply).toMatchObject({ status: 400, body: PLAIN });
    expect(queue.sent).toEqual([]);
  });
});

it.each(['gametime', 'ticket-evolution'] as const)(
  'the path of the classic flow of %s is none of a channel that sells by holds',
  async (marketplace) => {
    const { path, sign, told, auth } = NATIVE[marketplace] ?? {};
    const channelId = await world.open(marketplace, { auth: { ...auth, flow: undefined } });
    const outgoing = { method: 'POST', path: path ?? '/', ...told } as const;
    expect((await world.call(channelId, outgoing, sign ?? byHeader.sign)).status).toBe(404);
    expect(queue.sent).toEqual([]);
  },
);
