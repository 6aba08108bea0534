// The four systems of Order Integration as scripted marketplaces: each in its own format and by its own proof, from the
// question to the sale and to the release; and what is not theirs, or not fresh, changes nothing at all.
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Marketplace } from '../../../lib/domain/access.ts';
import { PROFILES } from '../../../lib/domain/marketplaces/registry.ts';
import { signWebhook } from '../../../lib/domain/marketplaces/webhook-signature.ts';
import type { Reply } from '../../support/api.ts';
import {
  createHookWorld,
  newUuid,
  type Outgoing,
  type Sign,
  signStandard,
  signTicketEvolution,
  WEBHOOK_SECRET,
} from '../../support/hook-world.ts';

const world = await createHookWorld();
const HOLD_MS = 10 * 60_000;

/** What a marketplace asks for, and the answers' parts that mean the same everywhere. */
interface Format {
  readonly ask: (listing: Offered) => Outgoing;
  readonly hold: (id: string, listing: Offered) => Outgoing;
  readonly invoice: (id: string) => Outgoing;
  readonly release: (id: string) => Outgoing;
  readonly orderOf: (sold: Reply['body']) => number;
  readonly released: number;
}
interface Offered {
  readonly listingId: string;
}

const buyerOf = (id: string) => ({ email: `${id}.four-systems@example.com` });
const CANONICAL: Format = {
  ask: ({ listingId }) => ({ method: 'GET', path: `/listings/${listingId}` }),
  hold: (holdRequestId, { listingId }) => ({
    method: 'POST',
    path: '/holds',
    body: { holdRequestId, listingId, quantity: 2 },
  }),
  invoice: (id) => ({
    method: 'POST',
    path: `/holds/${id}/invoice`,
    body: { marketplaceOrderId: `order ${id}`, buyer: { name: 'Ada Four', ...buyerOf(id) } },
  }),
  release: (id) => ({ method: 'DELETE', path: `/holds/${id}` }),
  orderOf: ({ orderId }) => orderId,
  released: 204,
};
const TICKET_EVOLUTION: Format = {
  ...CANONICAL,
  hold: (global_id, { listingId: remote_id }) => ({
    method: 'POST',
    path: '/order-integration/holds',
    body: { global_id, remote_id, quantity: 2 },
  }),
  invoice: (id) => ({
    method: 'POST',
    path: `/order-integration/holds/${id}/invoice`,
    body: { order_id: id, buyer: { first_name: 'Ada', last_name: 'Four', ...buyerOf(id) } },
  }),
  release: (id) => ({ method: 'DELETE', path: `/order-integration/holds/${id}` }),
  orderOf: ({ invoice_id }) => invoice_id,
  released: 200,
};
const MERCURY: Format = {
  ask: ({ listingId }) => ({ method: 'GET', path: `/mercury/v5/ticketgroups/${listingId}` }),
  hold: (lockRequestId, { listingId: ticketGroupId }) => ({
    method: 'POST',
    path: '/mercury/v5/lock',
    body: { lockRequestId, ticketGroupId, quantity: 2, wholesalePrice: 40, overridePrice: false },
  }),
  invoice: (id) => ({
    method: 'POST',
    path: '/mercury/v5/orders',
    body: {
      lockRequestId: id,
      buyRequestId: `buy-${id}`,
      delivery: {},
      recipient: { name: 'Ada Four', ...buyerOf(id) },
    },
  }),
  release: (id) => ({ method: 'DELETE', path: `/mercury/v5/lock/${id}` }),
  orderOf: ({ mercuryTransactionId }) => mercuryTransactionId,
  released: 204,
};

/** How a marketplace proves itself; `old`: as it did an hour and a second ago, if its proof says when that was. */
interface Proof {
  readonly auth: Readonly<Record<string, unknown>>;
  readonly sign: (channelId: string) => Promise<Sign>;
  readonly wrong: Sign;
  readonly old?: (channelId: string) => Promise<Sign>;
  /** Of a proof that names its delivery, a repeat is told from a new call. */
  readonly tellsRepeats: boolean;
}

