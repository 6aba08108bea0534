// An exchange that refunds two payments, and the worker of its refunds, killed at their calls to the table and to the
// provider: after the repeat there is one exchange, and each payment gave its money back once.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import type { StripeGateway } from '../../lib/app/payment-ports.ts';
import { ok } from '../../lib/domain/result.ts';
import { EXCHANGE_ROUTES } from '../../lib/http/routes/exchanges/exchanges.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';
import { type Api, createApi } from '../support/api.ts';
import { toDeaths } from '../support/campaign.ts';
import { eur, SUCCESS } from '../support/exchange-setup.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { createRefundWorld } from '../support/refund-world.ts';
import { SILENT } from '../support/world.ts';

const refunds = await createRefundWorld();
const { world, stripe, gateway, work } = refunds;
afterAll(async () => stripe.close());

interface Death {
  /** The call, from 1, at which it dies; 0 if it lives. */
  readonly at: number;
  readonly mode: DeathMode;
}
const LIVES: Death = { at: 0, mode: 'notSent' };

interface Deaths {
  readonly exchange?: Death;
  readonly worker?: Death;
  readonly provider?: Death;
}

const toDying = (bare: DynamoDBClient): Api =>
  createApi(EXCHANGE_ROUTES, {
    ...createExchangesContainer(refunds.env, bare),
    clock: () => world.clock.nowMs,
    limiter: () => ok(undefined),
    logger: SILENT,
  });

/** Stripe, whose call number `at` never leaves, or whose answer to it never comes. */
function toFailingGateway({ at, mode }: Death): StripeGateway {
  let calls = 0;
  return {
    ...gateway,
    async refund(keys, refund) {
      calls += 1;
      const isHit = calls === at;
      if (isHit && mode === 'notSent') throw new Error('killed before the call');
      const outcome = await gateway.refund(keys, refund);
      if (isHit) throw new Error('killed after the call');
      return outcome;
    },
  };
}

/** Exchanges and refunds with these deaths, then repeats both as a host and a queue do; answers the calls it took. */
async function live({ exchange = LIVES, worker = LIVES, provider = LIVES }: Deaths) {
  const paid = await refunds.paidTwice();
  const { orderId } = paid.made;
  const wish = { ...paid.made, to: paid.down };
  const dying = createFailingClient(exchange.at, exchange.mode);
  await world.exchange(wish, toDying(dying.client));
  await dying.settle();
  dying.client.destroy();
  expect(dying.countCalls()).toBeGreaterThanOrEqual(exchange.at);
  expect((await world.exchange(wish)).body).toEqual(SUCCESS);
  const legs = await refunds.legs(orderId);
  const failing = createFailingClient(worker.at, worker.mode);
  const left = await work(legs, { bare: failing.client, stripe: toFailingGateway(provider) });
  // Each leg asks the provider once: a death there is always one that the queue sees.
  if (provider.at > 0 && worker.at === 0) expect(left).toBe(1);
  await failing.settle();
  failing.client.destroy();
  // Also what was done comes again, and in another order.
  expect(await work([...legs, ...legs.toReversed()])).toBe(0);
  await expectOnce(paid);
  return { exchange: dying.countCalls(), worker: failing.countCalls() };
}

interface Transaction {
  readonly kind: string;
  readonly amount: { readonly amountMinor: number };
  readonly cardFee: { readonly amountMinor: number };
  readonly status: string;
}
type Paid = Awaited<ReturnType<typeof refunds.paidTwice>>;

/** 23.48 came in, 10.97 and 5.46 went back: 6.68 for the ticket and 0.37 for the card stay. */
async function expectOnce({ made, first, second }: Paid): Promise<void> {
  expect([givenBack(second), givenBack(first)]).toEqual([1097, 546]);
  const order = await world.read(made.orderId);
  const entries = order.transactions.map(({ kind, amount, cardFee, status }: Transaction) => [
    kind,
    amount.amountMinor,
    cardFee.amountMinor,
    status,
  ]);
  expect(entries).toEqual([
    ['PAYMENT', 1251, 66, 'DONE'],
    ['PAYMENT', 1097, 62, 'DONE'],
    ['REFUND', 1097, 62, 'DONE'],
    ['REFUND', 546, 29, 'DONE'],
  ]);
  const sums = { total: eur(668), paid: eur(668), balance: eur(0), cardFees: eur(37) };
  expect(order).toMatchObject({ status: 'PAID', ...sums });
  expect([await refunds.exchangesOf(made), await refunds.soldOf(made)]).toEqual([2, [1, 0, 0, 1]]);
  const told = (await world.messagesOf(made.orderId)).map(({ type }) => type);
  const count = (type: string): number => told.filter((one) => one === type).length;
  // Of the sale, two payments and two exchanges.
  expect([count('mail.order'), count('mail.refund'), count('refund.run')]).toEqual([5, 1, 2]);
}

/** Stripe gives money back once for each idempotency key. */
function givenBack(payment: string): number {
  const byKey = new Map(refunds.refundsAt(payment).map((call) => [call.idempotencyKey, call]));
  return [...byKey.values()].reduce((total, { form }) => total + Number(form['amount']), 0);
}

const alive = await live({});

describe.each(['notSent', 'answerLost'] as const)('killed (%s), money goes back once', (mode) => {
  it('at a call of the exchange to the table', async () => {
    expect(alive.exchange).toBeGreaterThan(5);
    for (const at of toDeaths(alive.exchange, 3)) await live({ exchange: { at, mode } });
  });

  it('at a call of the worker to the table', async () => {
    expect(alive.worker).toBeGreaterThan(5);
    for (const at of toDeaths(alive.worker, 3)) await live({ worker: { at, mode } });
  });

  it.each([1, 2])('at call %i of the worker to the provider', async (at) => {
    // Its leg is not marked.
    expect((await live({ provider: { at, mode } })).worker).toBe(alive.worker - 1);
  });
});
