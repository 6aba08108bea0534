// Gametime and TickPick speak the canonical protocol at their channel's address, each with a proof of its own.
import { describe, expect, it } from 'vitest';
import {
  createHookWorld,
  newUuid,
  type Outgoing,
  type Sign,
  signStandard,
  WEBHOOK_SECRET,
} from '../../support/hook-world.ts';

const world = await createHookWorld();
const STATIC = 'Bearer what Gametime was given';
const signStatic: Sign = () => ({ authorization: STATIC });

describe.each([
  ['gametime', { mode: 'authorization', value: STATIC }, signStatic],
  ['tickpick', { mode: 'standardWebhooks', secrets: [WEBHOOK_SECRET] }, signStandard()],
] as const)('%s', async (marketplace, auth, sign) => {
  const channelId = await world.open(marketplace, { auth, holdMinutes: 5 });
  const send = async (outgoing: Outgoing, by: Sign = sign) => world.call(channelId, outgoing, by);
  const place = async (listingId: string, holdRequestId: string, by: Sign = sign) =>
    send({ method: 'POST', path: '/holds', body: { holdRequestId, listingId, quantity: 2 } }, by);

  it('asks, holds, extends and invoices', async () => {
    const [listingId, id] = [await world.listRow(4), newUuid()];
    const asked = await send({ method: 'GET', path: `/listings/${listingId}` });
    expect(asked.body).toMatchObject({ available: true, availableQuantity: 4 });
    const held = await place(listingId, id);
    expect(held).toMatchObject({ status: 201, body: { status: 'HELD', marketplace } });
    const expiresAt = new Date(world.clock.nowMs + 60 * 60_000).toISOString();
    const extended = await send({ method: 'PATCH', path: `/holds/${id}`, body: { expiresAt } });
    expect(Date.parse(extended.body.expiresAt)).toBe(world.clock.nowMs + 5 * 60_000);
    const body = { marketplaceOrderId: `order-${id}` };
    const sold = await send({ method: 'POST', path: `/holds/${id}/invoice`, body });
    expect(sold).toMatchObject({ status: 201, body: { status: 'CONFIRMED' } });
    expect(await world.left(listingId)).toBe(2);
  });

  it('holds and releases', async () => {
    const [listingId, id] = [await world.listRow(2), newUuid()];
    await place(listingId, id);
    expect(await world.left(listingId)).toBe(0);
    expect((await send({ method: 'DELETE', path: `/holds/${id}` })).status).toBe(204);
    expect(await world.left(listingId)).toBe(2);
  });

  it('is refused with a wrong proof, without effect', async () => {
    const listingId = await world.listRow(2);
    const wrong: Sign = (call) => ({
      ...signStandard(`whsec_${'X'.repeat(32)}`)(call),
      authorization: 'Bearer something else',
    });
    expect((await place(listingId, newUuid(), wrong)).status).toBe(401);
    expect(await world.left(listingId)).toBe(2);
  });
});
