// TicketNetwork Mercury where a call says what can’t be, or comes before the one that it follows.
import { describe, expect, it } from 'vitest';
import {
  createHookWorld,
  newUuid as newId,
  signStandard,
  WEBHOOK_SECRET,
} from '../../support/hook-world.ts';

const world = await createHookWorld();
const { listRow, left } = world;

describe('TicketNetwork Mercury', async () => {
  const auth = { mode: 'standardWebhooks', secrets: [WEBHOOK_SECRET] };
  const channelId = await world.open('ticketnetwork-mercury', { auth });
  const post = async (path: `/${string}`, body: object) =>
    world.call(channelId, { method: 'POST', path: `/mercury/v5${path}`, body }, signStandard());
  const unlock = async (lockId: string) =>
    world.call(channelId, { method: 'DELETE', path: `/mercury/v5/lock/${lockId}` }, signStandard());
  const lock = async (ticketGroupId: string, more: object = {}) =>
    post('/lock', {
      lockRequestId: newId(),
      ticketGroupId,
      quantity: 2,
      wholesalePrice: 40,
      overridePrice: false,
      ...more,
    });
  const buy = async (lockRequestId: string, recipient?: object) =>
    post('/orders', { lockRequestId, buyRequestId: newId(), recipient });

  it.each(['', 'n/a'])('makes no contact of the address "%s"', async (email) => {
    const { body } = await lock(await listRow(2));
    const bought = await buy(body.lockRequestId, { name: 'Ada', email });
    expect(bought.status).toBe(201);
    expect((await world.read(bought.body.invoiceId)).buyer).toEqual({ lastName: 'Ada' });
  });

  it('locks nothing after its release, at whichever price', async () => {
    const [listingId, lockRequestId] = [await listRow(2), newId()];
    for (let times = 0; times < 2; times += 1) {
      expect((await unlock(lockRequestId)).status).toBe(204);
    }
    const late = await lock(listingId, { lockRequestId, wholesalePrice: 30, overridePrice: true });
    expect(late.status).toBe(400);
    expect(await left(listingId)).toBe(2);
  });
});
