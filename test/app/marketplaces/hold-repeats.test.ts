// The same hold asked for again, whatever has become of it and whatever time it was wanted for.
import { describe, expect, it } from 'vitest';
import { placeLooseHold } from '../../../lib/app/marketplaces/loose-holds.ts';
import { createLooseHoldStore } from '../../../lib/table/loose-hold-store.ts';
import { createHoldWorld, HOLD_MINUTES, UNIT_PRICE } from '../../support/hold-world.ts';

const world = await createHoldWorld();
const { calls, clock, organizationId } = world;
const event = await world.newEvent();
const refused = (code: string) => ({ ok: false, refusal: { code } });

describe('a hold that is asked for again after the time that it wanted', () => {
  it('is the same, over', async () => {
    const { listingId } = await world.listSeats(event, 2);
    const asked = { holdRequestId: 'a-1', listingId, expiresAtMs: clock.nowMs + 1000 };
    await calls.place(asked);
    clock.nowMs += 1000;
    expect(await calls.place(asked)).toMatchObject({ ok: true, value: { status: 'EXPIRED' } });
    expect(await calls.place({ ...asked, quantity: 2 })).toMatchObject(refused('id_reused'));
    expect(await calls.extend('a-1', asked.expiresAtMs)).toMatchObject(refused('hold_expired'));
    const never = { ...asked, holdRequestId: 'a-2' };
    expect(await calls.place(never)).toMatchObject(refused('validation_failed'));
    expect(await calls.read('a-2')).toMatchObject(refused('not_found'));
  });

  it('is the same, extended since, released or sold', async () => {
    const { listingId } = await world.listSeats(event, 3);
    const expiresAtMs = clock.nowMs + 1000;
    const ask = async (holdRequestId: string) =>
      calls.place({ holdRequestId, listingId, expiresAtMs });
    for (const id of ['b-1', 'b-2', 'b-3']) await ask(id);
    await calls.extend('b-1', expiresAtMs + 60_000);
    await calls.release('b-2');
    await calls.invoice('b-3', 'order-b');
    await calls.release('b-4');
    clock.nowMs = expiresAtMs;
    expect(await ask('b-1')).toMatchObject({ value: { status: 'HELD' } });
    expect(await ask('b-2')).toMatchObject({ value: { status: 'RELEASED' } });
    expect(await ask('b-3')).toMatchObject({ value: { status: 'INVOICED' } });
    expect(await ask('b-4')).toMatchObject(refused('hold_released'));
    expect(await calls.extend('b-1', expiresAtMs)).toMatchObject(refused('validation_failed'));
    expect(await calls.extend('b-2', expiresAtMs)).toMatchObject(refused('hold_released'));
    expect(await calls.extend('b-3', expiresAtMs)).toMatchObject(refused('already_invoiced'));
  });

  it('is the same where it binds nobody', async () => {
    const { listingId } = await world.listSeats(event, 1, { channels: ['stubhub'] });
    const access = { client: world.client, tableName: world.tableName };
    const deps = { ...calls.deps, looseHolds: createLooseHoldStore(access) };
    const expiresAtMs = clock.nowMs + 1000;
    const ask = async (holdRequestId: string) =>
      placeLooseHold(deps, {
        organizationId,
        marketplace: 'stubhub',
        holdRequestId,
        listingId,
        quantity: 1,
        expiresAtMs,
        holdMinutes: HOLD_MINUTES,
        nowMs: clock.nowMs,
      });
    await ask('c-1');
    await calls.release('c-2', 'stubhub');
    clock.nowMs = expiresAtMs;
    expect(await ask('c-1')).toMatchObject({ ok: true, value: { status: 'EXPIRED' } });
    expect(await ask('c-2')).toMatchObject(refused('hold_released'));
    expect(await ask('c-3')).toMatchObject(refused('validation_failed'));
  });
});

it('a hold whose price is in another currency is another hold', async () => {
  const { listingId } = await world.listSeats(event, 1);
  const asked = { holdRequestId: 'd-1', listingId, unitPrice: UNIT_PRICE };
  const first = await calls.place(asked);
  expect(await calls.place(asked)).toEqual(first);
  const other = { ...asked, unitPrice: { ...UNIT_PRICE, currency: 'USD' } };
  expect(await calls.place(other)).toMatchObject(refused('id_reused'));
});
