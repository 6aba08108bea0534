// The refund legs of exchanges at Stripe: each is paid once, whatever fails or comes twice, and what the provider refuses
// stands on the order.
import { afterAll, describe, expect, it } from 'vitest';
import { eur } from '../support/exchange-setup.ts';
import { createRefundWorld } from '../support/refund-world.ts';
import { INVALID_REQUEST, OUT_OF_ORDER } from '../support/stripe-stand-in.ts';

const { world, setup, stripe, work, refunded, refundsAt, legsOf } = await createRefundWorld();
afterAll(async () => stripe.close());

describe('the refund legs of an exchange', () => {
  it('go to each payment, the newest first, with its card fee, and are DONE then', async () => {
    const { made, first, second, legs } = await refunded();
    expect(legs).toHaveLength(2);
    expect(await legsOf(made.orderId)).toEqual([
      [eur(1097), 'PENDING'],
      [eur(546), 'PENDING'],
    ]);
    expect(await work(legs)).toBe(0);
    expect(refundsAt(second).map(({ form }) => form['amount'])).toEqual(['1097']);
    expect(refundsAt(first).map(({ form }) => form['amount'])).toEqual(['546']);
    expect(await legsOf(made.orderId)).toEqual([
      [eur(1097), 'DONE'],
      [eur(546), 'DONE'],
    ]);
    expect(await world.read(made.orderId)).toMatchObject({ status: 'PAID', balance: eur(0) });
  });

  it('are paid once when their messages come again', async () => {
    const { first, second, legs } = await refunded();
    for (let time = 0; time < 3; time += 1) expect(await work(legs)).toBe(0);
    expect([refundsAt(first).length, refundsAt(second).length]).toEqual([1, 1]);
  });

  it('come again while the provider is out of order, with the same idempotency key', async () => {
    const { made, second, legs } = await refunded();
    // The client itself tries three times.
    stripe.answerNext(OUT_OF_ORDER, OUT_OF_ORDER, OUT_OF_ORDER);
    const ofSecond = legs.filter((one) => one.type === 'refund.run').slice(0, 1);
    expect(await work(ofSecond)).toBe(1);
    expect(await work(legs)).toBe(0);
    expect(await legsOf(made.orderId)).toEqual([
      [eur(1097), 'DONE'],
      [eur(546), 'DONE'],
    ]);
    expect(new Set(refundsAt(second).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it('stand as FAILED on the order when the provider refuses for good; the exchange stays', async () => {
    const { made, legs } = await refunded();
    stripe.answerNext(INVALID_REQUEST, INVALID_REQUEST);
    expect(await work(legs)).toBe(0);
    expect((await legsOf(made.orderId)).map(([, status]) => status)).toContain('FAILED');
    expect(await world.read(made.orderId)).toMatchObject({ status: 'PAID', total: eur(668) });
  });
});

it('a change of the balance closes open pages of the provider', async () => {
  const made = await setup({});
  await world.exchange(made);
  const messages = await world.messagesOf(made.orderId);
  const outdated = messages.filter(({ type }) => type === 'checkout.expire');
  expect(outdated).toHaveLength(1);
  expect(await work(outdated)).toBe(0);
});

it('refuses what is not its own', async () => {
  const ids = { organizationId: world.organizationId, importId: 'imp_1' };
  expect(await work([{ type: 'import.run', ...ids }])).toBe(1);
});
