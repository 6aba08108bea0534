// Pages of a provider beside changes of the balance: none that asks for an old amount stays open, and none that asks for the
// right one is closed.
import { afterAll, describe, expect, it } from 'vitest';
import { startCheckout } from '../../../lib/app/payments/checkout.ts';
import { toPayToken } from '../../../lib/domain/pay-token.ts';
import { createPaymentsContainer } from '../../../lib/runtime/container/payments.ts';
import { createRefundWorld } from '../../support/refund-world.ts';

const refunds = await createRefundWorld();
const { world, stripe, work, setup } = refunds;
afterAll(async () => stripe.close());
const deps = createPaymentsContainer(refunds.env, world.bare);

async function unpaid() {
  const { orderId, event } = await setup({});
  const { organizationId } = world;
  const secret = await deps.contacts.loadSecret(organizationId);
  const token = toPayToken({ organizationId, orderId }, secret);
  const path = `/rest/host/event/${event.eventUrl}/order/${orderId}/settle` as const;
  const before = stripe.calls.length;
  return {
    pay: async (by = deps) => {
      const { nowMs } = world.clock;
      const started = await startCheckout(by, { token, pageUrl: 'back', nowMs });
      if (!started.ok) throw new Error(started.refusal.code);
      return started.value;
    },
    /** Another part of the balance is paid elsewhere. */
    change: async () => {
      const settled = await world.post(path, { action: 'MARK_AS_PAID', amount: 1 });
      expect(settled.status).toBe(200);
    },
    outdated: async () =>
      (await world.messagesOf(orderId)).filter(({ type }) => type === 'checkout.expire'),
    /** Ids of the pages that were closed. */
    closed: () =>
      stripe.calls
        .slice(before)
        .flatMap((call) => /sessions\/(.+)\/expire$/.exec(call.path)?.[1] ?? []),
  };
}
const idOf = (url: string) => url.split('/').at(-1);

describe('a change of the balance', () => {
  it('closes the page that was open, by a message that comes twice', async () => {
    const { pay, change, outdated, closed } = await unpaid();
    const url = await pay();
    await change();
    const messages = await outdated();
    expect(await work([...messages, ...messages])).toBe(0);
    expect(closed()).toEqual([idOf(url)]);
  });

  it('leaves the page open that was made after it, also when its message comes late', async () => {
    const { pay, change, outdated, closed } = await unpaid();
    await change();
    await pay();
    expect(await work(await outdated())).toBe(0);
    expect(closed()).toEqual([]);
  });

  it('while a page is made closes that page and leads back', async () => {
    const { pay, change, outdated, closed } = await unpaid();
    let made = '';
    const stripeMeanwhile: typeof deps.stripe = {
      ...deps.stripe,
      createCheckout: async (...asked) => {
        const page = await deps.stripe.createCheckout(...asked);
        made = page.sessionId;
        await change();
        // The message is quicker than the note of the page.
        await work(await outdated());
        return page;
      },
    };
    expect(await pay({ ...deps, stripe: stripeMeanwhile })).toBe('back');
    expect(closed()).toEqual([made]);
    expect(await pay()).not.toBe('back');
  });

  it('while a page is made leaves the one open that somebody else made after it', async () => {
    const { pay, change, closed } = await unpaid();
    let right = '';
    const stripeMeanwhile: typeof deps.stripe = {
      ...deps.stripe,
      createCheckout: async (...asked) => {
        const page = await deps.stripe.createCheckout(...asked);
        await change();
        right = await pay();
        return page;
      },
    };
    expect(await pay({ ...deps, stripe: stripeMeanwhile })).toBe('back');
    expect(closed()).toHaveLength(1);
    expect(closed()).not.toContain(idOf(right));
  });
});
