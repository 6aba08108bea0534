// A refund that its provider refused for good, tried again by the organizer: the money goes back once, whatever comes twice,
// late, or at once.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import type { OutboxMessage } from '../../lib/app/outbox-ports.ts';
import { ok } from '../../lib/domain/result.ts';
import { ORDER_ROUTES } from '../../lib/http/routes/orders/routes.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { type Api, createApi, type Reply } from '../support/api.ts';
import { toDeaths } from '../support/campaign.ts';
import { createFailingClient } from '../support/failing-client.ts';
import { createRefundWorld } from '../support/refund-world.ts';
import { INVALID_REQUEST } from '../support/stripe-stand-in.ts';
import { SILENT } from '../support/world.ts';

const refunds = await createRefundWorld();
const { world, stripe, work, refundsAt } = refunds;
afterAll(async () => stripe.close());

/** The newer of two payments refused to give its money back. */
async function failed() {
  const made = await refunds.refunded();
  const { orderId } = made.made;
  const { transactions } = await world.read(orderId);
  const { transactionId } = transactions[2];
  const leg = made.legs.filter(
    (one) => 'transactionId' in one && one.transactionId === transactionId,
  );
  stripe.answerNext(INVALID_REQUEST);
  await work(leg);
  const path = `/v1/orders/${orderId}/refunds/${transactionId}/retry` as const;
  const retry = async (headers: Record<string, string> = {}) =>
    world.post(path, undefined, headers);
  const messages = async (): Promise<readonly OutboxMessage[]> =>
    (await refunds.legs(orderId)).filter((one) => 'attempt' in one);
  const status = async () => (await world.read(orderId)).transactions[2].status;
  return { ...made, orderId, transactionId, path, leg, retry, messages, status };
}
const toOrders = (bare: DynamoDBClient): Api =>
  createApi(ORDER_ROUTES, {
    ...createOrdersContainer(refunds.env, bare),
    clock: () => world.clock.nowMs,
    limiter: () => ok(undefined),
    logger: SILENT,
  });
const codeOf = ({ status, body }: Reply) => [status, body.code];

describe('a retry of a refund that FAILED', () => {
  it('answers the order with it PENDING, and the provider is asked with another idempotency key', async () => {
    const { retry, messages, second, status } = await failed();
    expect(await status()).toBe('FAILED');
    const reply = await retry();
    expect(reply.status).toBe(200);
    expect(reply.body.transactions[2]).toMatchObject({ status: 'PENDING' });
    const again = await messages();
    expect(again).toHaveLength(1);
    expect(await work([...again, ...again])).toBe(0);
    expect(await status()).toBe('DONE');
    const keys = refundsAt(second).map(({ idempotencyKey }) => idempotencyKey);
    expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
  });

  it('can fail and be tried again', async () => {
    const { retry, messages, second, status } = await failed();
    await retry();
    stripe.answerNext(INVALID_REQUEST);
    await work(await messages());
    expect(await status()).toBe('FAILED');
    expect((await retry()).status).toBe(200);
    expect(await messages()).toHaveLength(2);
    expect(await work(await messages())).toBe(0);
    expect(await status()).toBe('DONE');
    expect(new Set(refundsAt(second).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });

  it('is not undone by a message of the attempt before that comes late', async () => {
    const { retry, messages, leg, second, status } = await failed();
    await retry();
    await work(leg);
    expect([await status(), refundsAt(second).length]).toEqual(['PENDING', 1]);
    await work(await messages());
    await work(leg);
    expect([await status(), refundsAt(second).length]).toEqual(['DONE', 2]);
  });

  it('is not undone by an answer to the attempt before that comes late', async () => {
    const { retry, messages, status } = await failed();
    await retry();
    stripe.answerNext(INVALID_REQUEST);
    const late = {
      ...refunds.gateway,
      refund: async (...asked: Parameters<typeof refunds.gateway.refund>) => {
        const outcome = await refunds.gateway.refund(...asked);
        // Meanwhile another worker heard the same, and the host tried again.
        await work(await messages());
        expect(await status()).toBe('FAILED');
        await retry();
        return outcome;
      },
    };
    await work(await messages(), { stripe: late });
    expect(await status()).toBe('PENDING');
  });

  it('of two at once one succeeds', async () => {
    const { retry, messages } = await failed();
    const replies = await Promise.all([retry(), retry()]);
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await messages()).toHaveLength(1);
  });

  it('with the same Idempotency-Key is one attempt', async () => {
    const { retry, messages } = await failed();
    const headers = { 'idempotency-key': 'again' };
    const first = await retry(headers);
    expect((await retry(headers)).body).toEqual(first.body);
    expect(await messages()).toHaveLength(1);
  });

  it.each(['notSent', 'answerLost'] as const)(
    'killed at a call to the table (%s) is one attempt after its repeat',
    async (mode) => {
      let calls = Infinity;
      const killed = async (at: number): Promise<void> => {
        const { retry, messages, path } = await failed();
        const headers = { 'idempotency-key': `${mode} ${at}` };
        const dying = createFailingClient(at, mode);
        await toOrders(dying.client)(`POST ${path}`, { key: world.key, headers, body: {} });
        await dying.settle();
        dying.client.destroy();
        calls = dying.countCalls();
        // A request that died with its Idempotency-Key in flight may be taken over after a minute.
        world.clock.nowMs += 61_000;
        const again = await retry(headers);
        expect([again.status, again.body.transactions[2].status]).toEqual([200, 'PENDING']);
        expect(await messages()).toHaveLength(1);
      };
      await killed(0);
      expect(calls).toBeGreaterThan(5);
      for (const at of toDeaths(calls, 3)) await killed(at);
    },
  );
});

describe('refuses', () => {
  it('409 not_retryable what is on its way, done, or no refund', async () => {
    const { retry, messages, orderId } = await failed();
    await retry();
    expect(codeOf(await retry())).toEqual([409, 'not_retryable']);
    await work(await messages());
    expect(codeOf(await retry())).toEqual([409, 'not_retryable']);
    const [{ transactionId }] = (await world.read(orderId)).transactions;
    const payment = await world.post(`/v1/orders/${orderId}/refunds/${transactionId}/retry`);
    expect(codeOf(payment)).toEqual([409, 'not_retryable']);
  });

  it('412 precondition_failed for another version', async () => {
    const { retry } = await failed();
    expect(codeOf(await retry({ 'if-match': '"99"' }))).toEqual([412, 'precondition_failed']);
  });

  it("404 alike an unknown order, an unknown transaction, and another organization's", async () => {
    const { orderId, transactionId } = await failed();
    const { key } = await world.newOrganization();
    const ask = async (path: string, ofKey: string) => {
      const reply = await world.organizers(`POST /v1/orders/${path}/retry`, { key: ofKey });
      return [reply.status, { ...reply.body, instance: '' }];
    };
    const foreign = await ask(`${orderId}/refunds/${transactionId}`, key);
    expect(foreign).toMatchObject([404, { code: 'not_found' }]);
    expect(await ask(`99/refunds/${transactionId}`, world.key)).toEqual(foreign);
    expect(await ask(`${orderId}/refunds/txn_unknown`, world.key)).toEqual(foreign);
  });
});
