// A write that was done but whose reply got lost is sent again by the SDK: it must not fail on itself.
import { afterEach, describe, expect, it } from 'vitest';
import { anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers } = world;
const { key } = await world.newOrganization();
const { eventId } = (await organizers('POST /v1/events', { key, body: anEvent() })).body;
const PRICE = { amountMinor: 2500, currency: 'EUR' };

function loseReplyOf(commandName: string): { readonly lost: number } {
  const seen = { lost: 0 };
  world.bare.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName !== commandName || seen.lost > 0) return result;
      seen.lost += 1;
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    },
    { step: 'finalizeRequest', name: 'loseReply', priority: 'low' },
  );
  return seen;
}
afterEach(() => {
  world.bare.middlewareStack.remove('loseReply');
});

describe('a lost reply does not show in the answer of', () => {
  it.each([
    [201, 'POST /v1/events', anEvent()],
    [200, `PATCH /v1/events/${eventId}`, { name: 'Other' }],
    [201, `POST /v1/events/${eventId}/ticket-types`, { name: 'VIP', price: PRICE }],
    [200, 'PATCH /v1/organization', { name: 'Other' }],
    [201, 'POST /v1/keys', { scope: 'organizer' }],
  ] as const)('%i %s', async (status, request, body) => {
    const seen = loseReplyOf('TransactWriteItemsCommand');
    expect(await organizers(request, { key, body })).toMatchObject({ status });
    expect(seen.lost).toBe(1);
  });

  it('a request with an Idempotency-Key', async () => {
    const seen = loseReplyOf('PutItemCommand');
    const call = { key, body: { name: 'Third' }, headers: { 'idempotency-key': 'once' } };
    expect((await organizers('PATCH /v1/organization', call)).status).toBe(200);
    expect(seen.lost).toBe(1);
  });

  it('an operator making an organization', async () => {
    const seen = loseReplyOf('TransactWriteItemsCommand');
    expect((await world.newOrganization()).key).toMatch(/^sg\./);
    expect(seen.lost).toBe(1);
  });
});
