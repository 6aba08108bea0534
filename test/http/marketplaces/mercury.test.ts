// TicketNetwork Mercury in its own format, from the question to the sale.
import { describe, expect, it } from 'vitest';
import {
  createHookWorld,
  newUuid as newId,
  type Outgoing,
  type Sign,
} from '../../support/hook-world.ts';

const world = await createHookWorld();
const { listRow, left, clock } = world;

describe('TicketNetwork Mercury', async () => {
  const credentials = { clientId: 'mercury', clientSecret: 'a secret of Mercury' };
  const auth = { mode: 'mercury', ...credentials, brokerId: 4711 };
  const channelId = await world.open('ticketnetwork-mercury', { auth });
  const getToken = async (
    secret = credentials.clientSecret,
    form = 'grant_type=client_credentials',
  ) =>
    world.hooks(`POST /hooks/${channelId}/mercury/oauth2/token`, {
      text: form,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`mercury:${secret}`).toString('base64')}`,
      },
    });
  const { body: token } = await getToken();
  const byToken = (accessToken: string, broker = 4711): Sign => {
    const identity = { 'x-identity-context': `broker-id=${broker}` };
    return () => ({ authorization: `Bearer ${accessToken}`, ...identity });
  };
  const send = async (outgoing: Outgoing, by = byToken(token.access_token)) =>
    world.call(channelId, { ...outgoing, path: `/mercury/v5${outgoing.path}` }, by);
  const lock = async (ticketGroupId: string, more: Record<string, unknown> = {}) => {
    const body = {
      lockRequestId: newId(),
      ticketGroupId,
      quantity: 2,
      wholesalePrice: 40,
      overridePrice: false,
      ...more,
    };
    return { body, reply: await send({ method: 'POST', path: '/lock', body }) };
  };
  const read = async (lockId: string) => send({ method: 'GET', path: `/lock/${lockId}` });
  const unlock = async (lockId: string) => send({ method: 'DELETE', path: `/lock/${lockId}` });
  const buy = async (lockRequestId: string, more: object = {}) =>
    send({
      method: 'POST',
      path: '/orders',
      body: { lockRequestId, buyRequestId: newId(), delivery: {}, ...more },
    });

  it('gets a token for its credentials', async () => {
    expect(token).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3_600,
    });
    const inForm = await world.hooks(`POST /hooks/${channelId}/mercury/oauth2/token`, {
      text: 'grant_type=client_credentials&client_id=mercury&client_secret=a+secret+of+Mercury',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(inForm.status).toBe(200);
    expect((await getToken('another')).status).toBe(401);
    expect((await getToken(undefined, 'grant_type=password')).status).toBe(401);
    const unknown = `/hooks/chn_${'0'.repeat(26)}/mercury/oauth2/token` as const;
    expect(
      (await world.hooks(`POST ${unknown}`, { text: 'grant_type=client_credentials' })).status,
    ).toBe(401);
  });

  it('asks, locks for a time in seconds, reads and buys', async () => {
    const listingId = await listRow(4);
    const group = await send({ method: 'GET', path: `/ticketgroups/${listingId}` });
    expect(group.body).toEqual({
      ticketGroupId: expect.any(Number),
      availableQuantity: 4,
      purchasableQuantities: [1, 2, 3, 4],
      unitPrice: { wholesalePrice: { value: 40, currencyCode: 'EUR' } },
    });
    const { body, reply } = await lock(listingId);
    expect(reply).toMatchObject({
      status: 201,
      body: {
        lockRequestId: body.lockRequestId,
        quantity: 2,
        lockPrice: { value: 40, currencyCode: 'EUR' },
        lockDuration: 600,
      },
    });
    expect((await read(body.lockRequestId)).body).toMatchObject({
      lockRequestId: body.lockRequestId,
      lockDuration: null,
    });
    const recipient = { name: 'Ada Lovelace', email: 'ada.mercury@example.com', phone: '1' };
    const bought = await buy(body.lockRequestId, { recipient });
    expect(bought).toMatchObject({
      status: 201,
      body: {
        ticketGroup: { section: 'A', row: '1', lowSeat: '1', highSeat: '2' },
        quantity: 2,
      },
    });
    expect(bought.body.invoiceId).toBe(bought.body.mercuryTransactionId);
    expect(await world.read(bought.body.invoiceId)).toMatchObject({ status: 'PAID' });
    expect((await read(body.lockRequestId)).status).toBe(404);
    expect(await left(listingId)).toBe(2);
  });

  it('knows a listing by the number that its organizer was shown', async () => {
    const listingId = await listRow(2);
    const { body } = await world.listing(listingId);
    const { ticketGroupId } = body;
    expect(Number.isSafeInteger(ticketGroupId)).toBe(true);
    const group = await send({ method: 'GET', path: `/ticketgroups/${ticketGroupId}` });
    expect(group.body).toMatchObject({ ticketGroupId, availableQuantity: 2 });
    expect((await lock(ticketGroupId)).reply.status).toBe(201);
    expect(await left(listingId)).toBe(0);
    expect((await lock('4711')).reply.status).toBe(404);
    const { key } = await world.newOrganization();
    const foreign = await world.open('ticketnetwork-mercury', { auth }, key);
    const path = `/mercury/v5/ticketgroups/${ticketGroupId}` as const;
    const { body: own } = await world.hooks(`POST /hooks/${foreign}/mercury/oauth2/token`, {
      text: 'grant_type=client_credentials&client_id=mercury&client_secret=a+secret+of+Mercury',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const asked = await world.call(foreign, { method: 'GET', path }, byToken(own.access_token));
    expect(asked.status).toBe(404);
  });

  it('reads an order by its transaction, and by the request whose answer got lost', async () => {
    const listingId = await listRow(3);
    const { body } = await lock(listingId);
    const buyRequestId = newId();
    const bought = await buy(body.lockRequestId, { buyRequestId });
    const readOrder = async (id: string) => send({ method: 'GET', path: `/orders/${id}` });
    clock.nowMs += 3_600;
    for (const id of [String(bought.body.mercuryTransactionId), buyRequestId]) {
      expect(await readOrder(id)).toMatchObject({ status: 200, body: bought.body });
    }
    // Neither an order that somebody else paid for, nor none.
    const other = await world.sell(await world.newEvent(), { payment: { paymentType: 'CASH' } });
    for (const id of [String(other.body.orderId), '4711', newId()]) {
      expect((await readOrder(id)).status).toBe(404);
    }
  });

  it('unlocks with 204, again, and before its lock', async () => {
    const listingId = await listRow(2);
    const { body } = await lock(listingId);
    expect(await left(listingId)).toBe(0);
    for (let times = 0; times < 2; times += 1) {
      expect((await unlock(body.lockRequestId)).status).toBe(204);
    }
    expect(await left(listingId)).toBe(2);
    const early = newId();
    await unlock(early);
    expect((await lock(listingId, { lockRequestId: early })).reply.status).toBe(400);
    expect(await left(listingId)).toBe(2);
  });

  it('409 for a lockRequestId or buyRequestId that was here before, with whatever', async () => {
    const listingId = await listRow(4);
    const { body, reply } = await lock(listingId);
    expect(reply.status).toBe(201);
    const again = await lock(listingId, { lockRequestId: body.lockRequestId });
    expect(again.reply).toMatchObject({ status: 409, body: { message: 'id reused' } });
    const other = await lock(listingId, { lockRequestId: body.lockRequestId, quantity: 1 });
    expect(other.reply.status).toBe(409);
    expect(await left(listingId)).toBe(2);
    const buyRequestId = newId();
    expect((await buy(body.lockRequestId, { buyRequestId })).status).toBe(201);
    expect((await buy(body.lockRequestId, { buyRequestId })).status).toBe(409);
    expect((await buy(body.lockRequestId)).status).toBe(409);
  });

  it('of many at once with one lockRequestId one is locked', async () => {
    const listingId = await listRow(8);
    const lockRequestId = newId();
    const all = await Promise.all(
      Array.from({ length: 6 }, async () => lock(listingId, { lockRequestId })),
    );
    const statuses = all.map(({ reply }) => reply.status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await left(listingId)).toBe(6);
  });

  describe('a price', () => {
    it('that rose is refused by its field, and locks nothing', async () => {
      const listingId = await listRow(2);
      const { reply } = await lock(listingId, { wholesalePrice: 39.99 });
      expect(reply).toMatchObject({
        status: 400,
        body: { validationErrors: { wholesalePrice: { reasons: ['price changed'] } } },
      });
      expect(await left(listingId)).toBe(2);
    });

    it('that rose is locked under another id when it may be overridden', async () => {
      const listingId = await listRow(2);
      const { body, reply } = await lock(listingId, { wholesalePrice: 30, overridePrice: true });
      expect(reply).toMatchObject({ status: 201, body: { lockPrice: { value: 40 } } });
      const { lockRequestId } = reply.body;
      expect(lockRequestId).not.toBe(body.lockRequestId);
      expect(lockRequestId).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      // Its answer may have got lost: the first id leads there as well.
      expect((await read(body.lockRequestId)).body.lockRequestId).toBe(lockRequestId);
      expect((await unlock(body.lockRequestId)).status).toBe(204);
      expect(await left(listingId)).toBe(2);
    });

    it('that fell is locked as it is', async () => {
      const { body, reply } = await lock(await listRow(2), { wholesalePrice: 50.5 });
      expect(reply).toMatchObject({
        status: 201,
        body: { lockRequestId: body.lockRequestId, lockPrice: { value: 40 } },
      });
    });
  });

  it('tells in its own words what it refuses', async () => {
    const listingId = await listRow(2);
    const few = await lock(listingId, { quantity: 3 });
    expect(few.reply).toMatchObject({
      status: 400,
      body: {
        message: 'not available',
        validationErrors: { quantity: { reasons: [expect.any(String)] } },
      },
    });
    const faulty = await lock(listingId, { lockRequestId: undefined, overridePrice: 'no' });
    expect(faulty.reply.status).toBe(400);
    expect(Object.keys(faulty.reply.body.validationErrors)).toEqual([
      'lockRequestId',
      'overridePrice',
    ]);
    expect((await lock('lst_unknown')).reply.status).toBe(404);
    expect((await read(newId())).status).toBe(404);
    expect((await buy(newId())).status).toBe(400);
  });

  it.each([
    ['another broker', byToken(token.access_token, 4712)],
    ['a token that nobody gave', byToken(`9${token.access_token}`)],
    ['no token', () => ({})],
  ])('refuses %s without effect', async (_name, by) => {
    const listingId = await listRow(2);
    const body = {
      lockRequestId: newId(),
      ticketGroupId: listingId,
      quantity: 2,
      wholesalePrice: 40,
      overridePrice: false,
    };
    const refused = await send({ method: 'POST', path: '/lock', body }, by);
    expect(refused).toMatchObject({ status: 401, body: { message: 'unauthorized' } });
    expect(await left(listingId)).toBe(2);
  });

  it('refuses a token after an hour', async () => {
    const listingId = await listRow(2);
    clock.nowMs += 3_600_000;
    expect((await send({ method: 'GET', path: `/ticketgroups/${listingId}` })).status).toBe(401);
  });
});
