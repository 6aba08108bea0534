import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { SESClient } from '@aws-sdk/client-ses';
import { anEvent } from '../support/builders.ts';
import { createFailingClient, type DeathMode } from '../support/failing-client.ts';
import { createMailWorld, createSes } from '../support/mail-world.ts';

/** Tickets are not what these tests are about. */
const world = await createMailWorld({ printTickets: async () => Buffer.from('%PDF') });
const { key } = world;
const post = async (path: `/${string}`, body: unknown) => {
  world.clock.nowMs += 1;
  const reply = await world.organizers(`POST ${path}`, { key, body });
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
  return reply.body;
};
const { eventId } = await post('/v1/events', anEvent());
const type = await post(`/v1/events/${eventId}/ticket-types`, {
  name: 'Free',
  price: { amountMinor: 0, currency: 'EUR' },
});
const sell = async (name: string) =>
  post(`/v1/events/${eventId}/orders`, {
    buyer: { email: `${name}@faults.example` },
    items: [{ ticketTypeId: type.ticketTypeId, quantity: 1 }],
  });
const countIn = async (name: string) => (await world.inbox(`${name}@faults.example`)).length;

/** Claims run out, and what the stream lost is due for the sweep. */
const letTimePass = (): void => {
  world.clock.nowMs += 10 * 60_000;
};

/** A local SES whose call number `at` fails before the mail was taken, or after it with its answer lost. */
function createFailingSes(at: number, mode: DeathMode): SESClient {
  const client = createSes();
  let calls = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (calls === at && mode === 'notSent') throw new Error('killed before the call');
      const answer = await next(args);
      if (calls === at) throw new Error('killed after the call');
      return answer;
    },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

describe.each(['notSent', 'answerLost'] as const)('killed at a call to the table (%s)', (mode) => {
  it('between the commit and the dispatch, each mail is sent once', async () => {
    for (let at = 1; at <= 2; at += 1) {
      const name = `dispatch-${mode}-${at}`;
      await sell(name);
      const records = await world.streamed();
      const { client } = createFailingClient(at, mode);
      await world.dispatch(records, client).catch(() => undefined);
      // The function is started again with the same records.
      await world.dispatch(records);
      await world.settle();
      expect([name, await countIn(name)]).toEqual([name, 1]);
      client.destroy();
    }
  });

  it('between the dispatch and the mark, each mail is sent, and twice only where SES had taken it', async () => {
    let seen = 0;
    for (let at = 1; ; at += 1) {
      const name = `send-${mode}-${at}`;
      await sell(name);
      await world.dispatch(await world.streamed());
      const messages = await world.takeAll('email');
      const { client, countCalls } = createFailingClient(at, mode);
      const failed = await world.mailWorker('email', { bare: client })(...messages);
      client.destroy();
      if (countCalls() < at) break;
      const taken = await countIn(name);
      letTimePass();
      // Also where the death went unnoticed, a message comes again.
      expect(await world.mailWorker('email')(...messages, ...messages)).toBe(0);
      const mails = await countIn(name);
      const isMarkLost = failed > 0 && taken === 1 && mode === 'notSent';
      expect([name, mails]).toEqual([name, isMarkLost ? 2 : 1]);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(5);
    // One call was the mark that was never written.
    expect(world.counted('mail_sent_again')).toBeGreaterThanOrEqual(mode === 'notSent' ? 1 : 0);
  });
});

describe('killed at the call to SES', () => {
  it.each([
    ['notSent', 1],
    ['answerLost', 2],
  ] as const)(
    '%s: after the claim has run out %i mails are there, and it is counted',
    async (mode, mails) => {
      const name = `ses-${mode}`;
      await sell(name);
      await world.dispatch(await world.streamed());
      const messages = await world.takeAll('email');
      const before = world.counted('mail_sent_again');
      const dying = world.mailWorker('email', { ses: createFailingSes(1, mode) });
      expect(await dying(...messages)).toBe(1);
      // Before that nobody knows whether the first call still lives.
      expect(await world.mailWorker('email')(...messages)).toBe(1);
      letTimePass();
      expect(await world.mailWorker('email')(...messages)).toBe(0);
      expect(await world.mailWorker('email')(...messages)).toBe(0);
      expect(await countIn(name)).toBe(mails);
      expect(world.counted('mail_sent_again') - before).toBe(1);
    },
  );
});

/** A local SES that takes nothing to one address, and says why. */
function createRefusingSes(to: string, name: string): SESClient {
  const client = createSes();
  client.middlewareStack.add(
    (next) => async (args) => {
      if (!JSON.stringify(args.input).includes(`"${to}"`)) return next(args);
      throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });
    },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

describe('an address that SES does not take', () => {
  it.each([
    ['for good', 'InvalidParameterValue', 0],
    ['for now', 'MessageRejected', 1],
  ])('%s keeps no other mail of the same message back', async (_, fault, failed) => {
    const [buyer, holder] = [`buyer-${fault}`, `holder-${fault}`];
    const sold = await post(`/v1/events/${eventId}/orders`, {
      buyer: { email: `${buyer}@faults.example` },
      items: [
        {
          ticketTypeId: type.ticketTypeId,
          quantity: 1,
          holders: [{ firstName: 'Hol', email: `${holder}@faults.example` }],
        },
      ],
    });
    await world.settle();
    const message = {
      type: 'mail.order',
      outboxId: `out_${fault}`,
      organizationId: world.organizationId,
      orderId: sold.orderId,
      cause: 'exchange',
      alsoHolderOf: sold.tickets[0].eventTicketId,
    };
    const before = await countIn(buyer);
    const ses = createRefusingSes(`${buyer}@faults.example`, fault);
    expect(await world.mailWorker('email', { ses })(message)).toBe(failed);
    expect([await countIn(buyer), await countIn(holder)]).toEqual([before, 1]);
    letTimePass();
    // A refused address is final; what was refused for now is sent, and nobody gets a second one.
    expect(await world.mailWorker('email')(message)).toBe(0);
    expect([await countIn(buyer), await countIn(holder)]).toEqual([before + failed, 1]);
  });
});

it('two workers with the same message send one mail', async () => {
  await sell('two');
  await world.dispatch(await world.streamed());
  const messages = await world.takeAll('email');
  await Promise.all(Array.from({ length: 4 }, async () => world.mailWorker('email')(...messages)));
  letTimePass();
  expect(await world.mailWorker('email')(...messages)).toBe(0);
  expect(await countIn('two')).toBe(1);
});

it('records and messages that come twice and in any order give one mail each', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `shuffled${index}`);
  for (const name of names) await sell(name);
  const records = await world.streamed();
  const doubled: DynamoDBRecord[] = [...records.toReversed(), ...records];
  for (const record of doubled) await world.dispatch([record]);
  const messages = await world.takeAll('email');
  expect(messages.length).toBe(2 * names.length);
  const worker = world.mailWorker('email');
  const turned = [...messages.slice(7), ...messages.slice(0, 7)].toReversed();
  expect(await worker(...turned)).toBe(0);
  expect(await Promise.all(names.map(countIn))).toEqual(names.map(() => 1));
});