const OLD_MS = 3_601_000;
const STANDARD: Proof = {
  auth: { mode: 'standardWebhooks', secrets: [WEBHOOK_SECRET] },
  sign: async () => signStandard(),
  wrong: signStandard(`whsec_${'X'.repeat(32)}`),
  old:
    async () =>
    ({ text, nowMs }) => ({
      ...signWebhook({ id: `msg_${newUuid()}`, text, nowMs: nowMs - OLD_MS }, WEBHOOK_SECRET),
    }),
  tellsRepeats: true,
};
const STATIC: Proof = {
  auth: { mode: 'authorization', value: 'Bearer of-the-four-systems' },
  sign: async () => () => ({ authorization: 'Bearer of-the-four-systems' }),
  wrong: () => ({ authorization: 'Bearer of-the-four-system' }),
  tellsRepeats: false,
};
const SIGNED: Proof = {
  auth: { mode: 'ticketEvolution', token: 'ticket-evolution-token', secret: 'a secret of theirs' },
  sign: async () => signTicketEvolution('a secret of theirs'),
  wrong: signTicketEvolution('of somebody else'),
  tellsRepeats: false,
};
const IDENTITY = { 'x-identity-context': 'broker-id=4711' };
const getToken = async (channelId: string): Promise<Sign> => {
  const { body } = await world.hooks(`POST /hooks/${channelId}/mercury/oauth2/token`, {
    text: 'grant_type=client_credentials&client_id=mercury&client_secret=a+secret+of+theirs',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  return () => ({ authorization: `Bearer ${body.access_token}`, ...IDENTITY });
};
const TOKEN: Proof = {
  auth: {
    mode: 'mercury',
    clientId: 'mercury',
    clientSecret: 'a secret of theirs',
    brokerId: 4711,
  },
  sign: getToken,
  wrong: () => ({ authorization: `Bearer 9999999999.${'A'.repeat(43)}`, ...IDENTITY }),
  old: async (channelId) => {
    const sign = await getToken(channelId);
    world.clock.nowMs += OLD_MS;
    return sign;
  },
  tellsRepeats: false,
};

const SYSTEMS: readonly (readonly [Marketplace, string, Format, Proof])[] = [
  ['gametime', 'Standard Webhooks', CANONICAL, STANDARD],
  ['gametime', 'its Authorization', CANONICAL, STATIC],
  ['ticket-evolution', 'its signature', TICKET_EVOLUTION, SIGNED],
  ['ticketnetwork-mercury', 'its token', MERCURY, TOKEN],
  ['tickpick', 'Standard Webhooks', CANONICAL, STANDARD],
  ['tickpick', 'its Authorization', CANONICAL, STATIC],
];

/** All that the table knows, but which deliveries were here. */
async function readState(): Promise<readonly string[]> {
  const items: string[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: world.client },
    { TableName: world.tableName, ConsistentRead: true },
  )) {
    items.push(
      ...Items.filter(({ kind }) => kind !== 'delivery').map((item) => JSON.stringify(item)),
    );
  }
  return items.toSorted();
}

