// Ticket Evolution in its own format, from the hold to the sale; the names are ours.
import { describe, expect, it } from 'vitest';
import {
  createHookWorld,
  newUuid as newId,
  type Outgoing,
  type Sign,
  signStandard,
  signTicketEvolution,
  WEBHOOK_SECRET,
} from '../../support/hook-world.ts';

const world = await createHookWorld();
const { listRow, left, clock } = world;

describe('Ticket Evolution', async () => {
  const secret = 'a secret of Ticket Evolution';
  const auth = { mode: 'ticketEvolution', token: 'ticket-evolution-token', secret };
  const channelId = await world.open('ticket-evolution', { auth, holdMinutes: 15 });
  const sign = signTicketEvolution(secret);
  const send = async (outgoing: Outgoing, by: Sign = sign) => world.call(channelId, outgoing, by);
  const BASE = '/order-integration/holds';
  const hold = async (listingId: string, globalId: string, quantity = 2) =>
    send({
      method: 'POST',
      path: BASE,
      body: { remote_id: listingId, quantity, global_id: globalId },
    });
  const release = async (globalId: string) =>
    send({ method: 'DELETE', path: `${BASE}/${globalId}` });
  const invoice = async (globalId: string, body: object = {}) =>
    send({ method: 'POST', path: `${BASE}/${globalId}/invoice`, body });

  it('holds by Remote ID and quantity, and invoices by the Global ID', async () => {
    const [listingId, globalId] = [await listRow(4), newId()];
    const held = await hold(listingId, globalId);
    expect(held).toMatchObject({
      status: 201,
      body: {
        global_id: globalId,
        remote_id: listingId,
        state: 'held',
        quantity: 2,
        seats: [
          { section: 'A', row: '1', seat: '1' },
          { section: 'A', row: '1', seat: '2' },
        ],
        price: 40,
        currency: 'EUR',
        hold_until: new Date(clock.nowMs + 15 * 60_000).toISOString(),
      },
    });
    expect(await left(listingId)).toBe(2);
    const buyer = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada.native@example.com' };
    const sold = await invoice(globalId, { order_id: 4711, buyer });
    expect(sold).toMatchObject({ status: 201, body: { global_id: globalId, state: 'invoiced' } });
    expect(sold.body.tickets).toHaveLength(2);
    const order = await world.read(sold.body.invoice_id);
    expect(order).toMatchObject({ status: 'PAID', buyer: { lastName: 'Lovelace' } });
    expect(order.transactions).toMatchObject([{ kind: 'PAYMENT' }]);
    expect((await invoice(globalId, { order_id: '4711', buyer })).body).toEqual(sold.body);
    expect(await left(listingId)).toBe(2);
  });

  it.each([
    ['nothing', ''],
    ['words', 'n/a'],
    ['too much', `${'a'.repeat(250)}@example.com`],
  ])('makes no contact of an address that is %s', async (_what, email) => {
    const globalId = newId();
    await hold(await listRow(2), globalId);
    const sold = await invoice(globalId, { buyer: { first_name: 'Ada', email } });
    expect(sold.status).toBe(201);
    expect((await world.read(sold.body.invoice_id)).buyer).toEqual({ firstName: 'Ada' });
  });

  it('releases by the Global ID, again, and before its hold', async () => {
    const [listingId, globalId, early] = [await listRow(2), newId(), newId()];
    await hold(listingId, globalId);
    expect(await left(listingId)).toBe(0);
    for (let times = 0; times < 2; times += 1) {
      expect(await release(globalId)).toMatchObject({
        status: 200,
        body: { global_id: globalId, state: 'released' },
      });
    }
    expect(await left(listingId)).toBe(2);
    await release(early);
    const late = await hold(listingId, early);
    expect(late).toMatchObject({ status: 409, body: { error: 'hold_released' } });
    expect(await left(listingId)).toBe(2);
  });

  it('answers a repeated hold with the same one, and a Global ID for something else with 422', async () => {
    const [listingId, globalId] = [await listRow(4), newId()];
    const first = await hold(listingId, globalId);
    expect((await hold(listingId, globalId)).body).toEqual(first.body);
    const other = await hold(listingId, globalId, 1);
    expect(other).toMatchObject({ status: 422, body: { error: 'id_reused' } });
    expect(await left(listingId)).toBe(2);
  });

  it('tells in its own words what it refuses', async () => {
    const listingId = await listRow(2);
    const [few, unknown, faulty] = [
      await hold(listingId, newId(), 3),
      await hold('lst_unknown', newId()),
      await send({ method: 'POST', path: BASE, body: { quantity: 0 } }),
    ];
    expect(few).toMatchObject({
      status: 409,
      body: { error: 'not_available', message: 'not available' },
    });
    expect(unknown).toMatchObject({ status: 404, body: { error: 'not_found' } });
    expect(faulty).toMatchObject({ status: 422, body: { error: 'validation_failed' } });
    expect(faulty.body.message).toContain('/remote_id');
    const expired = newId();
    await hold(listingId, expired);
    clock.nowMs += 16 * 60_000;
    const late = await invoice(expired);
    expect(late).toMatchObject({ status: 409, body: { error: 'hold_expired' } });
  });

  it.each([
    ['a wrong signature', signTicketEvolution('another secret of theirs')],
    ['no signature', () => ({})],
    ["another marketplace's way", signStandard()],
  ])('refuses %s without effect', async (_name, by) => {
    const listingId = await listRow(2);
    const body = { remote_id: listingId, quantity: 2, global_id: newId() };
    const refused = await send({ method: 'POST', path: BASE, body }, by);
    expect(refused).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
    expect(await left(listingId)).toBe(2);
  });

  it('is a path of its own channel only', async () => {
    const settings = { auth: { mode: 'standardWebhooks', secrets: [WEBHOOK_SECRET] } };
    const tickpick = await world.open('tickpick', settings);
    const body = { remote_id: await listRow(2), quantity: 2, global_id: newId() };
    const outgoing = { method: 'POST', path: BASE, body } as const;
    expect((await world.call(tickpick, outgoing, signStandard())).status).toBe(404);
  });

  it('takes no new hold while its channel is off, and lets go of what it has', async () => {
    const [listingId, held, bought] = [await listRow(4), newId(), newId()];
    await hold(listingId, held);
    await hold(listingId, bought);
    await world.open('ticket-evolution', { enabled: false });
    expect((await hold(listingId, newId(), 1)).status).toBe(404);
    expect((await release(held)).status).toBe(200);
    expect((await invoice(bought)).status).toBe(201);
    await world.open('ticket-evolution', { holdMinutes: 15 });
  });
});