it('a dispatcher that never ran is made good by the sweep', async () => {
  await sell('swept');
  await world.streamed();
  await world.sweep();
  expect(await world.takeAll('email')).toEqual([]);
  letTimePass();
  await world.sweep();
  await world.settle();
  expect(await countIn('swept')).toBe(1);
  expect(world.counted('outbox_sent_late')).toBeGreaterThanOrEqual(1);
});

describe.each(['notSent', 'answerLost'] as const)('a message to contacts, killed (%s)', (mode) => {
  it('at any call while it is spread, reaches everybody once and counts them right', async () => {
    let seen = 0;
    for (let at = 1; ; at += 3) {
      const event = await world.newEvent();
      const names = [0, 1, 2].map((index) => `spread-${mode}-${at}-${index}`);
      const rows = names.map((name) => `${name},${name}@faults.example`);
      await world.imported(event.eventId, ['barcode,email', ...rows, ''].join('\n'));
      await post(`/v1/events/${event.eventId}/messages`, { subject: 'Hello', text: 'There.' });
      await world.dispatch(await world.streamed());
      const [start] = await world.takeAll('messages');
      const { client, countCalls } = createFailingClient(at, mode);
      await world.mailWorker('messages', { bare: client })(start);
      client.destroy();
      const isOver = countCalls() < at;
      await world.mailWorker('messages')(start);
      await world.settle();
      const { body } = await world.organizers(`GET /v1/events/${event.eventId}/messages`, { key });
      expect({ at, ...body.items[0] }).toMatchObject({
        at,
        status: 'SENT',
        recipients: 3,
        sent: 3,
      });
      expect(await Promise.all(names.map(countIn))).toEqual([1, 1, 1]);
      seen += 1;
      if (isOver) break;
    }
    expect(seen).toBeGreaterThan(2);
  });
});