describe.each(SYSTEMS)('%s by %s', (marketplace, _by, format, proof) => {
  const setUp = async () => {
    const channelId = await world.open(marketplace, { auth: proof.auth });
    const [own, listing] = [await proof.sign(channelId), { listingId: await world.listRow(4) }];
    const send = async (outgoing: Outgoing, sign = own) => world.call(channelId, outgoing, sign);
    /** Beside their own three or four calls they have the canonical ones. */
    const canonical = {
      read: async (id: string) => send({ method: 'GET', path: `/holds/${id}` }),
      extend: async (id: string) =>
        send({
          method: 'PATCH',
          path: `/holds/${id}`,
          body: { expiresAt: new Date(world.clock.nowMs + 1 + HOLD_MS).toISOString() },
        }),
    };
    return { channelId, listing, send, ...canonical };
  };

  it('asks, holds, extends and invoices', async () => {
    const { listing, send, read, extend } = await setUp();
    expect((await send(format.ask(listing))).body).toMatchObject({ availableQuantity: 4 });
    const id = newUuid();
    expect((await send(format.hold(id, listing))).status).toBe(201);
    expect(await world.left(listing.listingId)).toBe(2);
    world.clock.nowMs += HOLD_MS - 60_000;
    expect((await extend(id)).status).toBe(200);
    world.clock.nowMs += 120_000;
    const sold = await send(format.invoice(id));
    expect(sold.status).toBe(201);
    expect(await world.read(format.orderOf(sold.body))).toMatchObject({
      status: 'PAID',
      transactions: [{ paymentType: PROFILES[marketplace].name, amount: { amountMinor: 8_000 } }],
      tickets: [{ status: 'REGISTERED' }, { status: 'REGISTERED' }],
    });
    expect((await read(id)).body).toMatchObject({ status: 'INVOICED' });
    world.clock.nowMs += HOLD_MS;
    expect((await send(format.ask(listing))).body).toMatchObject({ availableQuantity: 2 });
  });

  it('holds and releases', async () => {
    const { listing, send, read } = await setUp();
    const id = newUuid();
    await send(format.hold(id, listing));
    expect((await send(format.release(id))).status).toBe(format.released);
    expect(await world.left(listing.listingId)).toBe(4);
    expect((await read(id)).body).toMatchObject({ status: 'RELEASED' });
    expect((await send(format.invoice(id))).status).toBeGreaterThanOrEqual(400);
    expect(await world.left(listing.listingId)).toBe(4);
  });

  it('changes nothing by a wrong proof, an old one, or at somebody else’s channel', async () => {
    const { channelId, listing, send } = await setUp();
    const id = newUuid();
    await send(format.hold(id, listing));
    const { key } = await world.newOrganization();
    const foreign = await world.open(marketplace, { auth: proof.auth }, key);
    const old = await proof.old?.(channelId);
    const calls = [format.hold(newUuid(), listing), format.invoice(id), format.release(id)];
    const before = await readState();
    const statuses: number[] = [];
    for (const call of calls) {
      statuses.push((await send(call, proof.wrong)).status);
      if (old !== undefined) statuses.push((await send(call, old)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await readState()).toEqual(before);
    // Proved, but of another organization: it has neither this listing nor this hold, and hears of neither.
    const own = await proof.sign(foreign);
    const ask = async (call: Outgoing) => (await world.call(foreign, call, own)).status;
    expect(await ask(format.hold(newUuid(), listing))).toBe(404);
    expect(await ask(format.invoice(id))).toBe(await ask(format.invoice(newUuid())));
    expect(await readState()).toEqual(before);
  });

  it('changes nothing by a call that was here before', async () => {
    const { channelId, listing, send } = await setUp();
    const [held, sold, left] = [newUuid(), newUuid(), newUuid()];
    const hold = (id: string) => format.hold(id, listing);
    const calls = [hold(held), hold(sold), format.invoice(sold), format.release(held), hold(left)];
    const recorded: (() => Promise<Reply>)[] = [];
    const own = await proof.sign(channelId);
    for (const call of calls) {
      let shown: Readonly<Record<string, string>> = {};
      const reply = await send(call, (asked) => (shown = own(asked)));
      expect(reply.status).toBeLessThan(300);
      recorded.push(async () => send(call, () => shown));
    }
    const before = await readState();
    for (const again of recorded.toReversed()) {
      const { status } = await again();
      if (proof.tellsRepeats) expect(status).toBe(409);
    }
    expect(await readState()).toEqual(before);
  });
});
